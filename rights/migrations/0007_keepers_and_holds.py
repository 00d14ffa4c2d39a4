"""Records keepers, schedules and holds have walls of their own: a keeper is named by an administrator other than themselves, a
schedule is set by an administrator, a hold is placed and lifted by whoever deals with the case or keeps its records. And a
form that needs no account is limited for the whole council far above what one address may send (rights/views/asking.py).
"""

from django.db import migrations

from councils.walls import ME, MINE, definer, unwall, wall

KEPT = "IN (SELECT unnest((SELECT rights_councils())))"
KNOWN = "IN (SELECT unnest((SELECT councils_i_know())))"
FUNCTIONS = """
CREATE FUNCTION rights_administered() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT ARRAY(SELECT a.council_id FROM councils_appointment a WHERE a.person_id = portal_me() AND a.role = 'protocol_admin'
     AND a.starts_on <= portal_today() AND (a.ends_on IS NULL OR a.ends_on >= portal_today()))
$$;
CREATE FUNCTION rights_has_keepers(here uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*) >= 2 FROM rights_keeper k WHERE k.council_id = here AND k.until IS NULL
$$;
CREATE FUNCTION rights_may_hold(wanted uuid, here uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN wanted IS NULL THEN here = ANY (rights_councils())
    ELSE EXISTS (SELECT FROM concerns_concern c WHERE c.id = wanted AND c.council_id = here)
     AND (wanted = ANY (rights_cases()) OR (wanted = ANY (my_concerns()) AND EXISTS (
       SELECT FROM concerns_participation p WHERE p.concern_id = wanted AND p.person_id = portal_me() AND p.until IS NULL
          AND p.capacity IN ('handler', 'decider', 'liaison', 'convener')))) END
$$;
CREATE FUNCTION rights_guard_keeper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.until IS NULL AND NEW.until IS NOT NULL
     AND to_jsonb(NEW) - '{until,ended_by_id}'::text[] = to_jsonb(OLD) - '{until,ended_by_id}'::text[] THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'that somebody kept the records stays written' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE OR REPLACE FUNCTION rights_guard_complaint() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  -- without an account anybody may complain; the form can't be used to fill the database
  IF NEW.complainant_id IS NULL AND (SELECT count(*) FROM rights_datacomplaint d
      WHERE d.council_id = NEW.council_id AND d.complainant_id IS NULL AND d.opened_at > NEW.opened_at - interval '1 hour') >= 300 THEN
    RAISE EXCEPTION 'too many complaints in an hour' USING ERRCODE = 'check_violation', CONSTRAINT = 'rights_complaint_too_many';
  END IF;
  RETURN NEW;
END $$;
"""
ADMIN = "council_id IN (SELECT unnest((SELECT rights_administered())))"
WALLS = (
    wall(
        "rights_keeper", f"council_id {KNOWN}", f"{ADMIN} AND named_by_id = {ME} AND person_id <> {ME} AND until IS NULL",
        f"{ADMIN} AND (ended_by_id IS NULL OR ended_by_id = {ME})", "false",
    )
    + wall("rights_retentionrule", "true", f"{ADMIN} AND set_by_id = {ME}", ADMIN, "false")
    + f"ALTER POLICY change ON rights_retentionrule WITH CHECK ({ADMIN} AND set_by_id = {ME});\n"
    + "CREATE TRIGGER guard_keeper BEFORE UPDATE OR DELETE ON rights_keeper FOR EACH ROW EXECUTE FUNCTION rights_guard_keeper();\n"
)  # fmt: skip
HOLD = f"""
ALTER POLICY add ON rights_legalhold WITH CHECK (placed_by_id = {ME} AND lifted_at IS NULL AND rights_may_hold(case_id, council_id));
ALTER POLICY change ON rights_legalhold USING (rights_may_hold(case_id, council_id)) WITH CHECK (rights_may_hold(case_id, council_id));
"""
HELD = f"case_id {MINE} OR case_id IN (SELECT unnest((SELECT rights_cases()))) OR (case_id IS NULL AND council_id {KEPT})"
HOLD_BACK = f"""
ALTER POLICY add ON rights_legalhold WITH CHECK (placed_by_id = {ME} AND ({HELD}));
ALTER POLICY change ON rights_legalhold USING ({HELD}) WITH CHECK ({HELD});
"""
UNWALLED = "DROP TRIGGER guard_keeper ON rights_keeper;\n" + unwall("rights_keeper") + unwall("rights_retentionrule") + (
    "DROP FUNCTION rights_guard_keeper(); DROP FUNCTION rights_may_hold(uuid, uuid); DROP FUNCTION rights_has_keepers(uuid); DROP FUNCTION rights_administered();"
)
# A line of a concern's trail is one's own, or the clock's: nobody writes down what somebody else did (as in information 0006).
LINES = f"ALTER POLICY add ON concerns_event WITH CHECK (concern_id {MINE} AND (by_id IS NULL OR by_id = {ME}));\n"
LINES_BACK = f"ALTER POLICY add ON concerns_event WITH CHECK (concern_id {MINE});\n"
OWNERS = "".join(definer(name) for name in ("rights_administered()", "rights_has_keepers(uuid)", "rights_may_hold(uuid, uuid)"))
OWNERS += "GRANT SELECT ON concerns_participation TO portal_definer;\n"


class Migration(migrations.Migration):
    dependencies = [("rights", "0006_lines_of_ones_own"), ("information", "0006_lines_of_ones_own"), ("concerns", "0013_glass_words")]
    operations = [migrations.RunSQL(FUNCTIONS + OWNERS + WALLS + HOLD + LINES, LINES_BACK + HOLD_BACK + UNWALLED)]
