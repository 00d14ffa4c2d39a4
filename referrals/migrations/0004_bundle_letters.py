"""A bundle knows the files it was made from, and both sides are told when a virus is found in one. Access is ended by
whoever holds it or follows the referral, not by everybody who knows that there is one."""

import django.contrib.postgres.fields
from django.db import migrations, models

from councils.walls import ME, MINE, READABLE, definer

INFECTED = """
CREATE FUNCTION bundle_infected(wanted uuid) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT ARRAY(
    SELECT d.id FROM referrals_bundle b JOIN concerns_document d ON d.id = ANY (b.documents) AND d.scan = 'infected'
     WHERE b.id = wanted AND (b.concern_id = ANY (my_readable()) OR b.referral_id = ANY (my_referrals())))
$$;
GRANT SELECT ON concerns_document TO portal_definer;
""" + definer("bundle_infected(uuid)")
ACCESS = f"ALTER POLICY change ON referrals_referralaccess USING (concern_id {READABLE} OR person_id = {ME}) WITH CHECK (concern_id {READABLE} OR person_id = {ME});"
BACK = f"ALTER POLICY change ON referrals_referralaccess USING (concern_id {MINE} OR person_id = {ME}) WITH CHECK (concern_id {MINE} OR person_id = {ME}); DROP FUNCTION bundle_infected(uuid);"


class Migration(migrations.Migration):
    dependencies = [("referrals", "0003_access_ends"), ("concerns", "0005_files")]
    operations = [
        migrations.AddField(
            "bundle", "documents", django.contrib.postgres.fields.ArrayField(models.UUIDField(), default=list)
        ),
        migrations.AddField("referral", "serious", models.BooleanField(null=True)),
        migrations.AddField("referral", "repeated", models.BooleanField(null=True)),
        migrations.RunSQL(INFECTED + ACCESS, BACK),
    ]
