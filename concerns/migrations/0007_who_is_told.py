"""Who may be told of something that is no concern of theirs, and who may be written down as having opened a file.

A notice without a concern goes to people of one's own councils alone: whoever held a post where the writer held one, or
works for an outside body of such a council. An opening is written for a file that the person may open; a room that hands
files to people who don't see the concern puts its own answer into ``may_open_file``.
"""

from django.db import migrations

from councils.walls import MINE, definer

FUNCTIONS = """
CREATE FUNCTION my_councils() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT ARRAY(
    SELECT a.council_id FROM councils_appointment a WHERE a.person_id = portal_me()
    UNION SELECT b.council_id FROM councils_externalofficer o JOIN councils_externalbody b ON b.id = o.external_body_id
     WHERE o.person_id = portal_me())
$$;
CREATE FUNCTION may_be_told(told uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE here uuid[] := my_councils();
BEGIN
  RETURN EXISTS (SELECT 1 FROM councils_appointment a WHERE a.person_id = told AND a.council_id = ANY (here))
    OR EXISTS (SELECT 1 FROM councils_externalofficer o JOIN councils_externalbody b ON b.id = o.external_body_id
                WHERE o.person_id = told AND b.council_id = ANY (here));
END $$;
CREATE FUNCTION may_open_file(opened uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM concerns_document d WHERE d.id = opened AND d.concern_id = ANY (my_readable()))
$$;
GRANT SELECT ON councils_appointment, councils_externalofficer, councils_externalbody TO portal_definer;
"""


def note_opening(guard: str) -> str:
    """SQL that writes an opening down, for whoever passes ``guard``."""
    return f"""
CREATE OR REPLACE FUNCTION note_opening(opened uuid, of_copy uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE me uuid := portal_me();
DECLARE of_concern uuid := (SELECT d.concern_id FROM concerns_document d WHERE d.id = opened);
BEGIN
  IF me IS NULL OR of_concern IS NULL OR NOT {guard} THEN
    RAISE EXCEPTION 'nobody opened nothing' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF of_copy IS NULL THEN
    INSERT INTO concerns_documentopening AS o (id, concern_id, document_id, copy_id, person_id, first_at, last_at, times)
    VALUES (gen_random_uuid(), of_concern, opened, NULL, me, at, at, 1)
    ON CONFLICT (document_id, person_id) WHERE copy_id IS NULL DO UPDATE SET last_at = at, times = o.times + 1;
  ELSE
    INSERT INTO concerns_documentopening AS o (id, concern_id, document_id, copy_id, person_id, first_at, last_at, times)
    SELECT gen_random_uuid(), of_concern, opened, c.id, me, at, at, 1
      FROM concerns_disclosedcopy c WHERE c.id = of_copy AND c.document_id = opened
    ON CONFLICT (copy_id, person_id) WHERE copy_id IS NOT NULL DO UPDATE SET last_at = at, times = o.times + 1;
  END IF;
END $$;
"""


OWNERS = definer("my_councils()") + definer("may_be_told(uuid)") + definer("may_open_file(uuid)")
NOTICES = f"ALTER POLICY add ON concerns_notice WITH CHECK (concern_id {MINE} OR (concern_id IS NULL AND may_be_told(person_id)));"
BACK = (
    f"ALTER POLICY add ON concerns_notice WITH CHECK (concern_id IS NULL OR concern_id {MINE});"
    + note_opening("true")
    + "DROP FUNCTION may_open_file(uuid); DROP FUNCTION may_be_told(uuid); DROP FUNCTION my_councils();"
)


class Migration(migrations.Migration):
    dependencies = [("concerns", "0006_trail"), ("councils", "0003_external_officers")]
    operations = [migrations.RunSQL(FUNCTIONS + OWNERS + NOTICES + note_opening("may_open_file(opened)"), BACK)]
