"""Access to a referral is ended, never begun anew or given to somebody else in the same row."""

from django.db import migrations

GUARD = """
CREATE FUNCTION guard_referral_access() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kept text[] := ARRAY['until', 'ended_reason'];
BEGIN
  IF to_jsonb(NEW) - kept IS DISTINCT FROM to_jsonb(OLD) - kept OR OLD.until IS NOT NULL OR NEW.until IS NULL THEN
    RAISE EXCEPTION 'access is ended once, nothing else about it changes' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_referral_access BEFORE UPDATE ON referrals_referralaccess
  FOR EACH ROW EXECUTE FUNCTION guard_referral_access();
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0002_walls")]
    operations = [migrations.RunSQL(GUARD, migrations.RunSQL.noop)]
