"""When somebody was named to act for another, and who changed what counts days: nobody steers a case they are kept out of."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("councils", "0009_sign_ins")]
    operations = [
        migrations.AddField(
            "appointment", "made_at", models.DateTimeField(editable=False, null=True, verbose_name="made")
        ),
        migrations.AddField(
            "council",
            "day_changes",
            models.JSONField(blank=True, default=list, editable=False, verbose_name="changes of days"),
        ),
        migrations.RunSQL(
            "ALTER TABLE councils_council ALTER COLUMN day_changes SET DEFAULT '[]';"
            "ALTER TABLE councils_council ADD CONSTRAINT council_day_changes_list CHECK (jsonb_typeof(day_changes) = 'array');",
            "ALTER TABLE councils_council DROP CONSTRAINT IF EXISTS council_day_changes_list;"
            "ALTER TABLE councils_council ALTER COLUMN day_changes DROP DEFAULT;",
        ),
    ]
