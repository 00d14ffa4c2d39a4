"""What was changed about a council is a chain too, like the trail of concerns (0006): same head, same anchors, same proof."""

from importlib import import_module

from django.db import migrations

from councils.walls import definer

TRAIL = import_module("concerns.migrations.0006_trail")
OF = f"coalesce({{0}}.council, {TRAIL.NOBODY})"
LINE = TRAIL.line(
    f"{OF.format('e')}::text", "e.seq::text", "e.prev_hash", "e.id::text", "e.kind", f"to_char(e.at AT TIME ZONE 'UTC', '{TRAIL.MOMENT}')",
    "e.by_id::text", "e.by_name", "e.detail::text", "''",
)  # fmt: skip
FUNCTIONS = f"""
CREATE FUNCTION council_event_hash(e councils_councilevent) RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT encode(sha256({LINE}), 'hex')
$$;
CREATE FUNCTION chain_council_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE head concerns_trailhead;
DECLARE of_chain uuid := {OF.format("NEW")};
BEGIN
  SELECT * INTO head FROM concerns_trailhead h WHERE h.concern_id = of_chain FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO concerns_trailhead AS h (concern_id, council_id, seq, hash, renewals, renewed, anchored)
    VALUES (of_chain, of_chain, 0, '', 0, '', false)
    ON CONFLICT (concern_id) DO UPDATE SET anchored = false RETURNING * INTO head;
  END IF;
  NEW.seq := head.seq + 1;
  NEW.prev_hash := head.hash;
  NEW.hash := council_event_hash(NEW);
  UPDATE concerns_trailhead h SET seq = NEW.seq, hash = NEW.hash, anchored = false WHERE h.concern_id = of_chain;
  RETURN NEW;
END $$;
GRANT EXECUTE ON FUNCTION council_event_hash(councils_councilevent) TO portal_definer;
"""
# Lines from before are chained in the order they were written in, as far as that is known.
FORMER = f"""
ALTER TABLE councils_councilevent DISABLE TRIGGER USER;
GRANT SELECT, UPDATE (seq, prev_hash, hash) ON councils_councilevent TO portal_definer;
SET LOCAL ROLE portal_definer;
DO $$
DECLARE e councils_councilevent;
DECLARE last uuid;
DECLARE n integer;
DECLARE link text;
BEGIN
  FOR e IN SELECT * FROM councils_councilevent v ORDER BY {OF.format("v")}, v.at, v.id LOOP
    IF last IS DISTINCT FROM {OF.format("e")} THEN
      last := {OF.format("e")}; n := 0; link := '';
    END IF;
    n := n + 1;
    e.seq := n; e.prev_hash := link; e.hash := council_event_hash(e); link := e.hash;
    UPDATE councils_councilevent v SET seq = e.seq, prev_hash = e.prev_hash, hash = e.hash WHERE v.id = e.id;
  END LOOP;
  INSERT INTO concerns_trailhead (concern_id, council_id, seq, hash, renewals, renewed, anchored)
  SELECT DISTINCT ON ({OF.format("v")}) {OF.format("v")}, {OF.format("v")}, v.seq, v.hash, 0, '', false
    FROM councils_councilevent v ORDER BY {OF.format("v")}, v.seq DESC;
END $$;
RESET ROLE;
SET LOCAL ROLE portal_owner;
REVOKE SELECT, UPDATE (seq, prev_hash, hash) ON councils_councilevent FROM portal_definer;
ALTER TABLE councils_councilevent ENABLE TRIGGER USER;
"""
TRIGGERS = """
CREATE UNIQUE INDEX council_event_chain ON councils_councilevent (council, seq) NULLS NOT DISTINCT;
CREATE TRIGGER chain_council_event BEFORE INSERT ON councils_councilevent FOR EACH ROW EXECUTE FUNCTION chain_council_event();
CREATE TRIGGER keep_council_events BEFORE TRUNCATE ON councils_councilevent FOR EACH STATEMENT EXECUTE FUNCTION keep_trail();
"""
BACK = """
DROP TRIGGER chain_council_event ON councils_councilevent; DROP TRIGGER keep_council_events ON councils_councilevent;
DROP INDEX council_event_chain; DROP FUNCTION chain_council_event(); DROP FUNCTION council_event_hash(councils_councilevent);
"""


class Migration(migrations.Migration):
    dependencies = [("concerns", "0014_unreached"), ("councils", "0011_event_chain")]
    operations = [
        migrations.RunSQL(FUNCTIONS + FORMER, migrations.RunSQL.noop),
        migrations.RunSQL(definer("chain_council_event()") + TRIGGERS, BACK),
    ]
