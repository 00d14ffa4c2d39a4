"""An administrator isn't told that somebody is missing where they are a party themselves: that a records keeper is kept out
would say that there is a concern between the two. Of their own request they hear only what they know: how many keep records.
"""

from django.db import migrations

TOO_FEW = """
CREATE OR REPLACE FUNCTION rights_too_few() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE me uuid := portal_me();
DECLARE here uuid[] := ARRAY(SELECT a.council_id FROM councils_appointment a WHERE a.person_id = me AND a.role = 'protocol_admin'
  AND a.starts_on <= portal_today() AND (a.ends_on IS NULL OR a.ends_on >= portal_today()));
BEGIN
  IF here = '{}' THEN
    RETURN here;
  END IF;
  RETURN ARRAY(
    SELECT DISTINCT m.council_id FROM (
      SELECT d.id, d.council_id, 2 AS needed, NULL::uuid AS asks FROM rights_disposal d WHERE d.state IN ('DUE', 'ASKED')
      UNION ALL SELECT r.id, r.council_id, 2, r.requester_id FROM rights_subjectrequest r WHERE r.closed_at IS NULL
      UNION ALL SELECT c.id, c.council_id, 1, c.complainant_id FROM rights_datacomplaint c WHERE c.closed_at IS NULL
      UNION ALL SELECT b.id, b.council_id, 1, NULL FROM rights_breach b WHERE b.closed_at IS NULL) m
     WHERE m.council_id = ANY (here) AND m.needed > (
       CASE WHEN m.asks = me THEN (
         SELECT count(*) FROM rights_keeper k WHERE k.council_id = m.council_id AND k.until IS NULL AND k.person_id <> me)
       WHEN EXISTS (SELECT FROM rights_kept_out(m.id) o(who) WHERE o.who = me) THEN m.needed
       ELSE (
         SELECT count(*) FROM rights_seat s WHERE s.about_id = m.id AND s.until IS NULL
            AND NOT EXISTS (SELECT FROM rights_kept_out(m.id) o(who) WHERE o.who = s.person_id)) END));
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("rights", "0004_too_few")]
    operations = [migrations.RunSQL(TOO_FEW, migrations.RunSQL.noop)]
