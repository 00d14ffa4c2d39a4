"""The second wall's foundation: who the portal is in the database."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_runtime_role_owns_nothing_and_has_no_way_round_the_wall() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, session_user")
        assert cursor.fetchone() == ("portal_app", "portal_app")
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit FROM pg_roles WHERE rolname = 'portal_app'"
        )
        assert cursor.fetchone() == (False, False, False, False, False)
        cursor.execute("SELECT relname FROM pg_class WHERE relowner = 'portal_app'::regrole")
        assert cursor.fetchall() == []
        cursor.execute("SELECT has_schema_privilege('portal_app', 'public', 'CREATE')")
        assert cursor.fetchone() == (False,)


@pytest.mark.django_db
def test_every_table_belongs_to_the_owner_and_functions_past_the_wall_to_the_definer() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
        assert cursor.fetchall() == [("portal_owner",)]
        cursor.execute(
            "SELECT DISTINCT pg_get_userbyid(proowner) FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        )
        assert set(cursor.fetchall()) <= {("portal_definer",)}
        cursor.execute("SELECT rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'portal_definer'")
        assert cursor.fetchone() == (False, False, True)


@pytest.mark.django_db
def test_fixture_role_lasts_no_longer_than_its_block(as_owner) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("portal_fixture",)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("portal_app",)
