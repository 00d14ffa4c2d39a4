"""Whoever may add a line to a request's, a question's or an agreement's trail adds it as themselves."""

from django.db import migrations

from councils.walls import ME

ABOUT = " OR ".join(f"about_id IN (SELECT unnest((SELECT {name}())))" for name in ("my_requests", "my_questions", "my_arrangements"))
POLICY = "ALTER POLICY add ON information_line WITH CHECK ({});"


class Migration(migrations.Migration):
    dependencies = [("information", "0005_chain")]
    operations = [migrations.RunSQL(POLICY.format(f"({ABOUT}) AND by_id = {ME}"), POLICY.format(ABOUT))]
