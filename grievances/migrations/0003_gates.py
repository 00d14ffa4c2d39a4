"""Two gates that no code can leave open: what a panel may do is held to the law from the first row on, and nobody is heard about untold.

A grievance about a councillor in England never starts with a full remit, nor one about a principal authority's statutory
officer (E5, E6, P1, P2): the guards of findings and decisions rest on that row. And a hearing is first set only once the
concern says when the person it is about was told; one that is moved was set before.
"""

from django.db import migrations

from councils.walls import definer

# What makes somebody a councillor, and the officers with a process of their own, as the roles were named when this was written.
COUNCILLORS = (
    "councillor", "chair_of_council", "vice_chair_of_council", "committee_chair", "leader", "deputy_leader", "cabinet_member",
    "group_leader", "ward_councillor", "hr_panel_member",
)  # fmt: skip
STATUTORY = ("chief_executive", "head_of_paid_service", "monitoring_officer", "chief_finance_officer")
PRINCIPAL = ("principal_authority", "principal_authority_executive")


def words(codes: tuple[str, ...]) -> str:
    """The codes as an SQL list."""
    return ", ".join(f"'{code}'" for code in codes)


FUNCTIONS = f"""
CREATE FUNCTION grievance_guard_remit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.remit NOT IN ('full', 'support_only', 'statutory') THEN
    RAISE EXCEPTION 'no such remit' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.remit <> 'support_only' AND EXISTS (
    SELECT 1 FROM concerns_concern c JOIN councils_council k ON k.id = c.council_id
      JOIN concerns_concernsubject s ON s.concern_id = c.id
     WHERE c.id = NEW.concern_id AND k.jurisdiction = 'England' AND s.role IN ({words(COUNCILLORS)})
  ) THEN
    RAISE EXCEPTION 'a panel finds nothing about a councillor here: support only' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.remit = 'full' AND EXISTS (
    SELECT 1 FROM concerns_concern c JOIN councils_council k ON k.id = c.council_id
      JOIN concerns_concernsubject s ON s.concern_id = c.id
     WHERE c.id = NEW.concern_id AND k.kind IN ({words(PRINCIPAL)}) AND s.role IN ({words(STATUTORY)})
  ) THEN
    RAISE EXCEPTION 'the law gives this officer a process of their own' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION grievance_guard_hearing() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM grievances_hearing h WHERE h.id = NEW.replaces_id AND h.grievance_id = NEW.grievance_id) AND EXISTS (
    SELECT 1 FROM concerns_concern c JOIN concerns_concernsubject s ON s.concern_id = c.id
     WHERE c.id = NEW.concern_id AND c.subject_told_on IS NULL
  ) THEN
    RAISE EXCEPTION 'the person it is about is told before a hearing is set' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
"""
GUARDS = ("grievance_guard_remit()", "grievance_guard_hearing()")
TRIGGERS = """
GRANT SELECT ON councils_council, grievances_hearing TO portal_definer;
CREATE TRIGGER grievance_guard_remit BEFORE INSERT ON grievances_grievance FOR EACH ROW EXECUTE FUNCTION grievance_guard_remit();
CREATE TRIGGER grievance_guard_hearing BEFORE INSERT ON grievances_hearing FOR EACH ROW EXECUTE FUNCTION grievance_guard_hearing();
"""
DROPPED = (
    "DROP TRIGGER grievance_guard_remit ON grievances_grievance;\nDROP TRIGGER grievance_guard_hearing ON grievances_hearing;\n"
    + "".join(f"DROP FUNCTION {name};\n" for name in GUARDS)
)


class Migration(migrations.Migration):
    dependencies = [("grievances", "0002_walls"), ("concerns", "0004_rooms"), ("councils", "0001_initial")]
    operations = [migrations.RunSQL(FUNCTIONS + "".join(definer(name) for name in GUARDS) + TRIGGERS, DROPPED)]
