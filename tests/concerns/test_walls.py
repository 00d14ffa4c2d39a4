"""The second wall on its own: the first is taken away, and PostgreSQL still shows nothing. And the first without the second."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import DatabaseError, connection, transaction

from concerns import policy
from concerns.actions import papers
from concerns.enums import Action, Capacity, ExclusionKind, State
from concerns.models import Concern, ConcernUserObjectPermission, Document, Event, Exclusion, Narrative, Notice, Participation
from councils.errors import Refusal
from councils.models import Person
from councils.rls import system_work
from tests.factories.concerns import CANARY, NOW, by, do, lodge
from tests.factories.councils import Town

COUNCILS = ("weston", "yateley")
Owner = Callable[[], AbstractContextManager[None]]


def tables() -> list[str]:
    """Every table of the casework that PostgreSQL has, whatever the code says."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relname LIKE 'concerns\\_%%' AND relnamespace = 'public'::regnamespace"
        )
        return sorted(row[0] for row in cursor.fetchall())


def counts() -> dict[str, int]:
    """How many rows of each table are shown now, by raw SQL; tables with none are left out."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT count(*) FROM {table}")
            if number := cursor.fetchone()[0]:
                found[table] = number
    return found


@pytest.fixture
def full(weston: Town) -> Concern:
    """A concern of an officer about the Clerk's deputy with something in nearly every table."""
    concern = lodge(
        weston, weston["councillor3"], weston["deputy"], chosen_token="role:chair_of_council", witnesses=[weston["officer2"]],
        connected=[weston["councillor7"]],
    )  # fmt: skip
    do(Action.ACCEPT, concern, weston["chair"], note=f"{CANARY} note")
    paper = do(Action.ADD_DOCUMENT, concern, weston["chair"], name=f"{CANARY}.txt", content=f"{CANARY} paper".encode())
    do(Action.ASK_CONSENT, concern, weston["chair"], kind="wider_circle", wording=f"{CANARY} may I?")
    do(Action.ANSWER_CONSENT, concern, weston["councillor3"], agree=True)
    with by(weston["chair"]):
        papers.record_opening(concern, by=weston["chair"], now=NOW)
        papers.log_opening(document_id=paper.pk, now=NOW)
    return concern


def test_every_table_has_a_wall_that_binds_its_owner_too(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relrowsecurity AND relforcerowsecurity", [tables()])
        walled = {row[0] for row in cursor.fetchall()}
    assert walled == set(tables())
    assert {model._meta.db_table for model in apps.get_app_config("concerns").get_models()} == set(tables())


def test_every_table_answers_each_command_by_a_policy_of_its_own(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename, cmd FROM pg_policies WHERE 'portal_app' = ANY(roles) AND tablename = ANY(%s)", [tables()])
        found = cursor.fetchall()
    own = [(table, command) for table in tables() for command in ("SELECT", "INSERT", "UPDATE", "DELETE")]
    assert sorted(found) == sorted([*own, ("concerns_event", "INSERT")])  # the desk of an office leaves its lines in the trail (referrals)


def test_the_circle_sees_its_rows(weston: Town, full: Concern) -> None:
    with by(weston["chair"]):
        shown = counts()
    # the chain behind the trail is system work's alone
    chain = {"concerns_trailhead", "concerns_trailrenewal", "concerns_trailanchor", "concerns_traildigest", "concerns_erasure"}
    assert set(tables()) - set(shown) == {"concerns_proceeding", "concerns_disclosedcopy", "concerns_breakglass", *chain}


@pytest.mark.parametrize(
    "name", ["deputy", "clerk", "manager", "officer2", "councillor7", "admin", "former", "councillor1", "vice"],
    ids=["subject", "subject's manager", "uninvolved officer", "witness", "connected", "admin", "ex-councillor", "member", "vice-chair"],
)  # fmt: skip
def test_nobody_else_is_shown_one_row(weston: Town, full: Concern, name: str) -> None:
    with by(weston[name]):
        assert counts() == {}


def test_outsider_nobody_and_an_invented_person_are_shown_nothing(weston: Town, yateley: Town, full: Concern) -> None:
    for person in (yateley["clerk"], yateley["admin"], None, Person(pk=uuid4())):
        with by(person):
            assert counts() == {}
            assert Concern.objects.all().count() == 0


@pytest.mark.parametrize("value", ["", "not-a-uuid", "00000000-0000-0000-0000-000000000000"])
def test_a_damaged_name_shows_nothing(weston: Town, full: Concern, value: str) -> None:
    with by(None), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.person', %s, true)", [value])
        try:
            with transaction.atomic():
                shown = counts()
        except DatabaseError:
            shown = {}
        assert shown == {}


def test_deputy_of_the_subject_is_shown_nothing(weston: Town) -> None:
    concern = lodge(weston, weston["councillor3"], weston["clerk"], chosen_token="role:chair_of_council")
    for name in ("clerk", "deputy", "officer3", "manager", "officer1"):
        with by(weston[name]):
            assert counts() == {}
            assert not policy.can_see(weston[name], concern)


def linger(concern: Concern, person: Person, as_owner: Owner) -> None:
    """A grant to an excluded person that no code of ours could write: past the walls and the trigger."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE concerns_concernuserobjectpermission DISABLE TRIGGER refuse_excluded")
        for codename in ("view_concern", "read_concern"):
            ConcernUserObjectPermission.objects.create(
                content_object=concern, user=person, permission=Permission.objects.get(codename=codename, content_type__app_label="concerns")
            )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE concerns_concernuserobjectpermission ENABLE TRIGGER refuse_excluded")


def test_exclusion_wins_over_a_lingering_grant_in_both_walls(weston: Town, full: Concern, as_owner: Owner) -> None:
    linger(full, weston["deputy"], as_owner)
    with by(weston["deputy"]):
        assert counts() == {}
        assert list(policy.visible_to(weston["deputy"])) == []
    with as_owner():  # the second wall is down: the first still subtracts
        assert Concern.objects.filter(pk=full.pk).exists()
        assert list(policy.visible_to(weston["deputy"])) == []
        assert policy.capacities(weston["deputy"], full) == frozenset()
    with system_work():
        assert list(policy.visible_to(weston["deputy"], permission=policy.READ)) == []


def test_no_grant_is_given_to_an_excluded_person(weston: Town, full: Concern) -> None:
    with by(weston["chair"]):
        with pytest.raises(Refusal, match="can't be given access"):
            policy.grant(full, weston["deputy"], Capacity.READER, reason="x", by=weston["chair"], now=NOW)
        view = Permission.objects.get(codename="view_concern", content_type__app_label="concerns")
        with pytest.raises(DatabaseError, match="excluded person cannot be given access"), transaction.atomic():
            ConcernUserObjectPermission.objects.create(content_object=full, user=weston["deputy"], permission=view)


def test_a_new_exclusion_drops_the_grants(weston: Town, full: Concern) -> None:
    with by(weston["councillor3"]):
        policy.exclude(full, [weston["chair"]], ExclusionKind.DECLARED, by=weston["councillor3"], now=NOW)
        assert set(policy.grants_of(full).values_list("user_id", flat=True)) == {weston["councillor3"].pk}
        ended = Participation.objects.get(concern=full, person=weston["chair"], capacity=Capacity.HANDLER)
        assert (ended.until, ended.ended_reason) == (NOW, "excluded")
    with by(weston["chair"]):
        assert counts() == {}


def test_the_excluded_never_see_their_own_exclusion(weston: Town, full: Concern, as_owner: Owner) -> None:
    with as_owner():
        assert Exclusion.objects.filter(concern=full, person=weston["deputy"]).exists()
    with by(weston["deputy"]):
        assert not Exclusion.objects.filter(person=weston["deputy"]).exists()


@pytest.mark.parametrize("model", [Exclusion, Event])
def test_trail_and_exclusions_cannot_be_changed_or_removed(weston: Town, full: Concern, as_owner: Owner, model: Any) -> None:
    table, key = model._meta.db_table, "concern_id"
    change = "kind = 'witness'" if model is Exclusion else "type = 'note_added'"
    for role in (lambda: by(weston["chair"]), system_work, as_owner):
        for statement in (f"UPDATE {table} SET {change} WHERE {key} = %s", f"DELETE FROM {table} WHERE {key} = %s"):
            with role(), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, [full.pk])
    for role in (lambda: by(weston["chair"]), system_work):
        with role(), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table}")


@pytest.mark.parametrize("capacity", [Capacity.CANDIDATE, Capacity.CONVENER, Capacity.EXCEPTION_HOLDER])
def test_who_sees_stage_and_dates_is_shown_no_words(weston: Town, full: Concern, capacity: Capacity) -> None:
    with by(weston["chair"]):
        policy.grant(full, weston["councillor5"], capacity, reason="panel", by=weston["chair"], now=NOW)
    with by(weston["councillor5"]):
        assert Concern.objects.filter(pk=full.pk).exists()
        assert (Narrative.objects.count(), Document.objects.count()) == (0, 0)
        assert not policy.can_see(weston["councillor5"], full, permission=policy.READ)


def test_status_only_after_discipline_begins(yateley: Town) -> None:
    concern = lodge(yateley, yateley["councillor6"], yateley["officer1"])
    do(Action.ACCEPT, concern, yateley["clerk"])
    do(Action.INFORMAL_OVER, concern, yateley["clerk"], kind="failed", reason="x")
    do(
        Action.START_DISCIPLINARY, concern, yateley["clerk"], seriousness="serious", reason="x", subject_told=True, told_on=date(2026, 1, 14), told_how="In a meeting",
        override_reason="An employer's duty",
    )  # fmt: skip
    with by(yateley["councillor6"]):
        assert Concern.objects.get(pk=concern.pk).state == State.DISCIPLINARY
        assert Narrative.objects.count() == 0
    for action, answers in (
        (Action.ADD_DOCUMENT, {"name": "a.txt", "content": b"x"}), (Action.ADD_NOTE, {"text": "x"}), (Action.ADD_WITNESS, {"person": yateley["officer2"]}),
    ):  # fmt: skip
        with pytest.raises(Refusal, match="stage, people and dates"):
            do(action, concern, yateley["councillor6"], **answers)


def test_ended_access_is_gone_for_every_table(weston: Town, full: Concern) -> None:
    do(Action.PASS_ON, full, weston["chair"], token="role:proper_officer", override_reason="x")
    with by(weston["chair"]):
        assert counts() == {}
    with by(weston["clerk"]):
        assert counts()["concerns_narrative"] == 1


def test_runtime_role_owns_nothing_and_passes_no_wall(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = session_user")
        assert cursor.fetchone() == ("portal_app", False, False, False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = 'portal_app'::regrole")
        assert cursor.fetchone() == (0,)
        # the tests' own set-up role is the only other thing it may become
        cursor.execute(
            "SELECT r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid WHERE m.member = 'portal_app'::regrole ORDER BY 1"
        )
        assert [row[0] for row in cursor.fetchall()] == ["portal_fixture", "portal_system"]
        cursor.execute("SELECT rolcanlogin, rolsuper FROM pg_roles WHERE rolname = 'portal_definer'")
        assert cursor.fetchone() == (False, False)
        cursor.execute(
            "SELECT r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid WHERE m.member = 'portal_system'::regrole"
        )
        assert cursor.fetchall() == []


@pytest.mark.parametrize("role", ["postgres", "pg_read_all_data", "pg_write_all_data"])
def test_runtime_role_cannot_become_a_greater_one(db: None, role: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")


def test_functions_that_look_past_the_wall_pin_their_search_path(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, proconfig, has_function_privilege('public', oid, 'EXECUTE') FROM pg_proc"
            " WHERE prosecdef AND pronamespace = 'public'::regnamespace ORDER BY 1"
        )
        found = cursor.fetchall()
    assert {"my_concerns", "my_readable", "i_drafted", "delete_my_draft", "guard_concern"} <= {row[0] for row in found}
    assert [row[0] for row in found if not any(item.startswith("search_path=") for item in row[1] or [])] == []
    assert [row[0] for row in found if row[2]] == []


def test_nobody_deletes_anothers_draft_through_the_function(weston: Town) -> None:
    from tests.factories.concerns import draft

    concern = draft(weston, weston["councillor3"], weston["officer1"])
    with by(weston["chair"]), pytest.raises(DatabaseError, match="only the raiser"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT delete_my_draft(%s)", [concern.pk])
    lodged = lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="role:chair_of_council")
    with by(weston["councillor3"]), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT delete_my_draft(%s)", [lodged.pk])


def test_redirecting_keeps_no_words_of_anybody(weston: Town, as_owner: Owner) -> None:
    concern = lodge(weston, weston["officer1"], weston["councillor8"])
    do(Action.ADD_NOTE, concern, weston["clerk"], text=f"{CANARY} what they said")
    do(Action.ASK_CONSENT, concern, weston["clerk"], kind="wider_circle", wording=f"{CANARY} may I?")
    do(Action.ADD_DOCUMENT, concern, weston["officer1"], name="a.txt", content=f"{CANARY}".encode())
    do(Action.REDIRECT, concern, weston["clerk"], reason_code="police")
    with as_owner():
        assert (Narrative.objects.filter(concern=concern).count(), Document.objects.filter(concern=concern).count()) == (0, 0)
        assert set(Event.objects.filter(concern_id=concern.pk).values_list("reason", flat=True)) == {""}
        assert set(concern.consents.values_list("wording", flat=True)) == {""}
        assert (concern.subjects.count(), Exclusion.objects.filter(concern=concern).count()) == (0, 0)
        assert Event.objects.filter(concern_id=concern.pk).count() == 5
        assert Notice.objects.filter(concern=concern).exists()


def test_the_raiser_cannot_wipe_what_was_sent(weston: Town) -> None:
    concern = lodge(weston, weston["officer1"], weston["councillor8"])
    with pytest.raises(Refusal, match="withdraw it"):
        do(Action.REDIRECT, concern, weston["officer1"], reason_code="police", now=datetime(2026, 1, 16, tzinfo=UTC))
