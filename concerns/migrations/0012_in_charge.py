"""Who answers for something and so needs a second factor, where a council's installation asks it of those alone.

Somebody with an office that concerns go to, on a panel or another body, of an outside body with a desk, an operator, and whoever is
on a concern that isn't their own. It looks past row security and says yes or no of one person; the portal asks it of whoever is signed in.
"""

from django.db import migrations

from councils.walls import definer

IN_CHARGE = """
CREATE FUNCTION portal_in_charge(who uuid, today date) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM councils_person p WHERE p.id = who AND p.is_operator)
    OR EXISTS (
      SELECT 1 FROM councils_appointment a WHERE a.person_id = who AND a.starts_on <= today AND (a.ends_on IS NULL OR a.ends_on >= today)
        AND a.role IN (
          'protocol_admin', 'monitoring_officer', 'deputy_monitoring_officer', 'hr_panel_member', 'proper_officer', 'deputy_proper_officer',
          'acting_proper_officer', 'chief_executive', 'deputy_chief_executive'))
    OR EXISTS (
      SELECT 1 FROM councils_bodymembership m JOIN councils_body b ON b.id = m.body_id
      WHERE m.person_id = who AND b.code <> 'full_council' AND m.starts_on <= today AND (m.ends_on IS NULL OR m.ends_on >= today))
    OR EXISTS (
      SELECT 1 FROM councils_externalofficer o WHERE o.person_id = who AND o.starts_on <= today AND (o.ends_on IS NULL OR o.ends_on >= today))
    OR EXISTS (SELECT 1 FROM concerns_participation c WHERE c.person_id = who AND c.until IS NULL AND c.capacity <> 'raiser');
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("concerns", "0011_void_to_others"), ("councils", "0003_external_officers")]
    operations = [
        migrations.RunSQL(IN_CHARGE + definer("portal_in_charge(uuid, date)"), "DROP FUNCTION portal_in_charge(uuid, date)"),
    ]
