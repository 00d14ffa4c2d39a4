"""Where people are signed in, for themselves to see and end; and the language each reads in."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("councils", "0008_mailboxes")]
    operations = [
        migrations.AddField("person", "language", models.CharField(blank=True, db_default="", default="", max_length=10, verbose_name="language")),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("session_key", models.CharField(editable=False, max_length=40, unique=True)),
                ("browser", models.CharField(blank=True, default="", max_length=30, verbose_name="browser")),
                ("system", models.CharField(blank=True, default="", max_length=30, verbose_name="device")),
                ("network", models.CharField(blank=True, default="", max_length=45, verbose_name="network")),
                ("began_at", models.DateTimeField(verbose_name="signed in")),
                ("seen_at", models.DateTimeField(verbose_name="last used")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="person"
                    ),
                ),
            ],
            options={"verbose_name": "session", "verbose_name_plural": "sessions", "ordering": ("-seen_at",), "default_permissions": ()},
        ),
    ]
