"""Where what wasn't delivered reached nobody who deals with a concern, its raiser may have it sent again, or tell them.

Whoever runs a panel, and whoever finds somebody to take it, deal with it as well.
"""

from django.db import migrations

DEALS = "('handler', 'recipient', 'decider', 'liaison', 'convener', 'exception_holder')"
BEFORE = "('handler', 'recipient', 'decider', 'liaison')"
LEFT = f"""
    OR (whom <> me AND EXISTS (SELECT 1 FROM concerns_concern c WHERE c.id = wanted AND c.raiser_id = me)
      AND NOT EXISTS (SELECT 1 FROM concerns_participation o WHERE o.concern_id = wanted AND o.until IS NULL
        AND o.capacity IN {DEALS} AND o.person_id <> me AND NOT EXISTS (SELECT 1 FROM concerns_notice m
          WHERE m.concern_id = wanted AND m.person_id = o.person_id AND m.failed_at IS NOT NULL AND m.settled_at IS NULL)))"""


def settle(deals: str, left: str) -> str:
    """SQL for who may settle: those who deal with it, and whoever is left."""
    return f"""
CREATE OR REPLACE FUNCTION settle_notices(wanted uuid, whom uuid, again boolean, at timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE me uuid := portal_me();
DECLARE settled integer;
BEGIN
  IF NOT coalesce(wanted = ANY (my_concerns()) AND (EXISTS (
    SELECT 1 FROM concerns_participation p WHERE p.concern_id = wanted AND p.person_id = me AND p.until IS NULL
      AND p.capacity IN {deals}
  ){left}), false) THEN
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
"""


class Migration(migrations.Migration):
    dependencies = [("concerns", "0013_glass_words")]
    operations = [migrations.RunSQL(settle(DEALS, LEFT), settle(BEFORE, ""))]
