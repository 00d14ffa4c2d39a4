"""A council's own numbers of days: whole numbers from 1 to 365, whatever writes them."""

from django.db import migrations, models

SOUND = "NOT jsonb_path_exists(targets, '$.* ? (@.type() != \"number\" || @ < 1 || @ > 365 || @.floor() != @)')"


class Migration(migrations.Migration):
    dependencies = [("councils", "0005_absences")]
    operations = [
        migrations.AddField(
            model_name="council",
            name="targets",
            field=models.JSONField(blank=True, default=dict, editable=False, verbose_name="targets"),
        ),
        migrations.RunSQL(
            "ALTER TABLE councils_council ALTER COLUMN targets SET DEFAULT '{}';"
            f"ALTER TABLE councils_council ADD CONSTRAINT council_targets_sound CHECK (jsonb_typeof(targets) = 'object' AND {SOUND});",
            "ALTER TABLE councils_council DROP CONSTRAINT IF EXISTS council_targets_sound;"
            "ALTER TABLE councils_council ALTER COLUMN targets DROP DEFAULT;",
        ),
    ]
