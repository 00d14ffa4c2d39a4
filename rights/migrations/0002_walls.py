"""The second wall of data rights: forced row-level security, who has a seat on a matter, and two persons where it takes two.

A records keeper sees a matter by a seat, and seats are given by the database alone: never to a party of the case that it is
about, never to whoever asked or complained. Whoever is kept out later sees nothing from then on, seat or not.
"""

from importlib import import_module

from django.db import migrations

from councils.walls import ME, MINE, definer, unwall, wall

TRAIL = import_module("concerns.migrations.0006_trail")
MATTERS = ("rights_disposal", "rights_subjectrequest", "rights_datacomplaint", "rights_breach")

# Who keeps records where, and what follows from it for one person.
SEEING = """
CREATE FUNCTION rights_councils() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT ARRAY(SELECT k.council_id FROM rights_keeper k WHERE k.person_id = portal_me() AND k.until IS NULL AND EXISTS (
    SELECT FROM councils_appointment a WHERE a.person_id = k.person_id AND a.council_id = k.council_id AND a.side <> ''
       AND a.starts_on <= portal_today() AND (a.ends_on IS NULL OR a.ends_on >= portal_today())))
$$;
CREATE FUNCTION rights_parties(wanted uuid) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.raiser_id FROM concerns_concern c WHERE c.id = wanted
  UNION SELECT p.person_id FROM (
    SELECT concern_id, person_id FROM concerns_concernsubject UNION ALL SELECT concern_id, person_id FROM concerns_exclusion
    UNION ALL SELECT concern_id, person_id FROM concerns_connection UNION ALL SELECT concern_id, person_id FROM concerns_witness) p
   WHERE p.concern_id = wanted
$$;
CREATE FUNCTION rights_cases_of(wanted uuid, here uuid) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.id FROM concerns_concern c WHERE c.council_id = here AND c.state <> 'DRAFT' AND (c.raiser_id = wanted
    OR EXISTS (SELECT FROM concerns_concernsubject s WHERE s.concern_id = c.id AND s.person_id = wanted)
    OR EXISTS (SELECT FROM concerns_witness w WHERE w.concern_id = c.id AND w.person_id = wanted))
$$;
CREATE FUNCTION rights_kept_out(about uuid) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT rights_parties(d.case_id) FROM rights_disposal d WHERE d.id = about
  UNION SELECT r.requester_id FROM rights_subjectrequest r WHERE r.id = about
  UNION SELECT p.party FROM rights_subjectrequest r, rights_cases_of(r.requester_id, r.council_id) AS c(pk), rights_parties(c.pk) AS p(party)
         WHERE r.id = about
  UNION SELECT unnest(ARRAY[d.complainant_id, d.against_id]) FROM rights_datacomplaint d WHERE d.id = about
$$;
CREATE FUNCTION my_rights() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE me uuid := portal_me();
BEGIN
  IF me IS NULL THEN
    RETURN '{}'::uuid[];
  END IF;
  RETURN ARRAY(SELECT s.about_id FROM rights_seat s WHERE s.person_id = me AND s.until IS NULL
     AND s.council_id = ANY (rights_councils()) AND NOT EXISTS (SELECT FROM rights_kept_out(s.about_id) o(who) WHERE o.who = me));
END $$;
CREATE FUNCTION my_own_rights() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT ARRAY(SELECT r.id FROM rights_subjectrequest r WHERE r.requester_id = portal_me()
    UNION SELECT d.id FROM rights_datacomplaint d WHERE d.complainant_id = portal_me()
    UNION SELECT b.id FROM rights_breach b WHERE b.reported_by_id = portal_me())
$$;
CREATE FUNCTION rights_cases() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT ARRAY(SELECT d.case_id FROM rights_disposal d WHERE d.id = ANY (my_rights()))
$$;
"""

# How a concern ended, until when it is kept, and what stands against destroying it.
KEEPING = """
CREATE FUNCTION rights_class(c concerns_concern) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE
    WHEN c.state = 'REDIRECTED' THEN 'redirected'
    WHEN c.state = 'OUTCOME_RECORDED' OR c.closed_from IN ('GRIEVANCE', 'DISCIPLINARY', 'CODE_REFERRAL', 'COUNCIL_REPORT')
      OR EXISTS (SELECT FROM concerns_proceeding p WHERE p.concern_id = c.id AND p.kind <> 'conciliation') THEN 'formal'
    WHEN c.state = 'RESOLVED' THEN 'resolved'
    WHEN c.state = 'NO_ACTION' THEN 'no_action'
    WHEN c.state = 'WITHDRAWN' THEN 'withdrawn' END
$$;
CREATE FUNCTION rights_due(wanted uuid) RETURNS date LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  -- what went on in another concern is kept with it: never shorter than the one that follows
  SELECT greatest(
      ((c.closed_at AT TIME ZONE 'Europe/London')::date + make_interval(months => r.months))::date,
      (SELECT max(coalesce(rights_due(s.id), 'infinity'::date)) FROM concerns_concern s WHERE s.successor_of_id = c.id))
    FROM concerns_concern c JOIN rights_retentionrule r ON r.council_id = c.council_id AND r.outcome_class = rights_class(c)
   WHERE c.id = wanted AND c.closed_at IS NOT NULL
$$;
CREATE FUNCTION rights_objection(about uuid) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE d rights_disposal;
DECLARE c concerns_concern;
BEGIN
  SELECT * INTO d FROM rights_disposal r WHERE r.id = about;
  SELECT * INTO c FROM concerns_concern k WHERE k.id = d.case_id;
  IF c.id IS NULL THEN
    RETURN 'gone';
  END IF;
  IF c.closed_at IS NULL THEN
    RETURN 'open';
  END IF;
  -- the portal's clock can't be set ahead of PostgreSQL's own to destroy sooner
  IF coalesce(rights_due(c.id), 'infinity'::date) > least(portal_today(), (clock_timestamp() AT TIME ZONE 'Europe/London')::date) THEN
    RETURN 'retention';
  END IF;
  IF EXISTS (SELECT FROM rights_legalhold h WHERE h.lifted_at IS NULL
      AND (h.case_id = c.id OR (h.case_id IS NULL AND h.council_id = c.council_id))) THEN
    RETURN 'hold';
  END IF;
  IF EXISTS (SELECT FROM concerns_proceeding p WHERE p.concern_id = c.id AND p.closed_on IS NULL)
    OR EXISTS (SELECT FROM grievances_grievance g WHERE g.concern_id = c.id AND g.closed_on IS NULL)
    OR EXISTS (SELECT FROM referrals_referral r WHERE r.concern_id = c.id AND r.closed_on IS NULL)
    OR EXISTS (SELECT FROM disclosures_pointer p WHERE p.concern_id = c.id AND p.closed_at IS NULL) THEN
    RETURN 'proceeding';
  END IF;
  IF EXISTS (SELECT FROM rights_subjectrequest r WHERE r.closed_at IS NULL AND r.council_id = c.council_id
      AND c.id IN (SELECT rights_cases_of(r.requester_id, r.council_id))) THEN
    RETURN 'access';
  END IF;
  RETURN '';
END $$;
CREATE FUNCTION rights_why_kept(about uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN about = ANY (my_rights()) THEN rights_objection(about) ELSE 'gone' END
$$;
"""

SEATS = """
CREATE FUNCTION rights_seat_keepers(about uuid, of_kind text, here uuid, moment timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO rights_seat (id, about_id, kind, council_id, person_id, since)
  SELECT gen_random_uuid(), about, of_kind, here, k.person_id, moment FROM rights_keeper k
   WHERE k.council_id = here AND k.until IS NULL AND k.person_id NOT IN (SELECT o.who FROM rights_kept_out(about) o(who) WHERE o.who IS NOT NULL)
  ON CONFLICT (about_id, person_id) DO UPDATE SET until = NULL
$$;
CREATE FUNCTION rights_opened() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE me uuid := portal_me();
BEGIN
  INSERT INTO rights_line (id, about_id, type, at, by_id, by_name, from_state, to_state, facts, seq, prev_hash, reason_hash, hash)
  VALUES (gen_random_uuid(), NEW.id, 'opened', NEW.opened_at, me, coalesce((SELECT p.full_name FROM councils_person p WHERE p.id = me), ''),
          '', NEW.state, '{}', 0, '', '', '');
  PERFORM rights_seat_keepers(NEW.id, TG_ARGV[0], NEW.council_id, NEW.opened_at);
  RETURN NULL;
END $$;
CREATE FUNCTION rights_keeper_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.until IS NOT NULL THEN
    UPDATE rights_seat s SET until = NEW.until WHERE s.council_id = NEW.council_id AND s.person_id = NEW.person_id AND s.until IS NULL;
    RETURN NULL;
  END IF;
  PERFORM rights_seat_keepers(d.id, 'disposal', d.council_id, NEW.since) FROM rights_disposal d WHERE d.council_id = NEW.council_id AND d.state IN ('DUE', 'ASKED');
  PERFORM rights_seat_keepers(r.id, 'access', r.council_id, NEW.since) FROM rights_subjectrequest r WHERE r.council_id = NEW.council_id AND r.closed_at IS NULL;
  PERFORM rights_seat_keepers(c.id, 'complaint', c.council_id, NEW.since) FROM rights_datacomplaint c WHERE c.council_id = NEW.council_id AND c.closed_at IS NULL;
  PERFORM rights_seat_keepers(b.id, 'breach', b.council_id, NEW.since) FROM rights_breach b WHERE b.council_id = NEW.council_id AND b.closed_at IS NULL;
  RETURN NULL;
END $$;
"""

GUARDS = """
CREATE FUNCTION rights_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE allowed text[] := string_to_array(TG_ARGV[1], ' ');
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'what was asked stays written' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> TG_ARGV[0] THEN
      RAISE EXCEPTION 'it starts as %', TG_ARGV[0] USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.council_id <> OLD.council_id OR NEW.reference <> OLD.reference OR NEW.opened_at <> OLD.opened_at THEN
    RAISE EXCEPTION 'where and when it began never changes' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state <> OLD.state THEN
    IF coalesce(current_setting('portal.action', true), '') = '' THEN
      RAISE EXCEPTION 'a state changes only inside an action' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT (OLD.state || '>' || NEW.state) = ANY (allowed) THEN
      RAISE EXCEPTION 'no step leads from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION rights_guard_disposal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE me uuid := portal_me();
DECLARE why text;
BEGIN
  IF NEW.case_id <> OLD.case_id OR NEW.outcome_class <> OLD.outcome_class OR NEW.closed_year <> OLD.closed_year OR OLD.state IN ('DONE', 'ENDED') THEN
    RAISE EXCEPTION 'what was destroyed stays as it is written' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.state IN ('ASKED', 'DONE') AND NEW.state <> OLD.state THEN
    IF me IS NULL OR NOT NEW.id = ANY (my_rights()) THEN
      RAISE EXCEPTION 'only a records keeper with a seat on it' USING ERRCODE = 'insufficient_privilege';
    END IF;
    why := rights_objection(NEW.id);
    IF why <> '' THEN
      RAISE EXCEPTION 'it has to be kept: %', why USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  IF NEW.state = 'ASKED' AND NEW.asked_by_id IS DISTINCT FROM me THEN
    RAISE EXCEPTION 'nobody asks for somebody else' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.state = 'DONE' AND (NEW.done_by_id IS DISTINCT FROM me OR NEW.asked_by_id IS DISTINCT FROM OLD.asked_by_id OR OLD.asked_by_id IS NULL
      OR OLD.asked_by_id = me OR EXISTS (SELECT FROM rights_parties(NEW.case_id) o(who) WHERE o.who = OLD.asked_by_id)
      OR NOT EXISTS (SELECT FROM rights_keeper k WHERE k.council_id = NEW.council_id AND k.person_id = OLD.asked_by_id AND k.until IS NULL)) THEN
    RAISE EXCEPTION 'it takes two records keepers' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION rights_guard_access() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE me uuid := portal_me();
DECLARE seated boolean := NEW.id = ANY (my_rights());
BEGIN
  IF NEW.requester_id <> OLD.requester_id OR NEW.received_on <> OLD.received_on THEN
    RAISE EXCEPTION 'who asked, and when, never changes' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.state = 'RELEASED' AND ((NEW.sha256, NEW.released_by_id, NEW.prepared_by_id) IS DISTINCT FROM (OLD.sha256, OLD.released_by_id, OLD.prepared_by_id)
      OR (me IS NOT NULL AND NEW.package IS DISTINCT FROM OLD.package AND NOT portal_purging())) THEN
    RAISE EXCEPTION 'what was released stays as it is written' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF me = OLD.requester_id AND NOT (NEW.state = 'WITHDRAWN' OR (OLD.state = 'CLARIFYING' AND NEW.state = 'RECEIVED')) THEN
    RAISE EXCEPTION 'nobody answers their own request' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.state = OLD.state THEN
    RETURN NEW;
  END IF;
  IF NEW.state IN ('CLARIFYING', 'GATHERING', 'PREPARED', 'RELEASED', 'REFUSED') AND NOT seated THEN
    RAISE EXCEPTION 'only a records keeper with a seat on it' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.state = 'PREPARED' AND (NEW.prepared_by_id IS DISTINCT FROM me
      OR EXISTS (SELECT FROM rights_exportitem i WHERE i.request_id = NEW.id AND i.verdict = '')) THEN
    RAISE EXCEPTION 'every item is decided before' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state = 'RELEASED' AND (NEW.released_by_id IS DISTINCT FROM me OR NEW.prepared_by_id IS DISTINCT FROM OLD.prepared_by_id
      OR OLD.prepared_by_id IS NULL OR OLD.prepared_by_id = me
      OR EXISTS (SELECT FROM rights_kept_out(NEW.id) o(who) WHERE o.who = OLD.prepared_by_id)) THEN
    RAISE EXCEPTION 'another records keeper releases it' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION rights_guard_item() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE at_state text := (SELECT r.state FROM rights_subjectrequest r WHERE r.id = OLD.request_id);
DECLARE asked text[] := ARRAY['verdict', 'ground', 'hidden', 'decided_by_id'];
DECLARE renewed text[] := ARRAY['body', 'name', 'content', 'hidden'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF portal_purging() OR portal_me() IS NULL THEN
      RETURN OLD;  -- with its case, gathered anew, or when it isn't kept any longer; nobody's wall lets a person do it
    END IF;
  ELSIF (at_state = 'PREPARING' AND to_jsonb(NEW) - asked = to_jsonb(OLD) - asked)
      OR (portal_me() IS NULL AND to_jsonb(NEW) - renewed = to_jsonb(OLD) - renewed) THEN  -- rotate_field_keys
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'what was gathered stays as it was found' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION rights_guard_hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND portal_purging() THEN
    RETURN OLD;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.lifted_at IS NULL AND (NEW.case_id, NEW.council_id, NEW.placed_by_id, NEW.placed_at) IS NOT DISTINCT FROM
      (OLD.case_id, OLD.council_id, OLD.placed_by_id, OLD.placed_at) AND (current_user = 'portal_system' OR NEW.lifted_by_id = portal_me()) THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND current_user = 'portal_system' AND to_jsonb(NEW) - '{reason,lifted_why}'::text[] = to_jsonb(OLD) - '{reason,lifted_why}'::text[] THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a hold is lifted, never taken back' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION rights_guard_complaint() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  -- without an account anybody may complain; the form can't be used to fill the database
  IF NEW.complainant_id IS NULL AND (SELECT count(*) FROM rights_datacomplaint d
      WHERE d.council_id = NEW.council_id AND d.complainant_id IS NULL AND d.opened_at > NEW.opened_at - interval '1 hour') >= 20 THEN
    RAISE EXCEPTION 'too many complaints in an hour' USING ERRCODE = 'check_violation', CONSTRAINT = 'rights_complaint_too_many';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION rights_keep_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND current_user = 'portal_system' AND to_jsonb(NEW) - 'reason' = to_jsonb(OLD) - 'reason' THEN
    RETURN NEW;  -- rotate_field_keys
  END IF;
  RAISE EXCEPTION 'the trail is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
"""

PURGING = """
-- Whether the statement runs inside the destruction of a case. Nobody but the database's own function is portal_definer.
CREATE FUNCTION portal_purging() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT current_user = 'portal_definer' AND pg_trigger_depth() > 1
     AND coalesce(current_setting('portal.purging', true), '') = pg_current_xact_id()::text
$$;
"""

DEFINERS = (
    "rights_councils()", "rights_parties(uuid)", "rights_cases_of(uuid, uuid)", "rights_kept_out(uuid)", "my_rights()", "my_own_rights()",
    "rights_cases()", "rights_class(concerns_concern)", "rights_due(uuid)", "rights_objection(uuid)", "rights_why_kept(uuid)",
    "rights_seat_keepers(uuid, text, uuid, timestamptz)", "rights_opened()", "rights_keeper_changed()", "rights_guard_disposal()",
    "rights_guard_access()", "rights_guard_item()", "rights_guard_complaint()",
)  # fmt: skip
#: What answers about anybody is for the other functions and for system work, not for whoever is signed in.
INNER = (*DEFINERS[1:4], *DEFINERS[7:10], DEFINERS[11])
GRANTS = ("GRANT EXECUTE ON FUNCTION portal_now(), portal_today(), portal_purging() TO portal_definer;\n"
    "GRANT INSERT, UPDATE (until) ON rights_seat TO portal_definer; GRANT INSERT ON rights_line TO portal_definer;\n"
    "GRANT SELECT ON rights_keeper, rights_retentionrule, rights_legalhold, rights_seat, rights_exportitem, " + ", ".join(MATTERS) + " TO portal_definer;\n"
)
SEATED = "IN (SELECT unnest((SELECT my_rights())))"
OWN = "IN (SELECT unnest((SELECT my_own_rights())))"
KEPT = "IN (SELECT unnest((SELECT rights_councils())))"


def walls() -> str:
    """Every wall, table by table."""
    held = f"case_id {MINE} OR case_id IN (SELECT unnest((SELECT rights_cases()))) OR (case_id IS NULL AND council_id {KEPT})"
    seated, line = f"id {SEATED}", f"about_id {SEATED}"
    return "\n".join([
            wall("rights_disposal", seated, "false", seated, "false"),
            wall("rights_tombstone", f"disposal_id {SEATED}", "false", "false", "false"),
            wall("rights_legalhold", held, f"placed_by_id = {ME} AND ({held})", held, "false"),
            wall("rights_seat", f"about_id {SEATED}", "false", "false", "false"),
            wall("rights_subjectrequest", f"requester_id = {ME} OR {seated}", f"requester_id = {ME}", f"requester_id = {ME} OR {seated}", "false"),
            wall("rights_exportitem", f"request_id {SEATED}", "false", f"request_id {SEATED}", "false"),
            wall("rights_datacomplaint", f"complainant_id = {ME} OR {seated}", f"complainant_id IS NOT DISTINCT FROM {ME}", seated, "false"),
            wall("rights_breach", f"reported_by_id = {ME} OR {seated}", f"reported_by_id = {ME}", seated, "false"),
            wall("rights_line", line, f"{line} OR about_id {OWN}", "false", "false"),
        ])


STEPS = {
    "rights_disposal": ("DUE", "DUE>ASKED ASKED>DUE ASKED>DONE DUE>ENDED ASKED>ENDED"),
    "rights_subjectrequest": (
        "RECEIVED",
        "RECEIVED>CLARIFYING CLARIFYING>RECEIVED RECEIVED>GATHERING PREPARING>GATHERING GATHERING>PREPARING PREPARING>PREPARED PREPARED>PREPARING "
        "PREPARED>RELEASED RECEIVED>REFUSED PREPARING>REFUSED PREPARED>REFUSED RECEIVED>WITHDRAWN CLARIFYING>WITHDRAWN GATHERING>WITHDRAWN "
        "PREPARING>WITHDRAWN PREPARED>WITHDRAWN",
    ),
    "rights_datacomplaint": ("RECEIVED", "RECEIVED>ACKNOWLEDGED RECEIVED>ANSWERED ACKNOWLEDGED>ANSWERED"),
    "rights_breach": ("REPORTED", "REPORTED>ASSESSED ASSESSED>CLOSED"),
}
KINDS = dict(zip(MATTERS, ("disposal", "access", "complaint", "breach"), strict=True))
TRIGGERS = "".join(
    f"CREATE TRIGGER guard_matter BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION rights_guard('{first}', '{pairs}');\n"
    f"CREATE TRIGGER matter_opened AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION rights_opened('{KINDS[table]}');\n"
    for table, (first, pairs) in STEPS.items()
)
TRIGGERS += """
CREATE TRIGGER guard_two BEFORE UPDATE ON rights_disposal FOR EACH ROW EXECUTE FUNCTION rights_guard_disposal();
CREATE TRIGGER guard_two BEFORE UPDATE ON rights_subjectrequest FOR EACH ROW EXECUTE FUNCTION rights_guard_access();
CREATE TRIGGER guard_item BEFORE UPDATE OR DELETE ON rights_exportitem FOR EACH ROW EXECUTE FUNCTION rights_guard_item();
CREATE TRIGGER guard_hold BEFORE UPDATE OR DELETE ON rights_legalhold FOR EACH ROW EXECUTE FUNCTION rights_guard_hold();
CREATE TRIGGER guard_many BEFORE INSERT ON rights_datacomplaint FOR EACH ROW EXECUTE FUNCTION rights_guard_complaint();
CREATE TRIGGER keeper_changed AFTER INSERT OR UPDATE OF until ON rights_keeper FOR EACH ROW EXECUTE FUNCTION rights_keeper_changed();
CREATE TRIGGER keep_line BEFORE UPDATE OR DELETE ON rights_line FOR EACH ROW EXECUTE FUNCTION rights_keep_line();
CREATE TRIGGER keep_tombstone BEFORE UPDATE OR DELETE OR TRUNCATE ON rights_tombstone FOR EACH STATEMENT EXECUTE FUNCTION keep_trail();
CREATE TRIGGER keep_all_disposals BEFORE TRUNCATE ON rights_disposal FOR EACH STATEMENT EXECUTE FUNCTION keep_trail();
REVOKE UPDATE, DELETE, TRUNCATE ON rights_line FROM portal_app, portal_system;
GRANT UPDATE (reason) ON rights_line TO portal_system;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON rights_tombstone FROM portal_app, portal_system;
REVOKE DELETE, TRUNCATE ON rights_keeper, rights_retentionrule FROM portal_app;
"""

# The trail is a chain like that of requests to see papers (information 0005): same head, same anchors, same proof.
LINE = TRAIL.line(
    "e.about_id::text", "e.seq::text", "e.prev_hash", "e.id::text", "e.type", f"to_char(e.at AT TIME ZONE 'UTC', '{TRAIL.MOMENT}')",
    "e.by_id::text", "e.by_name", "e.from_state", "e.to_state", "e.facts::text", "e.reason_hash",
)  # fmt: skip
COUNCIL = "coalesce(" + ", ".join(f"(SELECT x.council_id FROM {table} x WHERE x.id = NEW.about_id)" for table in MATTERS) + f", {TRAIL.NOBODY})"
CHAIN = f"""
CREATE FUNCTION rights_line_hash(e rights_line) RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT encode(sha256({LINE}), 'hex')
$$;
CREATE FUNCTION chain_rights_line() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE head concerns_trailhead;
BEGIN
  SELECT * INTO head FROM concerns_trailhead h WHERE h.concern_id = NEW.about_id FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO concerns_trailhead AS h (concern_id, council_id, seq, hash, renewals, renewed, anchored)
    VALUES (NEW.about_id, {COUNCIL}, 0, '', 0, '', false)
    ON CONFLICT (concern_id) DO UPDATE SET anchored = false RETURNING * INTO head;
  END IF;
  NEW.seq := head.seq + 1;
  NEW.prev_hash := head.hash;
  NEW.reason_hash := checksum(NEW.reason);
  NEW.hash := rights_line_hash(NEW);
  UPDATE concerns_trailhead h SET seq = NEW.seq, hash = NEW.hash, anchored = false WHERE h.concern_id = NEW.about_id;
  RETURN NEW;
END $$;
GRANT EXECUTE ON FUNCTION rights_line_hash(rights_line) TO portal_definer;
"""
CHAINED = """
CREATE TRIGGER chain_line BEFORE INSERT ON rights_line FOR EACH ROW EXECUTE FUNCTION chain_rights_line();
CREATE TRIGGER note_renewal AFTER UPDATE OF reason ON rights_line FOR EACH ROW EXECUTE FUNCTION note_request_renewal();
CREATE TRIGGER keep_all_lines BEFORE TRUNCATE ON rights_line FOR EACH STATEMENT EXECUTE FUNCTION keep_trail();
"""
OWNERS = "".join(definer(name) for name in DEFINERS) + definer("chain_rights_line()")
OWNERS += f"REVOKE EXECUTE ON FUNCTION {', '.join(INNER)} FROM portal_app; GRANT EXECUTE ON FUNCTION {', '.join(INNER)} TO portal_definer;\n"


class Migration(migrations.Migration):
    dependencies = [
        ("rights", "0001_tables"), ("concerns", "0011_void_to_others"), ("information", "0005_chain"), ("grievances", "0003_gates"),
        ("referrals", "0004_bundle_letters"), ("disclosures", "0007_dues"), ("correspondence", "0004_local_day"), ("clocks", "0003_unsettled"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL(
            PURGING + SEEING + KEEPING + SEATS + GUARDS + CHAIN + GRANTS + OWNERS + walls() + TRIGGERS + CHAINED,
            "".join(unwall(table) for table in (*MATTERS, "rights_tombstone", "rights_legalhold", "rights_seat", "rights_exportitem", "rights_line")),
        ),
    ]
