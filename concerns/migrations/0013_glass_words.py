"""What was asked, what was answered, and when the other person was shown it, stay as they were: also their words."""

from django.db import migrations

KEPT = """
CREATE FUNCTION keep_glass_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user = 'portal_system' THEN  -- the portal itself shows it to the other person, and encrypts anew
    RETURN NEW;
  END IF;
  IF (NEW.reason, NEW.shown_at) IS DISTINCT FROM (OLD.reason, OLD.shown_at) THEN
    RAISE EXCEPTION 'what was asked stays as it was asked' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF (NEW.answer, NEW.answered_at) IS DISTINCT FROM (OLD.answer, OLD.answered_at)
     AND (OLD.answered_at IS NOT NULL OR portal_me() IS DISTINCT FROM OLD.approver_id) THEN
    RAISE EXCEPTION 'only the other person answers, and once' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_glass_words BEFORE UPDATE ON concerns_breakglass FOR EACH ROW EXECUTE FUNCTION keep_glass_words();
"""


class Migration(migrations.Migration):
    dependencies = [("concerns", "0012_in_charge")]
    operations = [
        migrations.RunSQL(KEPT, "DROP TRIGGER keep_glass_words ON concerns_breakglass; DROP FUNCTION keep_glass_words();")
    ]
