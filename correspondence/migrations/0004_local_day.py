"""A post is held on the day it is in London, not on the database's own day."""

from django.db import migrations

from councils.walls import definer

TODAY = "(now() AT TIME ZONE 'Europe/London')::date"


def function(today: str) -> str:
    """SQL for the messages that the person the database answers for may read."""
    return f"""
CREATE OR REPLACE FUNCTION my_messages() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  SET plan_cache_mode = force_generic_plan AS $$
DECLARE me uuid := portal_me(); mine uuid[] := my_concerns(); today date := {today};
BEGIN
  RETURN ARRAY(
    SELECT a.message_id FROM correspondence_audience a
    WHERE a.person_id = me AND a.effective_at <= clock_timestamp()
      AND a.concern_id NOT IN (SELECT x.concern_id FROM concerns_exclusion x WHERE x.person_id = me)
      AND (a.concern_id = ANY (mine) OR (a.outside AND EXISTS (
        SELECT 1 FROM concerns_concern c JOIN councils_appointment p ON p.council_id = c.council_id
        WHERE c.id = a.concern_id AND p.person_id = me AND p.starts_on <= today AND (p.ends_on IS NULL OR p.ends_on >= today))))
  );
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("correspondence", "0003_outside_readers")]
    operations = [migrations.RunSQL(function(TODAY) + definer("my_messages()"), function("current_date"))]
