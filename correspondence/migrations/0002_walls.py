"""Only the audience of a message reads it; a letter is read by whom it is to and by those dealing with the concern.

Exclusions win over every message. A letter to the person a concern is about is readable by its own row, and it alone.
What was sent never changes: triggers let through only a first opening, an unmarking, a copy shown earlier than it had
to be, and the rotation of the keys.
"""

from django.db import migrations

from councils.walls import ME, MINE, READABLE, definer, wall

MESSAGE, AUDIENCE, LETTER, REPORT = (
    "correspondence_message", "correspondence_audience", "correspondence_letter", "correspondence_councilreport",
)  # fmt: skip
MY_MESSAGES = "IN (SELECT unnest((SELECT my_messages())))"
MY_LETTERS = "IN (SELECT unnest((SELECT my_letters())))"

FUNCTIONS = f"""
CREATE FUNCTION my_messages() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  SET plan_cache_mode = force_generic_plan AS $$
DECLARE me uuid := portal_me(); mine uuid[] := my_concerns();
BEGIN
  RETURN ARRAY(
    SELECT a.message_id FROM {AUDIENCE} a
    WHERE a.person_id = me AND a.effective_at <= clock_timestamp()
      AND a.concern_id NOT IN (SELECT x.concern_id FROM concerns_exclusion x WHERE x.person_id = me)
      AND (a.concern_id = ANY (mine) OR (a.outside AND EXISTS (
        SELECT 1 FROM concerns_concern c JOIN councils_appointment p ON p.council_id = c.council_id
        WHERE c.id = a.concern_id AND p.person_id = me AND p.starts_on <= current_date
          AND (p.ends_on IS NULL OR p.ends_on >= current_date))))
  );
END $$;
CREATE FUNCTION my_letters() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  SET plan_cache_mode = force_generic_plan AS $$
DECLARE me uuid := portal_me(); mine uuid[] := my_concerns();
BEGIN
  RETURN ARRAY(
    SELECT l.id FROM {LETTER} l WHERE l.to_person_id = me AND l.state = 'SENT'
    UNION
    SELECT l.id FROM {LETTER} l WHERE l.concern_id = ANY (mine) AND (l.made_by_id = me OR l.sent_by_id = me OR EXISTS (
      SELECT 1 FROM concerns_participation p
      WHERE p.concern_id = l.concern_id AND p.person_id = me AND p.until IS NULL AND p.reads
        AND p.capacity IN ('handler', 'decider', 'liaison')))
  );
END $$;
CREATE FUNCTION stamp_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.recorded_at := now();
  RETURN NEW;
END $$;
CREATE FUNCTION message_is_addressed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM {MESSAGE} m WHERE m.id = NEW.id) THEN
    RETURN NULL;  -- purged in the same transaction
  END IF;
  IF NOT EXISTS (SELECT 1 FROM {AUDIENCE} a WHERE a.message_id = NEW.id AND a.role = 'sender' AND a.person_id = NEW.sender_id)
     OR NOT EXISTS (SELECT 1 FROM {AUDIENCE} a WHERE a.message_id = NEW.id AND a.role = 'to') THEN
    RAISE EXCEPTION 'a message is stored with everybody who can read it' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION guard_audience() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE about {MESSAGE}%ROWTYPE; late boolean;
BEGIN
  SELECT * INTO about FROM {MESSAGE} m WHERE m.id = NEW.message_id;
  IF about.id IS NULL OR about.concern_id <> NEW.concern_id THEN
    RAISE EXCEPTION 'an audience belongs to its message' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM concerns_exclusion x WHERE x.concern_id = NEW.concern_id AND x.person_id = NEW.person_id)
     OR EXISTS (SELECT 1 FROM concerns_concernsubject s WHERE s.concern_id = NEW.concern_id AND s.person_id = NEW.person_id) THEN
    RAISE EXCEPTION 'an excluded person cannot be written to about it' USING ERRCODE = 'insufficient_privilege';
  END IF;
  late := NEW.added_at <> about.sent_at OR about.recorded_at <> now();
  IF (NEW.role = 'sender') <> (NEW.person_id = about.sender_id) THEN
    RAISE EXCEPTION 'a message has one sender' USING ERRCODE = 'check_violation';
  END IF;
  IF late AND (NEW.role <> 'copied' OR NEW.reason IS NULL OR NEW.line IS NULL OR NOT NEW.disclosed_to_first) THEN
    RAISE EXCEPTION 'a later copy is disclosed, with its reason' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION keep_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF pg_trigger_depth() > 1 THEN
      RETURN OLD;  -- purge_correspondence()
    END IF;
  ELSIF (to_jsonb(NEW) - '{{unmarked_at,unmarked_by_id}}'::text[] = to_jsonb(OLD) - '{{unmarked_at,unmarked_by_id}}'::text[]
         AND OLD.unmarked_at IS NULL AND coalesce(current_setting('portal.action', true), '') <> '')
     OR (current_user = 'portal_system'
         AND to_jsonb(NEW) - '{{body,covers,why}}'::text[] = to_jsonb(OLD) - '{{body,covers,why}}'::text[]) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a message that was sent stays as it is' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION keep_audience() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF pg_trigger_depth() > 1 THEN
      RETURN OLD;
    END IF;
  ELSIF (to_jsonb(NEW) - '{{opened_at,effective_at}}'::text[] = to_jsonb(OLD) - '{{opened_at,effective_at}}'::text[]
         AND NEW.effective_at <= OLD.effective_at
         AND (OLD.opened_at IS NULL OR NEW.opened_at = OLD.opened_at))
     OR (current_user = 'portal_system'
         AND to_jsonb(NEW) - '{{reason,line}}'::text[] = to_jsonb(OLD) - '{{reason,line}}'::text[]) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'who reads a message is appended to, never changed' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION guard_letter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state = 'DRAFT' OR pg_trigger_depth() > 1 THEN
      RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a letter that was sent stays' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'DRAFT' THEN
      RAISE EXCEPTION 'a letter starts as a draft' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.concern_id <> OLD.concern_id OR NEW.made_by_id <> OLD.made_by_id THEN
    RAISE EXCEPTION 'whose letter it is never changes' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state <> OLD.state THEN
    IF coalesce(current_setting('portal.action', true), '') = '' OR (OLD.state, NEW.state) <> ('DRAFT', 'SENT') THEN
      RAISE EXCEPTION 'a letter is sent by its action, once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state = 'DRAFT'
     OR (to_jsonb(NEW) - 'opened_at' = to_jsonb(OLD) - 'opened_at' AND (OLD.opened_at IS NULL OR NEW.opened_at = OLD.opened_at))
     OR (current_user = 'portal_system' AND to_jsonb(NEW) - '{{to_name,to_address,body,pdf}}'::text[]
         = to_jsonb(OLD) - '{{to_name,to_address,body,pdf}}'::text[]) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a letter is kept as it was sent' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION guard_council_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF pg_trigger_depth() > 1 THEN
      RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a report to council stays' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'DRAFT' THEN
      RAISE EXCEPTION 'a report starts as a draft' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.concern_id <> OLD.concern_id OR NEW.proceeding_id <> OLD.proceeding_id THEN
    RAISE EXCEPTION 'what a report belongs to never changes' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state <> OLD.state AND (coalesce(current_setting('portal.action', true), '') = ''
     OR (OLD.state, NEW.state) NOT IN (('DRAFT', 'SEALED'), ('SEALED', 'DRAFT'), ('SEALED', 'PRESENTED'))) THEN
    RAISE EXCEPTION 'no step leads from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  IF current_user <> 'portal_system' AND OLD.state <> 'DRAFT' AND NEW.state <> 'DRAFT'
     AND (NEW.agenda_item, NEW.body, NEW.may_be_told, NEW.pdf, NEW.sha256)
         IS DISTINCT FROM (OLD.agenda_item, OLD.body, OLD.may_be_told, OLD.pdf, OLD.sha256) THEN
    RAISE EXCEPTION 'a sealed report keeps its words' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF current_user <> 'portal_system' AND OLD.state = 'PRESENTED' THEN
    RAISE EXCEPTION 'a presented report stays as it is' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION purge_correspondence() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM {AUDIENCE} t WHERE t.concern_id = NEW.id;
  DELETE FROM {MESSAGE} t WHERE t.concern_id = NEW.id;
  DELETE FROM {LETTER} t WHERE t.concern_id = NEW.id;
  DELETE FROM {REPORT} t WHERE t.concern_id = NEW.id;
  RETURN NULL;
END $$;
"""

GRANTS = f"""
GRANT SELECT, DELETE ON {MESSAGE}, {AUDIENCE}, {LETTER}, {REPORT} TO portal_definer;
GRANT SELECT ON councils_appointment TO portal_definer;
REVOKE DELETE, TRUNCATE ON {MESSAGE}, {AUDIENCE}, {REPORT} FROM portal_app, portal_system;
REVOKE TRUNCATE ON {LETTER} FROM portal_app, portal_system;
"""

OWNERS = "".join(
    definer(name)
    for name in ("my_messages()", "my_letters()", "message_is_addressed()", "guard_audience()", "purge_correspondence()")
)

WALLS = "\n".join(
    [
        wall(MESSAGE, f"id {MY_MESSAGES}", f"sender_id = {ME} AND concern_id {READABLE}", f"id {MY_MESSAGES}", "false"),
        wall(
            AUDIENCE, f"message_id {MY_MESSAGES}", f"added_by_id = {ME} AND concern_id {READABLE}",
            f"message_id {MY_MESSAGES}", "false",
        ),
        wall(
            LETTER, f"id {MY_LETTERS}", f"made_by_id = {ME} AND concern_id {MINE}", f"id {MY_LETTERS}",
            f"made_by_id = {ME} AND state = 'DRAFT'",
        ),
        wall(REPORT, f"concern_id {READABLE}", f"concern_id {READABLE}", f"concern_id {READABLE}", "false"),
    ]
)  # fmt: skip

TRIGGERS = f"""
CREATE TRIGGER stamp_message BEFORE INSERT ON {MESSAGE} FOR EACH ROW EXECUTE FUNCTION stamp_message();
CREATE CONSTRAINT TRIGGER message_is_addressed AFTER INSERT ON {MESSAGE} DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION message_is_addressed();
CREATE TRIGGER keep_message BEFORE UPDATE OR DELETE ON {MESSAGE} FOR EACH ROW EXECUTE FUNCTION keep_message();
CREATE TRIGGER guard_audience BEFORE INSERT ON {AUDIENCE} FOR EACH ROW EXECUTE FUNCTION guard_audience();
CREATE TRIGGER keep_audience BEFORE UPDATE OR DELETE ON {AUDIENCE} FOR EACH ROW EXECUTE FUNCTION keep_audience();
CREATE TRIGGER guard_letter BEFORE INSERT OR UPDATE OR DELETE ON {LETTER} FOR EACH ROW EXECUTE FUNCTION guard_letter();
CREATE TRIGGER guard_council_report BEFORE INSERT OR UPDATE OR DELETE ON {REPORT}
  FOR EACH ROW EXECUTE FUNCTION guard_council_report();
CREATE TRIGGER purge_correspondence AFTER UPDATE OF state ON concerns_concern
  FOR EACH ROW WHEN (NEW.state = 'REDIRECTED') EXECUTE FUNCTION purge_correspondence();
"""


class Migration(migrations.Migration):
    dependencies = [("correspondence", "0001_initial"), ("concerns", "0004_rooms")]
    operations = [migrations.RunSQL(FUNCTIONS + GRANTS + OWNERS + WALLS + TRIGGERS, migrations.RunSQL.noop)]
