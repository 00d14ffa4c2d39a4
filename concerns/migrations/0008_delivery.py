"""Notices that could not be delivered: who has dealt with it, and how many there are.

The wall lets nobody change a notice. Whoever deals with the concern may have one sent again, or say that they told the
person themselves, through ``settle_notices``; it touches notices that were given up and no other.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from councils.walls import definer

FUNCTIONS = """
CREATE FUNCTION settle_notices(wanted uuid, whom uuid, again boolean, at timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE me uuid := portal_me();
DECLARE settled integer;
BEGIN
  IF NOT wanted = ANY (my_concerns()) OR NOT EXISTS (
    SELECT 1 FROM concerns_participation p WHERE p.concern_id = wanted AND p.person_id = me AND p.until IS NULL
      AND p.capacity IN ('handler', 'recipient', 'decider', 'liaison')
  ) THEN
    RETURN 0;
  END IF;
  UPDATE concerns_notice SET settled_at = at, settled_by_id = me
    WHERE concern_id = wanted AND person_id = whom AND failed_at IS NOT NULL AND settled_at IS NULL;
  GET DIAGNOSTICS settled = ROW_COUNT;
  IF again AND settled > 0 THEN
    INSERT INTO concerns_notice (id, concern_id, person_id, kind, created_at, due_at, attempts, last_error)
      SELECT gen_random_uuid(), n.concern_id, n.person_id, n.kind, at, at, 0, '' FROM concerns_notice n
      WHERE n.concern_id = wanted AND n.person_id = whom AND n.settled_at = at AND n.settled_by_id = me
      ORDER BY n.created_at DESC LIMIT 1;
  END IF;
  RETURN settled;
END $$;
CREATE FUNCTION portal_queue(at timestamptz, OUT waiting bigint, OUT oldest timestamptz, OUT failed bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT (SELECT count(*) FROM concerns_notice WHERE sent_at IS NULL AND failed_at IS NULL AND due_at <= at),
         (SELECT min(due_at) FROM concerns_notice WHERE sent_at IS NULL AND failed_at IS NULL AND due_at <= at),
         (SELECT count(*) FROM concerns_notice WHERE failed_at IS NOT NULL AND settled_at IS NULL)
$$;
GRANT INSERT, UPDATE ON concerns_notice TO portal_definer;
"""
BACK = """
DROP FUNCTION settle_notices(uuid, uuid, boolean, timestamptz); DROP FUNCTION portal_queue(timestamptz);
REVOKE INSERT, UPDATE ON concerns_notice FROM portal_definer;
"""


class Migration(migrations.Migration):
    dependencies = [("concerns", "0007_who_is_told"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.AddField("notice", "settled_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "notice",
            "settled_by",
            models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            "notice",
            models.Index(
                condition=models.Q(("failed_at__isnull", False), ("settled_at__isnull", True)), fields=["concern"], name="notice_failed"
            ),
        ),
        migrations.RunSQL(
            FUNCTIONS
            + definer("settle_notices(uuid, uuid, boolean, timestamptz)")
            + definer("portal_queue(timestamptz)"),
            BACK,
        ),
    ]
