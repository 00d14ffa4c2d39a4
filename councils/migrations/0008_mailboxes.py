"""Addresses that a mail server has refused for good: an address, no day and no reason, so that it tells nothing of any case."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("councils", "0007_reviews")]
    operations = [
        migrations.CreateModel(
            name="RefusedMailbox",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="+", serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunSQL("REVOKE INSERT, UPDATE, DELETE ON councils_refusedmailbox FROM portal_app", migrations.RunSQL.noop),
    ]
