"""House rule 2 in the database: a state changes only inside an action, only along the machine, and nothing is
lodged under a protocol that isn't in force. The list of steps equals ``concerns.models.allowed_pairs()`` (tested).
"""

from django.db import migrations

STEPS = {
    "CODE_REFERRAL": "INFORMAL NO_ACTION OUTCOME_RECORDED",
    "COMPLAINT": "CODE_REFERRAL CONCILIATION DECIDING NEEDS_HANDLER NO_ACTION OUTCOME_RECORDED RESOLVED WITHDRAWN",
    "CONCILIATION": "CODE_REFERRAL DECIDING NEEDS_HANDLER RESOLVED WITHDRAWN",
    "COUNCIL_REPORT": "OUTCOME_RECORDED",
    "DECIDING": "CODE_REFERRAL CONCILIATION COUNCIL_REPORT DISCIPLINARY GRIEVANCE NEEDS_HANDLER NO_ACTION WITHDRAWN",
    "DIRECT": "CODE_REFERRAL DECIDING LODGED RESOLVED WITHDRAWN",
    "DISCIPLINARY": "OUTCOME_RECORDED",
    "DRAFT": "CODE_REFERRAL DECIDING DIRECT LODGED REDIRECTED WITHDRAWN",
    "GRIEVANCE": "CODE_REFERRAL DISCIPLINARY NEEDS_HANDLER NO_ACTION OUTCOME_RECORDED WITHDRAWN",
    "INFORMAL": "CODE_REFERRAL CONCILIATION COUNCIL_REPORT DECIDING INVESTIGATION LODGED NEEDS_HANDLER NO_ACTION RESOLVED WITHDRAWN",
    "INVESTIGATION": "CODE_REFERRAL DECIDING DISCIPLINARY NEEDS_HANDLER NO_ACTION OUTCOME_RECORDED RESOLVED",
    "LODGED": "CODE_REFERRAL COMPLAINT DECIDING DIRECT INFORMAL INVESTIGATION LODGED NEEDS_HANDLER REDIRECTED WITHDRAWN",
    "NEEDS_HANDLER": "COMPLAINT CONCILIATION DECIDING GRIEVANCE INFORMAL INVESTIGATION LODGED NO_ACTION WITHDRAWN",
    "NO_ACTION": "CODE_REFERRAL COMPLAINT CONCILIATION COUNCIL_REPORT DECIDING DIRECT DISCIPLINARY GRIEVANCE INFORMAL INVESTIGATION LODGED NEEDS_HANDLER",
    "OUTCOME_RECORDED": "CODE_REFERRAL COMPLAINT CONCILIATION COUNCIL_REPORT DECIDING DIRECT DISCIPLINARY GRIEVANCE INFORMAL INVESTIGATION LODGED NEEDS_HANDLER",
    "RESOLVED": "CODE_REFERRAL COMPLAINT CONCILIATION COUNCIL_REPORT DECIDING DIRECT DISCIPLINARY GRIEVANCE INFORMAL INVESTIGATION LODGED NEEDS_HANDLER",
    "WITHDRAWN": "CODE_REFERRAL COMPLAINT CONCILIATION COUNCIL_REPORT DECIDING DIRECT DISCIPLINARY GRIEVANCE INFORMAL INVESTIGATION LODGED NEEDS_HANDLER",
}


def pairs() -> str:
    """The steps as SQL row values."""
    return ", ".join(f"('{source}', '{target}')" for source, targets in STEPS.items() for target in targets.split())


GUARD = f"""
CREATE OR REPLACE FUNCTION guard_concern() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'DRAFT' THEN
      RAISE EXCEPTION 'a concern starts as a draft' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.raiser_id <> OLD.raiser_id OR NEW.council_id <> OLD.council_id OR NEW.reference <> OLD.reference THEN
    RAISE EXCEPTION 'who raised a concern, and where, never changes' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.lodged_at IS NOT NULL AND NEW.protocol_version_id IS DISTINCT FROM OLD.protocol_version_id THEN
    RAISE EXCEPTION 'the protocol version is pinned when a concern is lodged' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state <> OLD.state THEN
    IF coalesce(current_setting('portal.action', true), '') = '' THEN
      RAISE EXCEPTION 'a state changes only inside an action' USING ERRCODE = 'check_violation';
    END IF;
    IF (OLD.state, NEW.state) NOT IN ({pairs()}) THEN
      RAISE EXCEPTION 'no step leads from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  IF OLD.lodged_at IS NULL AND NEW.lodged_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM councils_protocolversion v
     WHERE v.id = NEW.protocol_version_id AND v.status = 'IN_FORCE' AND v.council_id = NEW.council_id
  ) THEN
    RAISE EXCEPTION 'nothing is lodged under a protocol that is not in force' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
GRANT SELECT ON councils_protocolversion TO portal_definer;
ALTER FUNCTION guard_concern() OWNER TO portal_definer;
REVOKE ALL ON FUNCTION guard_concern() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard_concern() TO portal_app, portal_system, portal_owner;
CREATE TRIGGER guard_concern BEFORE INSERT OR UPDATE ON concerns_concern FOR EACH ROW EXECUTE FUNCTION guard_concern();
"""


class Migration(migrations.Migration):
    dependencies = [("concerns", "0002_walls")]
    operations = [migrations.RunSQL(GUARD, migrations.RunSQL.noop)]
