"""The second wall of the subject's side.

A disclosure is shown to its subject (once it was disclosed) and to those who read the concern and didn't raise it; the
concern stays shut to the subject. A trigger says who may write what: the subject their answer and companion, the others
the rest, each only along the machine. What the subject does comes into the trail by triggers: they can write neither an
event nor a notice themselves, and no function that does can be called.
"""

from django.db import migrations

from councils.walls import ME, READABLE, definer, sealed, wall

D = "disclosures_disclosure"
MY = "IN (SELECT unnest((SELECT my_disclosures())))"
DEAL = "IN (SELECT unnest((SELECT i_deal_with())))"
THEIRS = "IN (SELECT unnest((SELECT disclosures_i_read())))"
STEPS = {
    "DRAFTED": "DISCLOSED",
    "DISCLOSED": "OPENED CLOSED",
    "OPENED": "ANSWERED CLOSED",
    "ANSWERED": "CLOSED",
}
POINTER_STEPS = {
    "HANDED_OVER": "IN_PROGRESS OUTCOME_RECORDED",
    "IN_PROGRESS": "OUTCOME_RECORDED",
    "OUTCOME_RECORDED": "IN_PROGRESS CLOSED",
    "CLOSED": "IN_PROGRESS OUTCOME_RECORDED",
}


def pairs(steps: dict[str, str]) -> str:
    """The steps as SQL row values."""
    return ", ".join(f"('{source}', '{target}')" for source, targets in steps.items() for target in targets.split())


def but(*columns: str) -> str:
    """SQL that is true when nothing but these columns differs."""
    names = "ARRAY[" + ", ".join(f"'{column}'" for column in columns) + "]"
    return f"(to_jsonb(NEW) - {names} = to_jsonb(OLD) - {names})"


WORDS = ("text", "answer", "companion", "reply")
SUBJECTS = (
    "state", "opened_at", "last_opened_at", "times_opened", "answer", "answered_at", "companion", "companion_kind",
    "companion_at", "revision",
)  # fmt: skip

FUNCTIONS = f"""
CREATE FUNCTION i_deal_with() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN ARRAY(
    SELECT c.id FROM concerns_concern c WHERE c.id IN (SELECT unnest(my_readable())) AND c.raiser_id <> portal_me()
  );
END $$;
CREATE FUNCTION my_disclosures() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN ARRAY(SELECT d.id FROM {D} d WHERE d.person_id = portal_me() AND d.state <> 'DRAFTED');
END $$;
CREATE FUNCTION disclosures_i_read() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN ARRAY(SELECT d.id FROM {D} d WHERE d.concern_id IN (SELECT unnest(i_deal_with())));
END $$;
-- Who deals with it now, for the subject who is told: name and role, no ids.
CREATE FUNCTION dealt_with_by(wanted uuid) RETURNS TABLE (name text, hat text, acting_for text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.full_name::text, a.hat::text, a.acting_for::text
    FROM {D} d
    JOIN concerns_participation a ON a.concern_id = d.concern_id AND a.until IS NULL AND a.capacity = 'handler'
    JOIN councils_person p ON p.id = a.person_id
   WHERE d.id = wanted AND d.person_id = portal_me() AND d.state <> 'DRAFTED'
   ORDER BY a.since, p.full_name
$$;
CREATE FUNCTION guard_disclosure() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'DRAFTED' OR NEW.answer IS NOT NULL OR NEW.companion IS NOT NULL OR NEW.opened_at IS NOT NULL THEN
      RAISE EXCEPTION 'a disclosure starts as a draft' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM concerns_concernsubject s WHERE s.concern_id = NEW.concern_id AND s.person_id = NEW.person_id) THEN
      RAISE EXCEPTION 'it is disclosed to those the concern is about' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF current_user = 'portal_system' AND {but(*WORDS)} THEN
    RETURN NEW;  -- rotate_field_keys
  END IF;
  IF NEW.state <> OLD.state THEN
    IF coalesce(current_setting('portal.action', true), '') = '' THEN
      RAISE EXCEPTION 'a state changes only inside an action' USING ERRCODE = 'check_violation';
    END IF;
    IF (OLD.state, NEW.state) NOT IN ({pairs(STEPS)}) THEN
      RAISE EXCEPTION 'no step leads from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  IF portal_me() = OLD.person_id THEN
    IF OLD.state = 'DRAFTED' OR NEW.state = 'CLOSED' AND OLD.state <> 'CLOSED' OR NOT {but(*SUBJECTS)}
       OR (NEW.state <> 'ANSWERED' OR OLD.state <> 'OPENED')
          AND (NEW.answer IS DISTINCT FROM OLD.answer OR NEW.answered_at IS DISTINCT FROM OLD.answered_at)
       OR NOT (OLD.state = 'DISCLOSED' AND NEW.state = 'OPENED') AND NEW.opened_at IS DISTINCT FROM OLD.opened_at
       OR OLD.state = 'CLOSED' AND NOT {but("last_opened_at", "times_opened", "revision")} THEN
      RAISE EXCEPTION 'the subject writes their answer and companion, no more' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state = 'DRAFTED' AND {but("state", "kind", "text", "answer_by", "basis", "copies", "disclosed_by_id", "disclosed_hat", "disclosed_at", "made_by_id", "made_at", "revision")}
     AND NEW.state IN ('DRAFTED', 'DISCLOSED') THEN
    RETURN NEW;
  END IF;
  IF NEW.state = 'CLOSED' AND OLD.state <> 'CLOSED' AND {but("state", "reply", "closed_at", "closed_by_id", "revision")} THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'what was disclosed stays as it was, and the answer is the subject''s' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION guard_paper() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM {D} d WHERE d.id = NEW.disclosure_id AND d.state = ANY (TG_ARGV)) THEN
    RAISE EXCEPTION 'papers are added while it is open' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION guard_pointer() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'HANDED_OVER' THEN
      RAISE EXCEPTION 'a procedure starts by being handed over' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.concern_id <> OLD.concern_id OR NEW.proceeding_id <> OLD.proceeding_id THEN
    RAISE EXCEPTION 'which procedure it points to never changes' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state <> OLD.state AND (
    coalesce(current_setting('portal.action', true), '') = '' OR (OLD.state, NEW.state) NOT IN ({pairs(POINTER_STEPS)})
  ) THEN
    RAISE EXCEPTION 'no step leads from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
"""

# What the subject did, in the concern's trail and to those who deal with it. Only these triggers write it.
TELLING = f"""
CREATE FUNCTION write_for_subject(d {D}, what text, moment timestamptz, facts jsonb, kind text) RETURNS void
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
     WHERE a.concern_id = d.concern_id AND a.until IS NULL AND a.reads AND a.capacity IN ('handler', 'decider', 'liaison')
       AND NOT EXISTS (SELECT 1 FROM concerns_notice n WHERE n.concern_id = d.concern_id AND n.person_id = a.person_id
                          AND n.kind = write_for_subject.kind AND n.created_at = moment)
     GROUP BY a.person_id;
  END IF;
END $$;
CREATE FUNCTION tell_of_disclosure() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF portal_me() IS DISTINCT FROM NEW.person_id THEN
    RETURN NULL;
  END IF;
  IF OLD.state = 'DISCLOSED' AND NEW.state = 'OPENED' THEN
    PERFORM write_for_subject(NEW, 'disclosure_opened', NEW.opened_at, '{{}}', '');
  ELSIF OLD.state = 'OPENED' AND NEW.state = 'ANSWERED' THEN
    PERFORM write_for_subject(NEW, 'disclosure_answered', NEW.answered_at, '{{}}', 'needs_you');
  END IF;
  IF NEW.companion IS DISTINCT FROM OLD.companion THEN
    PERFORM write_for_subject(NEW, 'companion_named', NEW.companion_at, jsonb_build_object('companion', NEW.companion_kind), 'progress');
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION tell_of_paper() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE d {D};
BEGIN
  SELECT * INTO d FROM {D} x WHERE x.id = NEW.disclosure_id;
  PERFORM write_for_subject(d, 'subject_paper_added', NEW.added_at, jsonb_build_object('paper', NEW.id), 'progress');
  RETURN NULL;
END $$;
CREATE FUNCTION purge_disclosures() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM disclosures_disclosedpaper t USING {D} d WHERE d.id = t.disclosure_id AND d.concern_id = NEW.id;
  DELETE FROM disclosures_subjectpaper t USING {D} d WHERE d.id = t.disclosure_id AND d.concern_id = NEW.id;
  DELETE FROM {D} t WHERE t.concern_id = NEW.id;
  RETURN NULL;
END $$;
GRANT INSERT ON concerns_event, concerns_notice TO portal_definer;
GRANT SELECT, DELETE ON {D}, disclosures_disclosedpaper, disclosures_subjectpaper TO portal_definer;
"""

CALLED = ("i_deal_with()", "my_disclosures()", "disclosures_i_read()", "dealt_with_by(uuid)")
# Nobody calls these: the database does.
TRIGGERED = (
    f"write_for_subject({D}, text, timestamptz, jsonb, text)", "tell_of_disclosure()", "tell_of_paper()", "purge_disclosures()",
)  # fmt: skip
OWNERS = "".join(definer(name) for name in CALLED) + "".join(
    f"ALTER FUNCTION {name} OWNER TO portal_definer; REVOKE ALL ON FUNCTION {name} FROM PUBLIC;\n" for name in TRIGGERED
)

WALLS = (
    wall(
        D,
        f"(person_id = {ME} AND state <> 'DRAFTED') OR concern_id {DEAL}",
        f"concern_id {DEAL} AND person_id <> {ME} AND state = 'DRAFTED'",
        f"(person_id = {ME} AND state <> 'DRAFTED') OR concern_id {DEAL}",
        f"concern_id {DEAL} AND state = 'DRAFTED'",
    )
    + wall(
        "disclosures_disclosedpaper",
        f"disclosure_id {MY} OR disclosure_id {THEIRS}",
        f"disclosure_id {THEIRS} AND added_by_id = {ME}",
        "false",
        "false",
    )
    + wall(
        "disclosures_subjectpaper",
        f"disclosure_id {MY} OR disclosure_id {THEIRS}",
        f"disclosure_id {MY} AND added_by_id = {ME}",
        "false",
        "false",
    )
    + wall("disclosures_pointer", "concern_id IN (SELECT unnest((SELECT my_concerns())))", f"concern_id {READABLE}", f"concern_id {READABLE}", "false")
)

TRIGGERS = f"""
CREATE TRIGGER guard_disclosure BEFORE INSERT OR UPDATE ON {D} FOR EACH ROW EXECUTE FUNCTION guard_disclosure();
CREATE TRIGGER tell_of_disclosure AFTER UPDATE ON {D} FOR EACH ROW EXECUTE FUNCTION tell_of_disclosure();
CREATE TRIGGER guard_paper BEFORE INSERT ON disclosures_disclosedpaper FOR EACH ROW EXECUTE FUNCTION guard_paper('DRAFTED');
CREATE TRIGGER guard_paper BEFORE INSERT ON disclosures_subjectpaper
  FOR EACH ROW EXECUTE FUNCTION guard_paper('OPENED', 'ANSWERED');
CREATE TRIGGER tell_of_paper AFTER INSERT ON disclosures_subjectpaper FOR EACH ROW EXECUTE FUNCTION tell_of_paper();
CREATE TRIGGER guard_pointer BEFORE INSERT OR UPDATE ON disclosures_pointer FOR EACH ROW EXECUTE FUNCTION guard_pointer();
CREATE TRIGGER purge_disclosures AFTER UPDATE OF state ON concerns_concern
  FOR EACH ROW WHEN (NEW.state = 'REDIRECTED') EXECUTE FUNCTION purge_disclosures();
""" + sealed("disclosures_disclosedpaper") + sealed("disclosures_subjectpaper")


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0001_initial")]
    operations = [migrations.RunSQL(FUNCTIONS + TELLING + OWNERS + WALLS + TRIGGERS, migrations.RunSQL.noop)]
