"""That a reply is due, and by when, for everybody on the concern; and a mark when the subject, who isn't on it, has answered."""

from django.db import migrations

from councils.walls import definer

DUE = """
CREATE FUNCTION disclosures_due(wanted uuid) RETURNS TABLE (id uuid, answer_by date, basis text, open boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT d.id, d.answer_by, d.basis::text, d.state IN ('DISCLOSED', 'OPENED') FROM disclosures_disclosure d
   WHERE d.concern_id = wanted AND d.state <> 'DRAFTED' AND d.answer_by IS NOT NULL
     AND (current_setting('role', true) = 'portal_system' OR wanted = ANY (my_concerns()))
$$;
CREATE FUNCTION mark_answered() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO clocks_unsettled (id, room, row_id, at) VALUES (gen_random_uuid(), 'concern', NEW.concern_id, now());
  RETURN NULL;
END $$;
ALTER FUNCTION mark_answered() OWNER TO portal_definer;
REVOKE ALL ON FUNCTION mark_answered() FROM PUBLIC;
CREATE TRIGGER mark_answered AFTER UPDATE ON disclosures_disclosure
  FOR EACH ROW WHEN (OLD.state <> 'ANSWERED' AND NEW.state = 'ANSWERED') EXECUTE FUNCTION mark_answered();
""" + definer("disclosures_due(uuid)")
UNDONE = "DROP TRIGGER mark_answered ON disclosures_disclosure; DROP FUNCTION mark_answered(); DROP FUNCTION disclosures_due(uuid);"


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0006_opened_by_the_subject"), ("clocks", "0003_unsettled")]
    operations = [migrations.RunSQL(DUE, UNDONE)]
