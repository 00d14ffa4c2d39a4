"""Who may be given a seat on a request, and who learns from the database who is kept from deciding about a concern.

A seat is given inside the step that gives it, while the request is where that step leaves it, to somebody who holds a
post in the council and isn't the requester: an officer, or whom the protocol's rules name. Who is kept from deciding is
said about one request that was sent, and of the reference that was given in it alone: ``concern_key`` is the SHA-256 of
the request's id and that reference, and never changes once it was sent.
"""

from django.db import migrations, models

from councils.walls import definer

TODAY = "(now() AT TIME ZONE 'Europe/London')::date"

SEATS = f"""
CREATE FUNCTION guard_seat() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE step text := coalesce(current_setting('portal.action', true), '');
DECLARE asked information_accessrequest%ROWTYPE;
DECLARE fits boolean;
BEGIN
  SELECT * INTO asked FROM information_accessrequest r WHERE r.id = NEW.request_id;
  IF NEW.until IS NOT NULL OR NEW.person_id = asked.requester_id THEN
    RAISE EXCEPTION 'nobody has a seat on their own request' USING ERRCODE = 'insufficient_privilege';
  END IF;
  fits := CASE NEW.part
    WHEN 'determiner' THEN asked.state IN ('ASKED', 'WITH_DETERMINER') AND step IN ('request_ask', 'request_justify', 'request_send_again', 'request_pass_on')
    WHEN 'refuser' THEN asked.state IN ('ASKED', 'WITH_DETERMINER') AND step IN ('request_ask', 'request_justify', 'request_send_again', 'request_pass_on')
    WHEN 'reviewer' THEN asked.state = 'REVIEW_ASKED' AND step IN ('request_ask_review', 'request_pass_on')
    WHEN 'adviser' THEN asked.state = 'WITH_DETERMINER' AND step = 'request_ask_advice'
    ELSE false END;
  IF NOT fits THEN
    RAISE EXCEPTION 'a seat is given by the step that gives it' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.part = 'adviser' AND NOT EXISTS (
    SELECT 1 FROM information_requestseat s WHERE s.request_id = NEW.request_id AND s.person_id = portal_me() AND s.until IS NULL
  ) THEN
    RAISE EXCEPTION 'whoever decides asks for advice' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM councils_appointment a
     WHERE a.person_id = NEW.person_id AND a.council_id = asked.council_id AND a.side <> ''
       AND a.starts_on <= {TODAY} AND (a.ends_on IS NULL OR a.ends_on >= {TODAY})
       AND (a.side = 'officer' OR EXISTS (
         SELECT 1 FROM councils_protocolversion v,
           LATERAL (SELECT concat(v.config->'access_requests', v.config->'exception_route', v.config->'interpretation') AS named) n
          WHERE v.id = asked.protocol_version_id AND (
            strpos(n.named, 'role:' || a.role || '"') > 0
            OR (NEW.acting_for <> '' AND strpos(n.named, 'role:' || NEW.acting_for || '"') > 0)
            OR EXISTS (SELECT 1 FROM councils_body b JOIN councils_bodymembership m ON m.body_id = b.id
              WHERE b.council_id = asked.council_id AND m.person_id = NEW.person_id AND strpos(n.named, 'body:' || b.code || '"') > 0))))
  ) THEN
    RAISE EXCEPTION 'a seat is for whom the protocol names' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
GRANT SELECT ON councils_protocolversion, councils_body, councils_bodymembership, councils_appointment, information_accessrequest,
  information_requestseat TO portal_definer;
CREATE TRIGGER guard_seat BEFORE INSERT ON information_requestseat FOR EACH ROW EXECUTE FUNCTION guard_seat();
"""
PARTIES = """
DROP FUNCTION kept_from_deciding(text, uuid, uuid[]);
CREATE FUNCTION kept_from_deciding(wanted uuid, given text, candidates uuid[]) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH about AS (
    SELECT c.id, c.raiser_id FROM information_accessrequest r JOIN concerns_concern c ON c.council_id = r.council_id AND c.reference = given
     WHERE r.id = wanted AND r.state <> 'DRAFT' AND wanted = ANY (my_requests())
       AND r.concern_key = encode(sha256(convert_to(wanted::text || ':' || given, 'UTF8')), 'hex'))
  SELECT ARRAY(
    SELECT a.raiser_id FROM about a WHERE a.raiser_id = ANY (candidates)
    UNION SELECT p.person_id FROM about a JOIN (
        SELECT concern_id, person_id FROM concerns_concernsubject UNION ALL SELECT concern_id, person_id FROM concerns_exclusion
        UNION ALL SELECT concern_id, person_id FROM concerns_connection UNION ALL SELECT concern_id, person_id FROM concerns_witness
    ) p ON p.concern_id = a.id
     WHERE p.person_id = ANY (candidates))
$$;
"""
KEPT = """
CREATE FUNCTION keep_concern_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.concern_key <> OLD.concern_key AND OLD.state <> 'DRAFT' THEN
    RAISE EXCEPTION 'what was asked stays as it was asked' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_concern_key BEFORE UPDATE ON information_accessrequest FOR EACH ROW EXECUTE FUNCTION keep_concern_key();
"""
BACK = """
DROP TRIGGER keep_concern_key ON information_accessrequest;
DROP FUNCTION keep_concern_key();
DROP TRIGGER guard_seat ON information_requestseat;
DROP FUNCTION guard_seat();
DROP FUNCTION kept_from_deciding(uuid, text, uuid[]);
CREATE FUNCTION kept_from_deciding(wanted text, council uuid, candidates uuid[]) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$ SELECT ARRAY[]::uuid[] $$;
"""


class Migration(migrations.Migration):
    dependencies = [("information", "0002_walls")]
    operations = [
        migrations.AddField("accessrequest", "concern_key", models.CharField(blank=True, max_length=64)),
        migrations.RunSQL(SEATS + definer("guard_seat()") + PARTIES + definer("kept_from_deciding(uuid, text, uuid[])") + KEPT, BACK),
    ]
