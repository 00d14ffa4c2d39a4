"""Whose grants hold no more is told of everybody's own, and of another person's only where one knows of the concern oneself."""

from django.db import migrations

from councils.walls import definer

HOLDS = "{0}.starts_on <= portal_today() AND ({0}.ends_on IS NULL OR {0}.ends_on >= portal_today())"
READ = (
    "SELECT p.id FROM auth_permission p JOIN django_content_type c ON c.id = p.content_type_id "
    "WHERE c.app_label = 'concerns' AND c.model = 'concern' AND p.codename = 'read_concern'"
)


def void(asked: str, known: str) -> str:
    """SQL for the function; ``asked`` finds what whoever asks may know of, ``known`` keeps to it."""
    return f"""
CREATE OR REPLACE FUNCTION my_void(me uuid, permission integer) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE gone uuid[];
DECLARE mine uuid[];
BEGIN
  IF NOT EXISTS (SELECT 1 FROM councils_appointment a WHERE a.person_id = me AND a.ends_on < portal_today()) AND NOT EXISTS (
    SELECT 1 FROM concerns_participation p
    WHERE p.person_id = me AND p.until IS NULL AND p.reason IN ('stands_in', 'break_glass')
  ) THEN  -- nearly everybody
    RETURN '{{}}';
  END IF;
  gone := ARRAY(
    SELECT DISTINCT a.council_id FROM councils_appointment a WHERE a.person_id = me AND a.ends_on < portal_today()
      AND NOT EXISTS (SELECT 1 FROM councils_appointment b
        WHERE b.person_id = me AND b.council_id = a.council_id AND {HOLDS.format("b")}));
  IF gone = '{{}}' AND NOT EXISTS (
    SELECT 1 FROM concerns_participation p
    WHERE p.person_id = me AND p.until IS NULL AND p.reason IN ('stands_in', 'break_glass')
  ) THEN
    RETURN '{{}}';
  END IF;{asked}
  RETURN ARRAY(
    SELECT p.concern_id FROM concerns_participation p JOIN concerns_concern c ON c.id = p.concern_id
    WHERE p.person_id = me AND p.until IS NULL AND (p.reads OR permission <> ({READ})){known}
    GROUP BY p.concern_id
    HAVING bool_and(CASE
      WHEN p.capacity = 'raiser' AND c.successor_of_id IS NULL THEN false  -- party rights continue
      WHEN c.council_id = ANY (gone) THEN true
      WHEN p.reason = 'break_glass' THEN NOT EXISTS (SELECT 1 FROM concerns_breakglass b
        WHERE b.concern_id = p.concern_id AND b.asker_id = me AND b.status = 'OPEN' AND b.expires_at > portal_now())
      WHEN p.reason = 'stands_in' THEN NOT EXISTS (SELECT 1 FROM councils_appointment a
        WHERE a.person_id = me AND a.council_id = c.council_id AND a.acting_for_id IS NOT NULL
          AND a.role = p.acting_for AND {HOLDS.format("a")})
      ELSE false END));
END $$;
"""


# Asked about oneself it answers all, which is what the walls ask; my_concerns() asks about oneself, so this ends there.
ASKED = """
  IF me IS DISTINCT FROM portal_me() AND current_setting('role', true) IS DISTINCT FROM 'portal_system' THEN
    mine := my_concerns();
  END IF;"""
KNOWN = " AND (mine IS NULL OR p.concern_id = ANY (mine))"


class Migration(migrations.Migration):
    dependencies = [("concerns", "0010_digest")]
    operations = [
        migrations.RunSQL(
            void(ASKED, KNOWN) + definer("my_void(uuid, integer)"), void("", "") + definer("my_void(uuid, integer)")
        )
    ]
