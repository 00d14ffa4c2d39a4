"""The second wall: forced row-level security on every case table, and the triggers behind house rules 2, 4 and 6.

The person is named by ``SET LOCAL portal.person`` (councils.rls). ``my_concerns()`` is computed once a statement;
it belongs to a role that may look past row security, and subtracts exclusions, so no policy reads another table.
An excluded person can't even see that the exclusion exists.
"""

from django.db import migrations

from councils.walls import MINE, READABLE, definer, wall

# table -> column that names the concern
CASE_TABLES = {
    "concerns_concernsubject": "concern_id",
    "concerns_witness": "concern_id",
    "concerns_connection": "concern_id",
    "concerns_participation": "concern_id",
    "concerns_exclusion": "concern_id",
    "concerns_opening": "concern_id",
    "concerns_consent": "concern_id",
    "concerns_proceeding": "concern_id",
}
PARTIES = {"concerns_concernsubject", "concerns_witness", "concerns_connection"}  # corrected while a draft is written
CONTENT_TABLES = {"concerns_narrative": "concern_id", "concerns_document": "concern_id"}
GRANTS = "concerns_concernuserobjectpermission"

CHILDREN = [*CASE_TABLES, *CONTENT_TABLES, "concerns_notice"]
delete_children = " ".join(f"DELETE FROM {table} t WHERE t.concern_id = wanted;" for table in CHILDREN)
delete_children += f" DELETE FROM {GRANTS} t WHERE t.content_object_id = wanted;"


def permission(codename: str) -> str:
    """SQL for the id of one of the two permissions on a concern."""
    return (
        "SELECT p.id FROM auth_permission p JOIN django_content_type c ON c.id = p.content_type_id "
        f"WHERE c.app_label = 'concerns' AND c.model = 'concern' AND p.codename = '{codename}'"
    )


# plpgsql plans once a session (planning for each person anew took longer than the answer), and each grant is one index
# entry: 0.3 ms for 1,000 concerns.
FUNCTIONS = f"""
CREATE FUNCTION my_concerns() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  SET plan_cache_mode = force_generic_plan AS $$
DECLARE me uuid := portal_me();
BEGIN
  RETURN ARRAY(
    SELECT g.content_object_id FROM {GRANTS} g
    WHERE g.user_id = me AND g.permission_id = ({permission("view_concern")})
      AND g.content_object_id NOT IN (SELECT x.concern_id FROM concerns_exclusion x WHERE x.person_id = me)
  );
END $$;
CREATE FUNCTION my_readable() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  SET plan_cache_mode = force_generic_plan AS $$
DECLARE me uuid := portal_me();
BEGIN
  RETURN ARRAY(
    SELECT g.content_object_id FROM {GRANTS} g
    WHERE g.user_id = me AND g.permission_id = ({permission("read_concern")})
      AND g.content_object_id NOT IN (SELECT x.concern_id FROM concerns_exclusion x WHERE x.person_id = me)
  );
END $$;
CREATE FUNCTION i_drafted(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM concerns_concern c WHERE c.id = wanted AND c.raiser_id = portal_me() AND c.state = 'DRAFT')
$$;
CREATE FUNCTION refuse_excluded() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM concerns_exclusion x WHERE x.concern_id = NEW.content_object_id AND x.person_id = NEW.user_id) THEN
    RAISE EXCEPTION 'an excluded person cannot be given access' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION drop_grants_of_excluded() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM {GRANTS} g WHERE g.content_object_id = NEW.concern_id AND g.user_id = NEW.person_id;
  UPDATE concerns_participation p
     SET until = greatest(NEW.since, p.since), ended_by_id = NEW.by_id, ended_reason = 'excluded'
   WHERE p.concern_id = NEW.concern_id AND p.person_id = NEW.person_id AND p.until IS NULL;
  RETURN NULL;
END $$;
CREATE FUNCTION keep_exclusion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND pg_trigger_depth() > 1 THEN
    RETURN OLD;  -- purge_redirected(): a redirected concern keeps no names
  END IF;
  RAISE EXCEPTION 'an exclusion is never changed or lifted' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION purge_redirected() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM concerns_narrative t WHERE t.concern_id = NEW.id;
  DELETE FROM concerns_document t WHERE t.concern_id = NEW.id;
  DELETE FROM concerns_concernsubject t WHERE t.concern_id = NEW.id;
  DELETE FROM concerns_witness t WHERE t.concern_id = NEW.id;
  DELETE FROM concerns_connection t WHERE t.concern_id = NEW.id;
  DELETE FROM concerns_exclusion t WHERE t.concern_id = NEW.id;
  UPDATE concerns_consent t SET wording = NULL WHERE t.concern_id = NEW.id;
  UPDATE concerns_event t SET reason = NULL WHERE t.concern_id = NEW.id AND t.reason IS NOT NULL;
  RETURN NULL;
END $$;
CREATE FUNCTION delete_my_draft(wanted uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT i_drafted(wanted) THEN
    RAISE EXCEPTION 'only the raiser deletes a draft' USING ERRCODE = 'insufficient_privilege';
  END IF;
  {delete_children}
  DELETE FROM concerns_concern c WHERE c.id = wanted;
END $$;
CREATE FUNCTION keep_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'reason' = to_jsonb(OLD) - 'reason' AND (
    (pg_trigger_depth() > 1 AND NEW.reason IS NULL)  -- purge_redirected(): the line stays, what was written goes
    OR (current_user = 'portal_system' AND NEW.reason IS NOT NULL AND OLD.reason IS NOT NULL)  -- rotate_field_keys
  ) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the trail is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
"""

OWNERS = "".join(
    definer(name)
    for name in ("my_concerns()", "my_readable()", "i_drafted(uuid)", "refuse_excluded()", "drop_grants_of_excluded()", "purge_redirected()", "delete_my_draft(uuid)")
)

# What the definer functions touch, and no more.
DEFINER = f"""
GRANT SELECT, DELETE ON {GRANTS} TO portal_definer;
GRANT SELECT, UPDATE ON concerns_participation TO portal_definer;
GRANT SELECT, UPDATE (reason) ON concerns_event TO portal_definer;
GRANT UPDATE (wording) ON concerns_consent TO portal_definer;
GRANT SELECT, DELETE ON concerns_concern, {", ".join(CHILDREN)} TO portal_definer;
GRANT SELECT ON auth_permission, django_content_type TO portal_definer;
GRANT EXECUTE ON FUNCTION portal_me() TO portal_definer;
"""

# Whoever knows only that a concern exists lets others read it (a handler is found unseen), never themselves.
NOT_MORE_FOR_ME = (
    f"user_id <> (SELECT portal_me()) OR permission_id <> ({permission('read_concern')}) OR content_object_id {READABLE}"
)


def walls() -> str:
    """Every wall, table by table."""
    parts = [
        wall(
            "concerns_concern",
            f"id {MINE}",
            "raiser_id = (SELECT portal_me()) AND state = 'DRAFT'",
            f"id {MINE}",
            "raiser_id = (SELECT portal_me()) AND state = 'DRAFT'",
        ),
        wall(
            GRANTS,
            f"content_object_id {MINE}",
            f"(content_object_id {MINE} AND ({NOT_MORE_FOR_ME})) "
            "OR (user_id = (SELECT portal_me()) AND i_drafted(content_object_id))",
            "false",
            f"content_object_id {MINE}",
        ),
        wall(
            "concerns_notice",
            f"concern_id {MINE}",
            f"concern_id {MINE}",
            "false",
            "i_drafted(concern_id)",
        ),
        wall("concerns_event", f"concern_id {MINE}", f"concern_id {MINE}", "false", "false"),
    ]
    for table, column in CASE_TABLES.items():
        mine = f"{column} {MINE}"
        see = f"person_id <> (SELECT portal_me()) AND {mine}" if table == "concerns_exclusion" else mine  # one's own: never
        draft_only = table not in PARTIES
        parts.append(wall(table, see, mine, mine, f"i_drafted({column})" if draft_only else mine))
    for table, column in CONTENT_TABLES.items():
        readable = f"{column} {READABLE}"
        parts.append(wall(table, readable, readable, readable, f"i_drafted({column})"))
    return "\n".join(parts)


TRIGGERS = f"""
CREATE TRIGGER refuse_excluded BEFORE INSERT ON {GRANTS} FOR EACH ROW EXECUTE FUNCTION refuse_excluded();
CREATE TRIGGER drop_grants_of_excluded AFTER INSERT ON concerns_exclusion
  FOR EACH ROW EXECUTE FUNCTION drop_grants_of_excluded();
CREATE TRIGGER keep_exclusion BEFORE UPDATE OR DELETE ON concerns_exclusion FOR EACH ROW EXECUTE FUNCTION keep_exclusion();
CREATE TRIGGER purge_redirected AFTER UPDATE OF state ON concerns_concern
  FOR EACH ROW WHEN (NEW.state = 'REDIRECTED') EXECUTE FUNCTION purge_redirected();
CREATE TRIGGER keep_event BEFORE UPDATE OR DELETE ON concerns_event FOR EACH ROW EXECUTE FUNCTION keep_event();
REVOKE UPDATE, DELETE, TRUNCATE ON concerns_event, concerns_exclusion FROM portal_app, portal_system;
GRANT UPDATE (reason) ON concerns_event TO portal_system;
"""


class Migration(migrations.Migration):
    dependencies = [("concerns", "0001_initial")]
    operations = [
        migrations.RunSQL(FUNCTIONS + DEFINER + OWNERS + walls() + TRIGGERS, migrations.RunSQL.noop),
    ]
