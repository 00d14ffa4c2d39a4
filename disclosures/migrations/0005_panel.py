"""The panel of a grievance deals with what is disclosed before its hearing: its members are told of an answer as the others are."""

from django.db import migrations

TELLING = """
CREATE OR REPLACE FUNCTION write_for_subject(d disclosures_disclosure, what text, moment timestamptz, facts jsonb, kind text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO concerns_event (id, concern_id, type, at, by_id, by_name, capacity, hat, acting_for, from_state, to_state, rule_id,
                              protocol_label, cites, facts, reason)
  SELECT gen_random_uuid(), d.concern_id, what, moment, d.person_id, p.full_name, '', d.role, '', '', '', c.rule_id,
         v.label, '[]'::jsonb, jsonb_build_object('disclosure', d.id) || facts, NULL
    FROM councils_person p, concerns_concern c, councils_protocolversion v
   WHERE p.id = d.person_id AND c.id = d.concern_id AND v.id = d.protocol_version_id;
  IF kind <> '' THEN
    INSERT INTO concerns_notice (id, concern_id, person_id, kind, created_at, due_at, attempts, last_error)
    SELECT gen_random_uuid(), d.concern_id, a.person_id, kind, moment, moment, 0, ''
      FROM concerns_participation a
     WHERE a.concern_id = d.concern_id AND a.until IS NULL AND a.reads
       AND a.capacity IN (%s)
       AND NOT EXISTS (SELECT 1 FROM concerns_notice n WHERE n.concern_id = d.concern_id AND n.person_id = a.person_id
                          AND n.kind = write_for_subject.kind AND n.created_at = moment)
     GROUP BY a.person_id;
  END IF;
END $$;
"""


def told(capacities: str) -> str:
    """The function with these capacities among those who are told; its owner and its rights stay as they are."""
    return TELLING.replace("(%s)", f"({capacities})")


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0004_order")]
    operations = [
        migrations.RunSQL(
            told("'handler', 'decider', 'liaison', 'panel_member'"), told("'handler', 'decider', 'liaison'")
        ),
    ]
