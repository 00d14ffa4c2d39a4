"""The destruction of a case: one statement, in the trigger of the disposal that two persons decided, or nothing at all.

It walks the database's own catalogue: whatever table names the case goes, also one that a later release adds. What is left is
a tombstone, the line that says who destroyed it, where its chain ended, and the mark for a restore (concerns_erasure).
"""

from django.db import migrations

from councils.walls import definer

#: Tables whose ``concern_id`` isn't content: where chains end, what was renewed in them, that something is gone.
LEFT = "ARRAY['concerns_trailhead', 'concerns_trailrenewal', 'concerns_erasure']"
NAMING = f"""
  SELECT c.oid, c.oid::regclass AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'concern_id' AND NOT a.attisdropped
   WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> ALL ({LEFT})
"""
FUNCTIONS = f"""
CREATE FUNCTION rights_forget(wanted uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE t record;
BEGIN
  -- what hangs on the case's rows without naming it
  FOR t IN
    WITH naming AS ({NAMING})
    SELECT k.conrelid::regclass AS child, ca.attname AS child_column, k.confrelid::regclass AS parent, pa.attname AS parent_column
      FROM pg_constraint k JOIN naming n ON n.oid = k.confrelid
      JOIN pg_attribute ca ON ca.attrelid = k.conrelid AND ca.attnum = k.conkey[1]
      JOIN pg_attribute pa ON pa.attrelid = k.confrelid AND pa.attnum = k.confkey[1]
     WHERE k.contype = 'f' AND k.conrelid NOT IN (SELECT m.oid FROM naming m)
  LOOP
    EXECUTE format('DELETE FROM %s x USING %s p WHERE x.%I = p.%I AND p.concern_id = $1', t.child, t.parent, t.child_column, t.parent_column) USING wanted;
  END LOOP;
  FOR t IN {NAMING} LOOP
    EXECUTE format('DELETE FROM %s x WHERE x.concern_id = $1', t.name) USING wanted;
  END LOOP;
  DELETE FROM concerns_concernuserobjectpermission g WHERE g.content_object_id = wanted;
  DELETE FROM clocks_unsettled u WHERE u.row_id = wanted;
  DELETE FROM rights_legalhold h WHERE h.case_id = wanted;
  -- copies that were given out on request go too
  UPDATE rights_subjectrequest r SET package = NULL WHERE r.package IS NOT NULL AND r.id IN (SELECT i.request_id FROM rights_exportitem i WHERE i.case_id = wanted);
  DELETE FROM rights_exportitem i WHERE i.case_id = wanted;
  UPDATE concerns_concern c SET successor_of_id = NULL WHERE c.successor_of_id = wanted;
  DELETE FROM concerns_concern c WHERE c.id = wanted;
END $$;
CREATE FUNCTION rights_purge_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE head concerns_trailhead;
DECLARE me uuid := portal_me();
BEGIN
  PERFORM 1 FROM concerns_concern c WHERE c.id = NEW.case_id FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is nothing left to destroy' USING ERRCODE = 'check_violation';
  END IF;
  SELECT * INTO head FROM concerns_trailhead h WHERE h.concern_id = NEW.case_id FOR UPDATE;
  INSERT INTO rights_tombstone (case_id, council_id, closed_year, outcome_class, disposal_id, at, seq, hash, renewals, renewed)
  VALUES (NEW.case_id, NEW.council_id, NEW.closed_year, NEW.outcome_class, NEW.id, NEW.done_at,
          coalesce(head.seq, 0), coalesce(head.hash, ''), coalesce(head.renewals, 0), coalesce(head.renewed, ''));
  INSERT INTO rights_line (id, about_id, type, at, by_id, by_name, from_state, to_state, facts, seq, prev_hash, reason_hash, hash)
  VALUES (gen_random_uuid(), NEW.id, 'purged', NEW.done_at, me, coalesce((SELECT p.full_name FROM councils_person p WHERE p.id = me), ''), OLD.state, NEW.state,
          jsonb_build_object('case', NEW.case_id, 'asked_by', NEW.asked_by_id, 'seq', coalesce(head.seq, 0), 'hash', coalesce(head.hash, '')), 0, '', '', '');
  PERFORM set_config('portal.purging', pg_current_xact_id()::text, true);
  SET CONSTRAINTS ALL DEFERRED;
  PERFORM rights_forget(NEW.case_id);
  PERFORM set_config('portal.purging', '', true);
  SET CONSTRAINTS ALL IMMEDIATE;  -- whatever still points at it stops everything, here and now
  SET CONSTRAINTS ALL DEFERRED;
  RETURN NULL;
END $$;
"""
# The guards that keep rows from being deleted let the destruction of a case through, and nothing else.
LET_THROUGH = """
DO $$
DECLARE f record;
BEGIN
  FOR f IN
    SELECT DISTINCT p.oid, pg_get_functiondef(p.oid) AS written FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid
      JOIN pg_language l ON l.oid = p.prolang
     WHERE NOT t.tgisinternal AND l.lanname = 'plpgsql' AND c.relnamespace = 'public'::regnamespace AND (t.tgtype & 11) = 11
       AND p.proname NOT LIKE 'rights\\_%'
       AND (c.relname = 'concerns_concern' OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'concern_id' AND NOT a.attisdropped)
         OR EXISTS (SELECT FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attname = 'concern_id' AND NOT a.attisdropped
                     WHERE k.conrelid = c.oid AND k.contype = 'f'))
  LOOP
    EXECUTE regexp_replace(f.written, '\\mBEGIN\\M', E'BEGIN\\n  IF TG_OP = ''DELETE'' AND portal_purging() THEN\\n    RETURN OLD;  -- rights 0003\\n  END IF;');
  END LOOP;
END $$;
"""
PRIVILEGES = """
DO $$
DECLARE t record;
BEGIN
  FOR t IN SELECT c.oid::regclass AS name FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
     AND (EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'concern_id' AND NOT a.attisdropped)
       OR EXISTS (SELECT FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attname = 'concern_id' AND NOT a.attisdropped
                   WHERE k.conrelid = c.oid AND k.contype = 'f'))
  LOOP
    EXECUTE format('GRANT SELECT, DELETE ON %s TO portal_definer', t.name);
  END LOOP;
END $$;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT DELETE ON TABLES TO portal_definer;
GRANT SELECT, DELETE ON clocks_unsettled, rights_legalhold, rights_exportitem TO portal_definer;
GRANT UPDATE (package) ON rights_subjectrequest TO portal_definer;
GRANT UPDATE (successor_of_id) ON concerns_concern TO portal_definer;
GRANT SELECT, INSERT ON rights_tombstone TO portal_definer;
"""
# Row locks need the right to change something.
LOCKS = "GRANT UPDATE ON concerns_trailhead TO portal_definer;\n"
TRIGGER = "CREATE TRIGGER purge_case AFTER UPDATE OF state ON rights_disposal FOR EACH ROW WHEN (NEW.state = 'DONE' AND OLD.state = 'ASKED') EXECUTE FUNCTION rights_purge_case();\n"
OWNERS = definer("rights_forget(uuid)") + definer("rights_purge_case()")
OWNERS += "REVOKE EXECUTE ON FUNCTION rights_forget(uuid) FROM portal_app, portal_system; GRANT EXECUTE ON FUNCTION rights_forget(uuid) TO portal_definer;\n"


class Migration(migrations.Migration):
    dependencies = [("rights", "0002_walls")]
    operations = [migrations.RunSQL(FUNCTIONS + LET_THROUGH + PRIVILEGES + LOCKS + OWNERS + TRIGGER, migrations.RunSQL.noop)]
