"""Who was sent a message without being on the concern: everybody who reads the concern may know their names, none of the words."""

from django.db import migrations

from councils.walls import definer

FUNCTION = """
CREATE FUNCTION outside_readers(wanted uuid) RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  IF wanted <> ALL (my_readable()) THEN
    RETURN '{}';
  END IF;
  RETURN ARRAY(
    SELECT DISTINCT p.full_name FROM correspondence_audience a JOIN councils_person p ON p.id = a.person_id
    WHERE a.concern_id = wanted AND a.outside AND a.effective_at <= clock_timestamp() ORDER BY p.full_name
  );
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("correspondence", "0002_walls")]
    operations = [
        migrations.RunSQL(
            FUNCTION + "GRANT SELECT ON councils_person TO portal_definer;\n" + definer("outside_readers(uuid)"),
            "DROP FUNCTION outside_readers(uuid);",
        )
    ]
