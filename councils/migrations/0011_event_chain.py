"""A council's own record of changes is a chain: what each line is linked with. The database fills it (concerns 0015)."""

from django.db import migrations, models


def column(name: str) -> migrations.AddField:
    """One of the chain's text columns."""
    return migrations.AddField(
        "councilevent", name, models.CharField(blank=True, default="", editable=False, max_length=64, verbose_name=name)
    )


class Migration(migrations.Migration):
    dependencies = [("councils", "0010_who_changed_days")]
    operations = [
        migrations.AddField("councilevent", "seq", models.PositiveIntegerField(default=0, editable=False, verbose_name="seq")),
        column("prev_hash"),
        column("hash"),
    ]
