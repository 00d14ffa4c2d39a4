"""The trail shows every change to it: events are links of a chain, the chains' ends are anchored in a chain of the council.

Whoever writes an event (an action, a trigger, COPY) chains it, in the trigger: the link before is read, and its row
locked, where each chain ends. What is hashed is every column, as text with its length in front; of the reason its
checksum, which stays when it is encrypted anew or erased. That is written down too, and chained.
"""

import uuid

from django.db import migrations, models

from councils.walls import definer, unwall, wall

TABLES = ("concerns_trailhead", "concerns_trailrenewal", "concerns_trailanchor", "concerns_erasure")
NOBODY = "'00000000-0000-0000-0000-000000000000'"
MOMENT = "YYYY-MM-DD\"T\"HH24:MI:SS.US"


def line(*parts: str) -> str:
    """SQL for what is hashed: each part's length and text, "~" for what is null."""
    array = ", ".join(parts)
    return (
        "convert_to((SELECT string_agg(coalesce(octet_length(p) || ':' || p, '~'), ',' ORDER BY n) "
        f"FROM unnest(ARRAY[{array}]::text[]) WITH ORDINALITY AS t(p, n)), 'UTF8')"
    )


EVENT_LINE = line(
    "e.concern_id::text", "e.seq::text", "e.prev_hash", "e.id::text", "e.type", f"to_char(e.at AT TIME ZONE 'UTC', '{MOMENT}')",
    "e.by_id::text", "e.by_name", "e.capacity", "e.hat", "e.acting_for", "e.from_state", "e.to_state", "e.rule_id", "e.protocol_label",
    "e.cites::text", "e.facts::text", "e.reason_hash",
)
ANCHOR_LINE = line("of_council::text", "made.seq::text", f"to_char(moment AT TIME ZONE 'UTC', '{MOMENT}')", "made.prev_hash", "found::text")

FUNCTIONS = f"""
CREATE FUNCTION event_hash(e concerns_event) RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT encode(sha256({EVENT_LINE}), 'hex')
$$;
CREATE FUNCTION checksum(of bytea) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN of IS NULL THEN '' ELSE encode(sha256(of), 'hex') END
$$;
CREATE FUNCTION chain_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE head concerns_trailhead;
BEGIN
  SELECT * INTO head FROM concerns_trailhead h WHERE h.concern_id = NEW.concern_id FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO concerns_trailhead AS h (concern_id, council_id, seq, hash, renewals, renewed, anchored)
    VALUES (NEW.concern_id, coalesce((SELECT c.council_id FROM concerns_concern c WHERE c.id = NEW.concern_id), {NOBODY}), 0, '', 0, '', false)
    ON CONFLICT (concern_id) DO UPDATE SET anchored = false RETURNING * INTO head;
  END IF;
  NEW.seq := head.seq + 1;
  NEW.prev_hash := head.hash;
  NEW.reason_hash := checksum(NEW.reason);
  NEW.hash := event_hash(NEW);
  UPDATE concerns_trailhead h SET seq = NEW.seq, hash = NEW.hash, anchored = false WHERE h.concern_id = NEW.concern_id;
  RETURN NEW;
END $$;
CREATE FUNCTION note_renewal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE head concerns_trailhead;
DECLARE was text := checksum(OLD.reason);
DECLARE is_now text := checksum(NEW.reason);
BEGIN
  IF was = is_now THEN
    RETURN NULL;
  END IF;
  SELECT * INTO head FROM concerns_trailhead h WHERE h.concern_id = NEW.concern_id FOR UPDATE;
  INSERT INTO concerns_trailrenewal (id, concern_id, n, event_id, at, before, after)
  VALUES (gen_random_uuid(), NEW.concern_id, head.renewals + 1, NEW.id, now(), was, is_now);
  UPDATE concerns_trailhead h
     SET renewals = head.renewals + 1, anchored = false,
         renewed = encode(sha256(convert_to(concat_ws(',', head.renewed, head.renewals + 1, NEW.id, was, is_now), 'UTF8')), 'hex')
   WHERE h.concern_id = NEW.concern_id;
  RETURN NULL;
END $$;
CREATE FUNCTION anchor_trail(of_council uuid, moment timestamptz, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found jsonb;
DECLARE made concerns_trailanchor;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('trail ' || of_council::text, 0));
  -- a chain that is being written to at this moment is for the next time: nobody waits
  WITH taken AS (
    SELECT h.concern_id FROM concerns_trailhead h WHERE h.council_id = of_council AND NOT h.anchored
     ORDER BY h.concern_id LIMIT most FOR UPDATE SKIP LOCKED
  ), noted AS (
    UPDATE concerns_trailhead h SET anchored = true FROM taken t WHERE h.concern_id = t.concern_id
    RETURNING h.concern_id, h.seq, h.hash, h.renewals, h.renewed
  )
  SELECT jsonb_agg(jsonb_build_array(n.concern_id, n.seq, n.hash, n.renewals, n.renewed) ORDER BY n.concern_id) INTO found FROM noted n;
  IF found IS NULL THEN
    RETURN 0;
  END IF;
  SELECT coalesce(max(a.seq), 0) + 1 INTO made.seq FROM concerns_trailanchor a WHERE a.council_id = of_council;
  SELECT coalesce((SELECT a.hash FROM concerns_trailanchor a WHERE a.council_id = of_council AND a.seq = made.seq - 1), '') INTO made.prev_hash;
  INSERT INTO concerns_trailanchor (id, council_id, seq, at, heads, prev_hash, hash)
  VALUES (gen_random_uuid(), of_council, made.seq, moment, found, made.prev_hash, encode(sha256({ANCHOR_LINE}), 'hex'));
  RETURN jsonb_array_length(found);
END $$;
CREATE FUNCTION note_erasure() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE gone uuid;
BEGIN
  IF TG_TABLE_NAME = 'concerns_narrative' THEN
    gone := OLD.concern_id;
  ELSE
    gone := OLD.id;
  END IF;
  INSERT INTO concerns_erasure (id, kind, row_id, at)
  VALUES (gen_random_uuid(), CASE TG_OP WHEN 'DELETE' THEN TG_TABLE_NAME ELSE 'purged' END, gone, now());
  RETURN NULL;
END $$;
CREATE FUNCTION keep_trail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the trail is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
GRANT SELECT, INSERT, UPDATE ON concerns_trailhead TO portal_definer;
GRANT SELECT, INSERT ON concerns_trailrenewal, concerns_trailanchor, concerns_erasure TO portal_definer;
GRANT EXECUTE ON FUNCTION event_hash(concerns_event), checksum(bytea) TO portal_definer;
"""

# Events from before are chained in the order they are shown in.
FORMER = """
ALTER TABLE concerns_event DISABLE TRIGGER keep_event;
GRANT UPDATE (seq, prev_hash, reason_hash, hash) ON concerns_event TO portal_definer;
SET LOCAL ROLE portal_definer;
DO $$
DECLARE e concerns_event;
DECLARE last concerns_event;
BEGIN
  FOR e IN SELECT * FROM concerns_event ORDER BY concern_id, at, id LOOP
    IF last.concern_id IS DISTINCT FROM e.concern_id THEN
      last.seq := 0; last.hash := '';
    END IF;
    e.seq := last.seq + 1; e.prev_hash := last.hash; e.reason_hash := checksum(e.reason);
    e.hash := event_hash(e);
    UPDATE concerns_event v SET seq = e.seq, prev_hash = e.prev_hash, reason_hash = e.reason_hash, hash = e.hash WHERE v.id = e.id;
    last := e;
  END LOOP;
  INSERT INTO concerns_trailhead (concern_id, council_id, seq, hash, renewals, renewed, anchored)
  SELECT DISTINCT ON (v.concern_id) v.concern_id, coalesce(c.council_id, '00000000-0000-0000-0000-000000000000'), v.seq, v.hash, 0, '', false
    FROM concerns_event v LEFT JOIN concerns_concern c ON c.id = v.concern_id ORDER BY v.concern_id, v.seq DESC;
END $$;
RESET ROLE;
SET LOCAL ROLE portal_owner;
REVOKE UPDATE (seq, prev_hash, reason_hash, hash) ON concerns_event FROM portal_definer;
ALTER TABLE concerns_event ENABLE TRIGGER keep_event;
"""

OWNERS = (
    "".join(definer(name) for name in ("chain_event()", "note_renewal()", "note_erasure()", "anchor_trail(uuid, timestamptz, integer)"))
    + "REVOKE EXECUTE ON FUNCTION anchor_trail(uuid, timestamptz, integer) FROM portal_app;\n"
)
# Nobody sees these; system work may read them, and only the functions write.
WALLS = "".join(wall(table, "false", "false", "false", "false") for table in TABLES) + (
    f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {', '.join(TABLES)} FROM portal_app, portal_system;\n"
)
ERASED = ("concerns_concern", "concerns_narrative", "concerns_document")
TRIGGERS = """
CREATE TRIGGER chain_event BEFORE INSERT ON concerns_event FOR EACH ROW EXECUTE FUNCTION chain_event();
CREATE TRIGGER note_renewal AFTER UPDATE OF reason ON concerns_event FOR EACH ROW EXECUTE FUNCTION note_renewal();
CREATE TRIGGER keep_all_events BEFORE TRUNCATE ON concerns_event FOR EACH STATEMENT EXECUTE FUNCTION keep_trail();
CREATE TRIGGER note_purge AFTER UPDATE OF state ON concerns_concern
  FOR EACH ROW WHEN (NEW.state = 'REDIRECTED' AND OLD.state <> 'REDIRECTED') EXECUTE FUNCTION note_erasure();
"""
TRIGGERS += "".join(
    f"CREATE TRIGGER keep_trail BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION keep_trail();\n"
    for table in TABLES[1:]
)
TRIGGERS += "".join(f"CREATE TRIGGER note_erasure AFTER DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION note_erasure();\n" for table in ERASED)

BACK = (
    "".join(f"DROP TRIGGER note_erasure ON {table};\n" for table in ERASED)
    + "DROP TRIGGER chain_event ON concerns_event; DROP TRIGGER note_renewal ON concerns_event;\n"
    + "DROP TRIGGER keep_all_events ON concerns_event; DROP TRIGGER note_purge ON concerns_concern;\n"
    + "".join(f"DROP TRIGGER keep_trail ON {table};\n" for table in TABLES[1:])
    + "".join(unwall(table) for table in TABLES)
    + "DROP FUNCTION chain_event(); DROP FUNCTION note_renewal(); DROP FUNCTION anchor_trail(uuid, timestamptz, integer);\n"
    + "DROP FUNCTION note_erasure(); DROP FUNCTION keep_trail(); DROP FUNCTION event_hash(concerns_event); DROP FUNCTION checksum(bytea);"
)


class Migration(migrations.Migration):

    dependencies = [("concerns", "0005_files")]

    operations = [
        migrations.CreateModel(
            name="TrailHead",
            fields=[
                ("concern_id", models.UUIDField(primary_key=True, serialize=False)),
                ("council_id", models.UUIDField()),
                ("seq", models.PositiveIntegerField()),
                ("hash", models.CharField(blank=True, max_length=64)),
                ("renewals", models.PositiveIntegerField(default=0)),
                ("renewed", models.CharField(blank=True, max_length=64)),
                ("anchored", models.BooleanField(default=False)),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(condition=models.Q(("anchored", False)), fields=["council_id"], name="trail_to_anchor")],
            },
        ),
        migrations.CreateModel(
            name="TrailRenewal",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("concern_id", models.UUIDField()),
                ("n", models.PositiveIntegerField()),
                ("event_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("before", models.CharField(blank=True, max_length=64)),
                ("after", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("concern_id", "n"), name="trail_renewal_once")],
            },
        ),
        migrations.CreateModel(
            name="TrailAnchor",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("council_id", models.UUIDField()),
                ("seq", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("heads", models.JSONField()),
                ("prev_hash", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("council_id", "seq"), name="trail_anchor_once")],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=63)),
                ("row_id", models.UUIDField()),
                ("at", models.DateTimeField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AddField("event", "seq", models.PositiveIntegerField(default=0, editable=False)),
        migrations.AddField("event", "prev_hash", models.CharField(blank=True, default="", editable=False, max_length=64), preserve_default=False),
        migrations.AddField("event", "reason_hash", models.CharField(blank=True, default="", editable=False, max_length=64), preserve_default=False),
        migrations.AddField("event", "hash", models.CharField(blank=True, default="", editable=False, max_length=64), preserve_default=False),
        migrations.RunSQL(FUNCTIONS + FORMER, migrations.RunSQL.noop),
        migrations.AddConstraint("event", models.UniqueConstraint(fields=("concern_id", "seq"), name="event_chain")),
        migrations.RunSQL(OWNERS + WALLS + TRIGGERS, BACK),
    ]
