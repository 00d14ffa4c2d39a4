"""A reply that a decision overtook isn't due any more: whoever is asked may still answer, and nobody is chased for it."""

from django.db import migrations

from councils.walls import definer


def due(moot: str) -> str:
    """SQL for what is due on a concern; ``moot`` leaves out what nobody waits for."""
    return f"""
CREATE OR REPLACE FUNCTION disclosures_due(wanted uuid) RETURNS TABLE (id uuid, answer_by date, basis text, open boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT d.id, d.answer_by, d.basis::text, d.state IN ('DISCLOSED', 'OPENED') FROM disclosures_disclosure d
   WHERE d.concern_id = wanted AND d.state <> 'DRAFTED' AND d.answer_by IS NOT NULL{moot}
     AND (current_setting('role', true) = 'portal_system' OR wanted = ANY (my_concerns()))
$$;
""" + definer("disclosures_due(uuid)")


MOOT = """
     AND NOT (d.state IN ('DISCLOSED', 'OPENED') AND EXISTS (
       SELECT 1 FROM concerns_event e WHERE e.concern_id = d.concern_id AND e.at > d.disclosed_at
         AND e.type IN ('grievance_decision_released', 'outcome_recorded')))"""
GRANT = "GRANT SELECT ON concerns_event TO portal_definer; "


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0007_dues"), ("concerns", "0011_void_to_others")]
    operations = [migrations.RunSQL(GRANT + due(MOOT), due(""))]
