"""The second wall of requests and questions: forced row-level security, and the triggers behind states and decisions.

Nobody here is on a concern: access hangs on rows of the room's own, one's request, one's seat on it. The functions belong
to a role that may look past row security, so no policy reads another table.
"""

from django.db import migrations

from councils.walls import ME, definer, wall

REQUEST_STEPS = {
    "ASKED": "CLOSED JUSTIFICATION_NEEDED WITH_DETERMINER",
    "DRAFT": "ASKED",
    "GRANTED": "CLOSED",
    "JUSTIFICATION_NEEDED": "ASKED CLOSED",
    "PARTLY_GRANTED": "CLOSED REVIEW_ASKED",
    "REFUSED": "CLOSED REVIEW_ASKED",
    "REVIEW_ASKED": "CLOSED REVIEW_GRANTED REVIEW_REFUSED",
    "REVIEW_GRANTED": "CLOSED",
    "REVIEW_REFUSED": "CLOSED",
    "WITH_DETERMINER": "CLOSED GRANTED JUSTIFICATION_NEEDED PARTLY_GRANTED REFUSED",
}
QUESTION_STEPS = {"ANSWERED": "CLOSED PUBLISHED_ANONYMISED", "ASKED": "ANSWERED CLOSED", "PUBLISHED_ANONYMISED": "CLOSED"}


def pairs(steps: dict[str, str]) -> str:
    """The steps as SQL row values."""
    return ", ".join(f"('{source}', '{target}')" for source, targets in steps.items() for target in targets.split())


FUNCTIONS = f"""
CREATE FUNCTION my_request_seats() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT ARRAY(SELECT s.request_id FROM information_requestseat s WHERE s.person_id = portal_me() AND s.until IS NULL)
$$;
CREATE FUNCTION my_requests() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT ARRAY(
    SELECT s.request_id FROM information_requestseat s WHERE s.person_id = portal_me() AND s.until IS NULL
    UNION SELECT r.id FROM information_accessrequest r WHERE r.requester_id = portal_me())
$$;
CREATE FUNCTION my_questions() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT ARRAY(
    SELECT s.question_id FROM information_questionseat s WHERE s.person_id = portal_me() AND s.until IS NULL
    UNION SELECT q.id FROM information_guidancequestion q WHERE q.asker_id = portal_me())
$$;
CREATE FUNCTION councils_i_know() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT ARRAY(SELECT DISTINCT a.council_id FROM councils_appointment a WHERE a.person_id = portal_me())
$$;
-- Of these people, who has a part in the concern of that reference that keeps them from deciding about its papers.
CREATE FUNCTION kept_from_deciding(wanted text, council uuid, candidates uuid[]) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT ARRAY(
    SELECT c.raiser_id FROM concerns_concern c
     WHERE c.reference = wanted AND c.council_id = council AND c.raiser_id = ANY (candidates)
    UNION SELECT p.person_id FROM concerns_concern c JOIN (
        SELECT concern_id, person_id FROM concerns_concernsubject UNION ALL SELECT concern_id, person_id FROM concerns_exclusion
        UNION ALL SELECT concern_id, person_id FROM concerns_connection UNION ALL SELECT concern_id, person_id FROM concerns_witness
    ) p ON p.concern_id = c.id
     WHERE c.reference = wanted AND c.council_id = council AND p.person_id = ANY (candidates))
$$;
CREATE FUNCTION guard_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'DRAFT' THEN
      RAISE EXCEPTION 'a request starts as a draft' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.requester_id <> OLD.requester_id OR NEW.council_id <> OLD.council_id OR NEW.reference <> OLD.reference THEN
    RAISE EXCEPTION 'who asked, and where, never changes' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.state <> 'DRAFT' AND current_user <> 'portal_system' AND (
    NEW.kind, NEW.document, NEW.concern_reference, NEW.claims, NEW.marks, NEW.interest, NEW.purpose, NEW.protocol_version_id, NEW.notes
  ) IS DISTINCT FROM (
    OLD.kind, OLD.document, OLD.concern_reference, OLD.claims, OLD.marks, OLD.interest, OLD.purpose, OLD.protocol_version_id, OLD.notes
  ) THEN
    RAISE EXCEPTION 'what was asked stays as it was asked' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state <> OLD.state THEN
    IF coalesce(current_setting('portal.action', true), '') = '' THEN
      RAISE EXCEPTION 'a state changes only inside an action' USING ERRCODE = 'check_violation';
    END IF;
    IF (OLD.state, NEW.state) NOT IN ({pairs(REQUEST_STEPS)}) THEN
      RAISE EXCEPTION 'no step leads from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION guard_question() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'ASKED' THEN
      RAISE EXCEPTION 'a question starts as asked' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.asker_id <> OLD.asker_id OR NEW.council_id <> OLD.council_id OR NEW.reference <> OLD.reference THEN
    RAISE EXCEPTION 'who asked, and where, never changes' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.answered_by_id IS NOT NULL AND NEW.answered_by_id = NEW.asker_id THEN
    RAISE EXCEPTION 'nobody answers their own question' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state <> OLD.state THEN
    IF coalesce(current_setting('portal.action', true), '') = '' THEN
      RAISE EXCEPTION 'a state changes only inside an action' USING ERRCODE = 'check_violation';
    END IF;
    IF (OLD.state, NEW.state) NOT IN ({pairs(QUESTION_STEPS)}) THEN
      RAISE EXCEPTION 'no step leads from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION guard_decision() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM information_accessrequest r WHERE r.id = NEW.request_id AND r.requester_id = NEW.decided_by_id) THEN
    RAISE EXCEPTION 'nobody decides their own request' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM information_requestseat s
     WHERE s.request_id = NEW.request_id AND s.person_id = NEW.decided_by_id AND s.until IS NULL
       AND ((NEW.stage = 'determination' AND (s.part = 'determiner' OR (s.part = 'refuser' AND NEW.outcome = 'refused')))
         OR (NEW.stage = 'review' AND s.part = 'reviewer'))
  ) THEN
    RAISE EXCEPTION 'only whom the protocol names decides' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.stage = 'review' AND EXISTS (
    SELECT 1 FROM information_accessdecision d
     WHERE d.request_id = NEW.request_id AND d.stage = 'determination' AND d.decided_by_id = NEW.decided_by_id
  ) THEN
    RAISE EXCEPTION 'nobody reviews their own decision' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION keep_seat() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - 'until' <> to_jsonb(OLD) - 'until' OR (OLD.until IS NOT NULL AND NEW.until IS DISTINCT FROM OLD.until) THEN
    RAISE EXCEPTION 'a seat is only ever ended' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION keep_as_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND current_user = 'portal_system' THEN
    RETURN NEW;  -- rotate_field_keys
  END IF;
  RAISE EXCEPTION 'what was decided and done stays written' USING ERRCODE = 'insufficient_privilege';
END $$;
"""

OWNERS = "".join(
    definer(name)
    for name in (
        "my_request_seats()", "my_requests()", "my_questions()", "councils_i_know()",
        "kept_from_deciding(text, uuid, uuid[])", "guard_decision()",
    )
)  # fmt: skip

MY_REQUESTS = "IN (SELECT unnest((SELECT my_requests())))"
MY_SEATS = "IN (SELECT unnest((SELECT my_request_seats())))"
MY_QUESTIONS = "IN (SELECT unnest((SELECT my_questions())))"
MY_COUNCILS = "IN (SELECT unnest((SELECT councils_i_know())))"


def walls() -> str:
    """Every wall, table by table. Nobody gives themselves a seat."""
    own, asked = f"requester_id = {ME}", f"asker_id = {ME}"
    request, question = f"request_id {MY_REQUESTS}", f"question_id {MY_QUESTIONS}"
    others = f"person_id <> {ME}"
    seated = f"(state <> 'DRAFT' AND id {MY_SEATS})"
    mine = f"(about_id {MY_REQUESTS} OR about_id {MY_QUESTIONS})"
    draft = f"{own} AND state = 'DRAFT'"
    return "\n".join(
        [
            wall("information_accessrequest", f"{own} OR {seated}", draft, f"{own} OR {seated}", draft),
            wall("information_requestseat", request, f"{request} AND {others}", request, "false"),
            wall("information_accessdecision", request, f"request_id {MY_SEATS} AND decided_by_id = {ME}", "false", "false"),
            wall("information_advice", f"request_id {MY_SEATS}", f"request_id {MY_SEATS}", f"request_id {MY_SEATS}", "false"),
            wall("information_guidancequestion", f"{asked} OR id {MY_QUESTIONS}", asked, f"{asked} OR id {MY_QUESTIONS}", "false"),
            wall("information_questionseat", question, f"{question} AND {others}", question, "false"),
            wall("information_publishedanswer", f"council_id {MY_COUNCILS}", f"council_id {MY_COUNCILS}", "false", "false"),
            wall("information_line", mine, mine, "false", "false"),
        ]
    )


TRIGGERS = """
CREATE TRIGGER guard_request BEFORE INSERT OR UPDATE ON information_accessrequest FOR EACH ROW EXECUTE FUNCTION guard_request();
CREATE TRIGGER guard_question BEFORE INSERT OR UPDATE ON information_guidancequestion FOR EACH ROW EXECUTE FUNCTION guard_question();
CREATE TRIGGER guard_decision BEFORE INSERT ON information_accessdecision FOR EACH ROW EXECUTE FUNCTION guard_decision();
CREATE TRIGGER keep_seat BEFORE UPDATE ON information_requestseat FOR EACH ROW EXECUTE FUNCTION keep_seat();
CREATE TRIGGER keep_seat BEFORE UPDATE ON information_questionseat FOR EACH ROW EXECUTE FUNCTION keep_seat();
CREATE TRIGGER keep_decision BEFORE UPDATE OR DELETE ON information_accessdecision FOR EACH ROW EXECUTE FUNCTION keep_as_written();
CREATE TRIGGER keep_line BEFORE UPDATE OR DELETE ON information_line FOR EACH ROW EXECUTE FUNCTION keep_as_written();
CREATE TRIGGER keep_answer BEFORE UPDATE OR DELETE ON information_publishedanswer FOR EACH ROW EXECUTE FUNCTION keep_as_written();
REVOKE UPDATE, DELETE, TRUNCATE ON information_line, information_accessdecision, information_publishedanswer FROM portal_app, portal_system;
GRANT UPDATE (reason) ON information_line TO portal_system;
GRANT UPDATE (reason, covers, how) ON information_accessdecision TO portal_system;
GRANT UPDATE (question, answer) ON information_publishedanswer TO portal_system;
"""


class Migration(migrations.Migration):
    dependencies = [("information", "0001_initial"), ("concerns", "0004_rooms")]
    operations = [migrations.RunSQL(FUNCTIONS + OWNERS + walls() + TRIGGERS, migrations.RunSQL.noop)]
