"""The day's digest is kept until it has left, so that asking for it twice changes nothing."""

from django.db import migrations, models

from councils.walls import unwall, wall

WALL = wall("concerns_traildigest", "false", "false", "false", "false") + (
    "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON concerns_traildigest FROM portal_app, portal_system;\n"
    "GRANT INSERT, UPDATE (mailed_at) ON concerns_traildigest TO portal_system;\n"
)


class Migration(migrations.Migration):

    dependencies = [("concerns", "0009_glass")]

    operations = [
        migrations.CreateModel(
            name="TrailDigest",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("text", models.TextField()),
                ("mailed_at", models.DateTimeField(null=True)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunSQL(WALL, unwall("concerns_traildigest")),
    ]
