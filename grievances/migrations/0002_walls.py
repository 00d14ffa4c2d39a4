"""The walls around a grievance: row security, the machine's guard, and the law in the database (E5, E6).

``my_grievance_panels()`` gives the grievances whose panel the person sits on: a draft decision and a report are theirs alone.
"""

from django.db import migrations

from councils.walls import ME, MINE, READABLE, definer, unwall, wall

STEPS = {
    "APPEAL_DECIDED": "CLOSED",
    "APPEAL_OPEN": "APPEAL_DECIDED CLOSED",
    "DECIDED": "APPEAL_OPEN CLOSED",
    "HEARING_SET": "CLOSED DECIDED PANEL_FORMING",
    "INVESTIGATING": "CLOSED HEARING_SET PANEL_FORMING",
    "PANEL_FORMING": "CLOSED HEARING_SET INVESTIGATING",
    "SUBMITTED": "CLOSED PANEL_FORMING",
}
PAIRS = ", ".join(f"('{source}', '{target}')" for source, targets in STEPS.items() for target in targets.split())
# What the law leaves about a councillor in England, and about a statutory officer: agreement, support, another process.
WITHOUT_FINDING = "'resolved', 'conciliated', 'grievance_informal_only_closed', 'support_only_closed', 'statutory_process'"

FUNCTIONS = f"""
CREATE FUNCTION my_grievance_panels() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE me uuid := portal_me();
BEGIN
  RETURN ARRAY(
    SELECT s.grievance_id FROM grievances_panelseat s
    WHERE s.person_id = me AND s.status = 'seated'
      AND s.concern_id NOT IN (SELECT x.concern_id FROM concerns_exclusion x WHERE x.person_id = me)
  );
END $$;
CREATE FUNCTION grievance_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'SUBMITTED' THEN
      RAISE EXCEPTION 'a grievance starts as submitted' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.concern_id <> OLD.concern_id OR NEW.proceeding_id <> OLD.proceeding_id OR NEW.remit <> OLD.remit THEN
    RAISE EXCEPTION 'what a grievance is about, and what its panel may do, never changes' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state <> OLD.state THEN
    IF coalesce(current_setting('portal.action', true), '') = '' THEN
      RAISE EXCEPTION 'a state changes only inside an action' USING ERRCODE = 'check_violation';
    END IF;
    IF (OLD.state, NEW.state) NOT IN ({PAIRS}) THEN
      RAISE EXCEPTION 'no step leads from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION grievance_guard_finding() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM grievances_grievance g WHERE g.id = NEW.grievance_id AND g.remit <> 'full') THEN
    RAISE EXCEPTION 'the law allows no finding here' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION grievance_guard_decision() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.outcome NOT IN ({WITHOUT_FINDING})
     AND EXISTS (SELECT 1 FROM grievances_grievance g WHERE g.id = NEW.grievance_id AND g.remit <> 'full') THEN
    RAISE EXCEPTION 'the law allows no finding here' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION grievance_keep_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE words text[] := ARRAY['reasons', 'recommendations'];
BEGIN
  IF OLD.released_at IS NULL OR (current_user = 'portal_system' AND to_jsonb(NEW) - words = to_jsonb(OLD) - words) THEN
    RETURN NEW;  -- system work writes the words anew when the keys change
  END IF;
  RAISE EXCEPTION 'a decision that went out is never changed' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION grievance_keep_finding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.released_at IS NOT NULL AND pg_trigger_depth() = 1 THEN
    RAISE EXCEPTION 'a decision that went out is never changed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION grievance_guard_seat() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.status = 'seated' AND EXISTS (
    SELECT 1 FROM concerns_concern c WHERE c.id = NEW.concern_id AND c.raiser_id = NEW.person_id
    UNION ALL SELECT 1 FROM concerns_concernsubject s WHERE s.concern_id = NEW.concern_id AND s.person_id = NEW.person_id
    UNION ALL SELECT 1 FROM concerns_exclusion x WHERE x.concern_id = NEW.concern_id AND x.person_id = NEW.person_id
  ) THEN
    RAISE EXCEPTION 'nobody sits in a case of their own' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.status = 'seated' AND NEW.panel = 'appeal' AND EXISTS (
    SELECT 1 FROM grievances_panelseat s WHERE s.grievance_id = NEW.grievance_id AND s.person_id = NEW.person_id
      AND s.panel = 'first' AND s.since IS NOT NULL
  ) AND NOT EXISTS (SELECT 1 FROM grievances_grievance g WHERE g.id = NEW.grievance_id AND g.overlap) THEN
    RAISE EXCEPTION 'an appeal is heard by others' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
"""

DEFINED = ("my_grievance_panels()", "grievance_guard_finding()", "grievance_guard_decision()", "grievance_guard_seat()")
GRANTS = "GRANT SELECT ON grievances_grievance, grievances_panelseat TO portal_definer;\n"
PANELS = "grievance_id IN (SELECT unnest((SELECT my_grievance_panels())))"
RELEASED = f"released_at IS NOT NULL AND concern_id {MINE} AND (concern_id {READABLE} OR told_id = {ME})"
FLAG = f"told_id = {ME}"

TABLES = {
    "grievances_grievance": (f"concern_id {MINE}", f"concern_id {MINE}", f"concern_id {MINE}"),
    "grievances_panelseat": (f"concern_id {MINE}", f"concern_id {MINE}", f"concern_id {MINE}"),
    "grievances_inquiry": (f"concern_id {MINE}", f"concern_id {MINE}", f"concern_id {MINE}"),
    "grievances_hearing": (f"concern_id {MINE}", f"concern_id {MINE}", f"concern_id {MINE}"),
    "grievances_allegation": (f"concern_id {READABLE}", f"concern_id {READABLE}", f"concern_id {READABLE}"),
    "grievances_report": (f"({PANELS} OR filed_by_id = {ME}) AND concern_id {READABLE}", f"filed_by_id = {ME} AND concern_id {READABLE}", "false"),
    "grievances_decision": (f"{PANELS} OR ({RELEASED})", PANELS, PANELS),
    "grievances_finding": (f"{PANELS} OR ({RELEASED})", PANELS, PANELS),
    "grievances_appealgrounds": (f"concern_id {READABLE}", f"concern_id {READABLE}", "false"),
    "grievances_support": (f"concern_id {READABLE}", f"concern_id {READABLE} AND by_id = {ME}", "false"),
    "grievances_tieflag": (FLAG, "false", FLAG),
}
REMOVED = {"grievances_finding": PANELS, "grievances_allegation": f"concern_id {READABLE}"}  # while a decision is drafted
WALLS = "".join(wall(table, *policies, REMOVED.get(table, "false")) for table, policies in TABLES.items())

TRIGGERS = """
CREATE TRIGGER grievance_guard BEFORE INSERT OR UPDATE ON grievances_grievance FOR EACH ROW EXECUTE FUNCTION grievance_guard();
CREATE TRIGGER grievance_guard_finding BEFORE INSERT OR UPDATE ON grievances_finding FOR EACH ROW EXECUTE FUNCTION grievance_guard_finding();
CREATE TRIGGER grievance_keep_finding BEFORE UPDATE OR DELETE ON grievances_finding FOR EACH ROW EXECUTE FUNCTION grievance_keep_finding();
CREATE TRIGGER grievance_guard_decision BEFORE INSERT OR UPDATE ON grievances_decision FOR EACH ROW EXECUTE FUNCTION grievance_guard_decision();
CREATE TRIGGER grievance_keep_decision BEFORE UPDATE ON grievances_decision FOR EACH ROW EXECUTE FUNCTION grievance_keep_decision();
CREATE TRIGGER grievance_guard_seat BEFORE INSERT OR UPDATE ON grievances_panelseat FOR EACH ROW EXECUTE FUNCTION grievance_guard_seat();
"""
DROPPED = "".join(
    f"DROP TRIGGER {name} ON {table};\n"
    for name, table in (
        ("grievance_guard", "grievances_grievance"), ("grievance_guard_finding", "grievances_finding"), ("grievance_keep_finding", "grievances_finding"),
        ("grievance_guard_decision", "grievances_decision"), ("grievance_keep_decision", "grievances_decision"),
        ("grievance_guard_seat", "grievances_panelseat"),
    )
) + "".join(unwall(table) for table in TABLES) + "".join(
    f"DROP FUNCTION {name};\n" for name in (*DEFINED, "grievance_guard()", "grievance_keep_finding()", "grievance_keep_decision()")
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("grievances", "0001_initial"), ("concerns", "0004_rooms")]
    operations = [
        migrations.RunSQL(FUNCTIONS + "".join(definer(name) for name in DEFINED) + GRANTS + WALLS + TRIGGERS, DROPPED),
    ]
