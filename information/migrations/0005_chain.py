"""The trail of requests and questions is a chain too, like that of concerns (concerns 0006): same head, same anchors, same proof."""

from importlib import import_module

from django.db import migrations, models

from councils.walls import definer

TRAIL = import_module("concerns.migrations.0006_trail")

LINE = TRAIL.line(
    "e.about_id::text", "e.seq::text", "e.prev_hash", "e.id::text", "e.type", f"to_char(e.at AT TIME ZONE 'UTC', '{TRAIL.MOMENT}')",
    "e.by_id::text", "e.by_name", "e.part", "e.hat", "e.acting_for", "e.from_state", "e.to_state", "e.protocol_label",
    "e.cites::text", "e.facts::text", "e.reason_hash",
)
COUNCIL = "coalesce(" + ", ".join(
    f"(SELECT x.council_id FROM {table} x WHERE x.id = {{about}})"
    for table in ("information_accessrequest", "information_guidancequestion", "information_arrangement")
) + f", {TRAIL.NOBODY})"

FUNCTIONS = f"""
CREATE FUNCTION request_line_hash(e information_line) RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT encode(sha256({LINE}), 'hex')
$$;
CREATE FUNCTION chain_request_line() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE head concerns_trailhead;
BEGIN
  SELECT * INTO head FROM concerns_trailhead h WHERE h.concern_id = NEW.about_id FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO concerns_trailhead AS h (concern_id, council_id, seq, hash, renewals, renewed, anchored)
    VALUES (NEW.about_id, {COUNCIL.format(about="NEW.about_id")}, 0, '', 0, '', false)
    ON CONFLICT (concern_id) DO UPDATE SET anchored = false RETURNING * INTO head;
  END IF;
  NEW.seq := head.seq + 1;
  NEW.prev_hash := head.hash;
  NEW.reason_hash := checksum(NEW.reason);
  NEW.hash := request_line_hash(NEW);
  UPDATE concerns_trailhead h SET seq = NEW.seq, hash = NEW.hash, anchored = false WHERE h.concern_id = NEW.about_id;
  RETURN NEW;
END $$;
CREATE FUNCTION note_request_renewal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE head concerns_trailhead;
DECLARE was text := checksum(OLD.reason);
DECLARE is_now text := checksum(NEW.reason);
BEGIN
  IF was = is_now THEN
    RETURN NULL;
  END IF;
  SELECT * INTO head FROM concerns_trailhead h WHERE h.concern_id = NEW.about_id FOR UPDATE;
  INSERT INTO concerns_trailrenewal (id, concern_id, n, event_id, at, before, after)
  VALUES (gen_random_uuid(), NEW.about_id, head.renewals + 1, NEW.id, now(), was, is_now);
  UPDATE concerns_trailhead h
     SET renewals = head.renewals + 1, anchored = false,
         renewed = encode(sha256(convert_to(concat_ws(',', head.renewed, head.renewals + 1, NEW.id, was, is_now), 'UTF8')), 'hex')
   WHERE h.concern_id = NEW.about_id;
  RETURN NULL;
END $$;
GRANT SELECT ON information_accessrequest, information_guidancequestion, information_arrangement TO portal_definer;
GRANT EXECUTE ON FUNCTION request_line_hash(information_line) TO portal_definer;
"""

# Lines from before are chained in the order they are shown in.
FORMER = f"""
ALTER TABLE information_line DISABLE TRIGGER keep_line;
GRANT UPDATE (seq, prev_hash, reason_hash, hash) ON information_line TO portal_definer;
SET LOCAL ROLE portal_definer;
DO $$
DECLARE e information_line;
DECLARE last information_line;
BEGIN
  FOR e IN SELECT * FROM information_line ORDER BY about_id, at, id LOOP
    IF last.about_id IS DISTINCT FROM e.about_id THEN
      last.seq := 0; last.hash := '';
    END IF;
    e.seq := last.seq + 1; e.prev_hash := last.hash; e.reason_hash := checksum(e.reason);
    e.hash := request_line_hash(e);
    UPDATE information_line v SET seq = e.seq, prev_hash = e.prev_hash, reason_hash = e.reason_hash, hash = e.hash WHERE v.id = e.id;
    last := e;
  END LOOP;
  INSERT INTO concerns_trailhead (concern_id, council_id, seq, hash, renewals, renewed, anchored)
  SELECT DISTINCT ON (v.about_id) v.about_id, {COUNCIL.format(about="v.about_id")}, v.seq, v.hash, 0, '', false
    FROM information_line v ORDER BY v.about_id, v.seq DESC;
END $$;
RESET ROLE;
SET LOCAL ROLE portal_owner;
REVOKE UPDATE (seq, prev_hash, reason_hash, hash) ON information_line FROM portal_definer;
ALTER TABLE information_line ENABLE TRIGGER keep_line;
"""
TRIGGERS = """
CREATE TRIGGER chain_line BEFORE INSERT ON information_line FOR EACH ROW EXECUTE FUNCTION chain_request_line();
CREATE TRIGGER note_renewal AFTER UPDATE OF reason ON information_line FOR EACH ROW EXECUTE FUNCTION note_request_renewal();
CREATE TRIGGER keep_all_lines BEFORE TRUNCATE ON information_line FOR EACH STATEMENT EXECUTE FUNCTION keep_trail();
"""
BACK = """
DROP TRIGGER chain_line ON information_line; DROP TRIGGER note_renewal ON information_line; DROP TRIGGER keep_all_lines ON information_line;
DROP FUNCTION chain_request_line(); DROP FUNCTION note_request_renewal(); DROP FUNCTION request_line_hash(information_line);
"""


def column(name: str) -> migrations.AddField:
    """One of the chain's text columns."""
    return migrations.AddField("line", name, models.CharField(blank=True, default="", editable=False, max_length=64), preserve_default=False)


class Migration(migrations.Migration):

    dependencies = [("information", "0004_arrangements"), ("concerns", "0006_trail")]

    operations = [
        migrations.AddField("line", "seq", models.PositiveIntegerField(default=0, editable=False)),
        column("prev_hash"),
        column("reason_hash"),
        column("hash"),
        migrations.RunSQL(FUNCTIONS + FORMER, migrations.RunSQL.noop),
        migrations.AddConstraint("line", models.UniqueConstraint(fields=("about_id", "seq"), name="line_chain")),
        migrations.RunSQL(definer("chain_request_line()") + definer("note_request_renewal()") + TRIGGERS, BACK),
    ]
