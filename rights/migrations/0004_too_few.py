"""The administrator is told that something waits for another records keeper: how many matters, never which or whose."""

from django.db import migrations

from councils.walls import definer

TOO_FEW = """
CREATE FUNCTION rights_too_few() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE here uuid[] := ARRAY(SELECT a.council_id FROM councils_appointment a WHERE a.person_id = portal_me() AND a.role = 'protocol_admin'
  AND a.starts_on <= portal_today() AND (a.ends_on IS NULL OR a.ends_on >= portal_today()));
BEGIN
  IF here = '{}' THEN
    RETURN here;
  END IF;
  RETURN ARRAY(
    SELECT DISTINCT m.council_id FROM (
      SELECT d.id, d.council_id, 2 AS needed FROM rights_disposal d WHERE d.state IN ('DUE', 'ASKED')
      UNION ALL SELECT r.id, r.council_id, 2 FROM rights_subjectrequest r WHERE r.closed_at IS NULL
      UNION ALL SELECT c.id, c.council_id, 1 FROM rights_datacomplaint c WHERE c.closed_at IS NULL
      UNION ALL SELECT b.id, b.council_id, 1 FROM rights_breach b WHERE b.closed_at IS NULL) m
     WHERE m.council_id = ANY (here) AND m.needed > (
       SELECT count(*) FROM rights_seat s WHERE s.about_id = m.id AND s.until IS NULL
          AND NOT EXISTS (SELECT FROM rights_kept_out(m.id) o(who) WHERE o.who = s.person_id)));
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("rights", "0003_purge")]
    operations = [migrations.RunSQL(TOO_FEW + definer("rights_too_few()"), "DROP FUNCTION rights_too_few();")]
