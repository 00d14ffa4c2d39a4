"""Whoever may add a line to a matter's trail adds it as themselves: nobody writes down what somebody else did."""

from django.db import migrations

from councils.walls import ME

SEATED = "about_id IN (SELECT unnest((SELECT my_rights())))"
OWN = "about_id IN (SELECT unnest((SELECT my_own_rights())))"


def policy(check: str) -> str:
    """SQL for who may add a line."""
    return f"DROP POLICY add ON rights_line; CREATE POLICY add ON rights_line FOR INSERT TO portal_app WITH CHECK ({check});"


class Migration(migrations.Migration):
    dependencies = [("rights", "0005_too_few_for_others")]
    operations = [migrations.RunSQL(policy(f"({SEATED} OR {OWN}) AND by_id = {ME}"), policy(f"{SEATED} OR {OWN}"))]
