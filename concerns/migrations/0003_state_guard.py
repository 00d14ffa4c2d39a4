"""House rule 2 in the database: a state changes only inside an action, only along the machine, and nothing is
lodged under a protocol that isn't in force. The list of steps equals ``concerns.models.allowed_pairs()`` (tested).
"""

from django.db import migrations

STEPS = {
__STEPS__
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
