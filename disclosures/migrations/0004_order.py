"""One order of locks for everybody: the concern first, then the disclosure.

The subject can't see the concern, so a function holds its row for them, as weakly as the notice that their answer leaves
would hold it anyway. Whoever else works on the concern then waits in front of both rows, and nobody for each other.
"""

from django.db import migrations

from councils.walls import definer

FUNCTION = """
CREATE FUNCTION hold_concern_of(wanted uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM concerns_concern c
    WHERE c.id = (SELECT d.concern_id FROM disclosures_disclosure d
                   WHERE d.id = wanted AND d.person_id = portal_me() AND d.state <> 'DRAFTED')
      FOR KEY SHARE;
END $$;
GRANT UPDATE (revision) ON concerns_concern TO portal_definer;
"""


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0003_openings")]
    operations = [
        migrations.RunSQL(FUNCTION + definer("hold_concern_of(uuid)"), "DROP FUNCTION hold_concern_of(uuid);"),
    ]
