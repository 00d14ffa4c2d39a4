"""The second wall of the referrals, the desk's own access, and what no sequence of statements may do.

The desk (the office's officers) knows a referral by a row of its own, never by a grant on the concern: ``my_referrals()``
counts that row only while the person holds the post they have it for, and never against an exclusion.
"""

from django.db import migrations

from councils.walls import ME, MINE, READABLE, definer, wall

DESK = "IN (SELECT unnest((SELECT my_referrals())))"
TODAY = "(now() AT TIME ZONE 'Europe/London')::date"
HOLDS = f"{{0}}.starts_on <= {TODAY} AND ({{0}}.ends_on IS NULL OR {{0}}.ends_on >= {TODAY})"

# (from, to); equals referrals.models.allowed_pairs(), which a test holds.
STEPS = (
    ("PREPARED", "SENT"), ("PREPARED", "CLOSED"), ("SENT", "ACKNOWLEDGED"), ("ACKNOWLEDGED", "ASSESSING"), ("ASSESSING", "SENT_BACK"),
    ("ASSESSING", "UNDER_INVESTIGATION"), ("ASSESSING", "OUTCOME_RECEIVED"), ("UNDER_INVESTIGATION", "OUTCOME_RECEIVED"),
    ("OUTCOME_RECEIVED", "CLOSED"),
)  # fmt: skip
PAIRS = ", ".join(f"('{source}', '{target}')" for source, target in STEPS)

FUNCTIONS = f"""
CREATE FUNCTION my_referrals() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE me uuid := portal_me();
BEGIN
  RETURN ARRAY(
    SELECT a.referral_id FROM referrals_referralaccess a JOIN referrals_referral r ON r.id = a.referral_id
    WHERE a.person_id = me AND a.until IS NULL
      AND NOT EXISTS (SELECT 1 FROM concerns_exclusion x WHERE x.concern_id = r.concern_id AND x.person_id = me)
      AND CASE WHEN a.officer_id IS NULL
        THEN EXISTS (SELECT 1 FROM councils_appointment p WHERE p.person_id = me AND p.council_id = r.council_id
          AND p.role IN ('monitoring_officer', 'deputy_monitoring_officer') AND {HOLDS.format("p")})
        ELSE EXISTS (SELECT 1 FROM councils_externalofficer o WHERE o.id = a.officer_id AND o.person_id = me AND {HOLDS.format("o")})
        END
  );
END $$;
CREATE FUNCTION my_referred() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT ARRAY(SELECT r.concern_id FROM referrals_referral r WHERE r.id = ANY (my_referrals()))
$$;
-- Whoever follows a referral for the council now, for the desk that tells them.
CREATE FUNCTION referral_followers(wanted uuid) RETURNS TABLE (person_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.person_id FROM concerns_participation p JOIN referrals_referral r ON r.concern_id = p.concern_id
  WHERE r.id = wanted AND wanted = ANY (my_referrals()) AND p.capacity = 'liaison' AND p.until IS NULL
$$;
-- For the council's side: does somebody of the office have a desk for it now?
CREATE FUNCTION referral_has_desk(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM referrals_referralaccess a JOIN referrals_referral r ON r.id = a.referral_id
    JOIN councils_person h ON h.id = a.person_id AND h.is_active
    WHERE r.id = wanted AND (r.concern_id = ANY (my_concerns()) OR r.id = ANY (my_referrals())) AND a.until IS NULL
      AND NOT EXISTS (SELECT 1 FROM concerns_exclusion x WHERE x.concern_id = r.concern_id AND x.person_id = a.person_id)
      AND CASE WHEN a.officer_id IS NULL
        THEN EXISTS (SELECT 1 FROM councils_appointment p WHERE p.person_id = a.person_id AND p.council_id = r.council_id
          AND p.role IN ('monitoring_officer', 'deputy_monitoring_officer') AND {HOLDS.format("p")})
        ELSE EXISTS (SELECT 1 FROM councils_externalofficer o WHERE o.id = a.officer_id AND {HOLDS.format("o")})
        END)
$$;
CREATE FUNCTION guard_referral() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE step text := coalesce(current_setting('portal.action', true), '');
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'PREPARED' OR NEW.outcome <> '' THEN
      RAISE EXCEPTION 'a referral starts prepared, without a finding' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.concern_id, NEW.proceeding_id, NEW.council_id, NEW.number, NEW.reference, NEW.jurisdiction)
     IS DISTINCT FROM (OLD.concern_id, OLD.proceeding_id, OLD.council_id, OLD.number, OLD.reference, OLD.jurisdiction) THEN
    RAISE EXCEPTION 'what was referred never changes' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state <> OLD.state THEN
    IF step = '' THEN
      RAISE EXCEPTION 'a state changes only inside an action' USING ERRCODE = 'check_violation';
    END IF;
    IF (OLD.state, NEW.state) NOT IN ({PAIRS}) THEN
      RAISE EXCEPTION 'no step leads from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'SENT' AND NOT EXISTS (SELECT 1 FROM referrals_bundle b WHERE b.referral_id = NEW.id) THEN
      RAISE EXCEPTION 'nothing is sent that was not sealed' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  IF NEW.outcome <> OLD.outcome AND NOT (
    step = 'referral_record_finding' AND OLD.outcome = '' AND NEW.state = 'OUTCOME_RECEIVED' AND OLD.state <> 'OUTCOME_RECEIVED'
  ) THEN
    RAISE EXCEPTION 'a finding is the office''s, written once' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
-- E6: the council carries out what was recommended and never adds to it.
CREATE FUNCTION guard_referral_measure() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE kept text[] := ARRAY['carried_out_on', 'carried_out_ref', 'carried_out_by_id'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF coalesce(current_setting('portal.action', true), '') <> 'referral_record_finding' OR NEW.carried_out_on IS NOT NULL
       OR NEW.recommended_by_id IS DISTINCT FROM portal_me()
       OR NOT EXISTS (SELECT 1 FROM referrals_referral r WHERE r.id = NEW.referral_id AND r.outcome = '' AND r.state = 'UNDER_INVESTIGATION') THEN
      RAISE EXCEPTION 'measures come with the finding and from whoever made it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF current_setting('role') = 'portal_system' AND to_jsonb(NEW) - 'words' - 'carried_out_ref' = to_jsonb(OLD) - 'words' - 'carried_out_ref' THEN
    RETURN NEW;  -- rotate_field_keys
  END IF;
  IF to_jsonb(NEW) - kept IS DISTINCT FROM to_jsonb(OLD) - kept OR OLD.carried_out_on IS NOT NULL THEN
    RAISE EXCEPTION 'a recommended measure never changes' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION keep_referral_bundle() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kept text[] := ARRAY['manifest', 'pdf', 'zip'];
BEGIN
  IF TG_OP = 'UPDATE' AND current_user = 'portal_system' AND to_jsonb(NEW) - kept = to_jsonb(OLD) - kept THEN
    RETURN NEW;  -- rotate_field_keys; what it holds is proved by its hashes
  END IF;
  RAISE EXCEPTION 'a sealed bundle never changes' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION keep_referral_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kept text[] := ARRAY['letter', 'who', 'words'];
BEGIN
  IF TG_OP = 'UPDATE' AND current_user = 'portal_system' AND to_jsonb(NEW) - kept = to_jsonb(OLD) - kept THEN
    RETURN NEW;  -- rotate_field_keys
  END IF;
  RAISE EXCEPTION 'what was recorded stays' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION refuse_excluded_from_desk() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM concerns_exclusion x WHERE x.concern_id = NEW.concern_id AND x.person_id = NEW.person_id)
     OR NOT EXISTS (SELECT 1 FROM referrals_referral r WHERE r.id = NEW.referral_id AND r.concern_id = NEW.concern_id) THEN
    RAISE EXCEPTION 'an excluded person cannot be given access' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
"""

OWNERS = "".join(
    definer(name)
    for name in (
        "my_referrals()", "my_referred()", "referral_followers(uuid)", "referral_has_desk(uuid)", "guard_referral()", "guard_referral_measure()",
        "refuse_excluded_from_desk()",
    )
)  # fmt: skip

DEFINER = """
GRANT SELECT ON referrals_referral, referrals_referralaccess, referrals_bundle, councils_appointment, councils_externalofficer,
  councils_person, concerns_exclusion, concerns_participation TO portal_definer;
"""

mine_or_desk = f"concern_id {MINE} OR id {DESK}"
read_or_desk = f"concern_id {READABLE} OR referral_id {DESK}"
WALLS = "\n".join(
    (
        wall("referrals_referral", mine_or_desk, f"concern_id {MINE}", mine_or_desk, "false"),
        wall("referrals_bundle", read_or_desk, f"concern_id {READABLE} AND sealed_by_id = {ME}", "false", "false"),
        wall(
            "referrals_bundleopening", f"concern_id {MINE} OR referral_id {DESK}", f"person_id = {ME} AND ({read_or_desk})", "false", "false"
        ),
        wall(
            "referrals_referralaccess",
            f"concern_id {MINE} OR referral_id {DESK} OR person_id = {ME}",
            f"concern_id {READABLE} AND person_id <> {ME}",
            f"concern_id {MINE} OR person_id = {ME}",
            "false",
        ),
        wall("referrals_entry", read_or_desk, f"by_id = {ME} AND ({read_or_desk})", "false", "false"),
        wall("referrals_measure", read_or_desk, f"recommended_by_id = {ME} AND ({read_or_desk})", f"concern_id {READABLE}", "false"),
    )
)

# The desk leaves its lines in the trail of a concern it can't see: its own name, and nothing but a referral's lines.
TRAIL = f"""
CREATE POLICY add_by_desk ON concerns_event FOR INSERT TO portal_app
  WITH CHECK (by_id = {ME} AND type LIKE 'referral\\_%' AND concern_id IN (SELECT unnest((SELECT my_referred()))));
"""

TRIGGERS = """
CREATE TRIGGER guard_referral BEFORE INSERT OR UPDATE ON referrals_referral FOR EACH ROW EXECUTE FUNCTION guard_referral();
CREATE TRIGGER guard_measure BEFORE INSERT OR UPDATE ON referrals_measure FOR EACH ROW EXECUTE FUNCTION guard_referral_measure();
CREATE TRIGGER keep_bundle BEFORE UPDATE OR DELETE ON referrals_bundle FOR EACH ROW EXECUTE FUNCTION keep_referral_bundle();
CREATE TRIGGER keep_entry BEFORE UPDATE OR DELETE ON referrals_entry FOR EACH ROW EXECUTE FUNCTION keep_referral_entry();
CREATE TRIGGER keep_opening BEFORE UPDATE OR DELETE ON referrals_bundleopening FOR EACH ROW EXECUTE FUNCTION keep_referral_entry();
CREATE TRIGGER refuse_excluded_desk BEFORE INSERT ON referrals_referralaccess FOR EACH ROW EXECUTE FUNCTION refuse_excluded_from_desk();
REVOKE UPDATE, DELETE, TRUNCATE ON referrals_bundle, referrals_bundleopening, referrals_entry FROM portal_app;
REVOKE DELETE, TRUNCATE ON referrals_referral, referrals_measure, referrals_referralaccess FROM portal_app;
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial"), ("councils", "0003_external_officers"), ("concerns", "0004_rooms")]
    operations = [migrations.RunSQL(FUNCTIONS + DEFINER + OWNERS + WALLS + TRAIL + TRIGGERS, migrations.RunSQL.noop)]
