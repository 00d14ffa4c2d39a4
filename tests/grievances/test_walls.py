"""The second wall on its own, by raw SQL: who is shown which row, and what the database refuses whatever the code says."""

from __future__ import annotations

from datetime import time
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from concerns.models import Concern
from councils.models import Person
from councils.rls import system_work
from councils.roles import COUNCILLOR_ROLES
from grievances.domain import ledbury
from grievances.enums import Step
from grievances.models import Decision, Grievance, PanelSeat
from tests.factories.concerns import CANARY, NOW, by
from tests.factories.councils import Town
from tests.grievances.course import AFTER, HEARING, about_councillor, points, seated, started, take, told

COUNCILS = ("ilminster", "weston")
pytestmark = pytest.mark.django_db
gates = import_module("grievances.migrations.0003_gates")


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relname LIKE 'grievances\\_%%' AND relnamespace = 'public'::regnamespace"
        )
        return sorted(row[0] for row in cursor.fetchall())


def counts(person: Person) -> dict[str, int]:
    """How many rows of each table this person is shown; tables with none are left out."""
    found = {}
    with by(person), connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT count(*) FROM {table}")
            if number := cursor.fetchone()[0]:
                found[table.removeprefix("grievances_")] = number
    return found


def refused(person: Person | None, statement: str, values: list[Any], *, inside: bool = True) -> str:
    """The database's error to this statement, or "rows: n"."""
    with by(person), connection.cursor() as cursor:  # type: ignore[arg-type]
        cursor.execute("SELECT set_config('portal.action', %s, true)", ["close" if inside else ""])
        try:
            with transaction.atomic():
                cursor.execute(statement, values)
                return f"rows: {cursor.rowcount}"
        except DatabaseError as error:
            return str(error).splitlines()[0]


@pytest.fixture
def drafted(ilminster: Town) -> Concern:
    """A grievance with a row in nearly every table, its decision drafted and not released."""
    concern = started(ilminster)
    seated(ilminster, concern, "councillor3", "councillor5", "chair")
    take(Step.LIST_ALLEGATIONS, concern, ilminster["chair"], points=[f"{CANARY} one"])
    take(Step.INVESTIGATE, concern, ilminster["clerk"], person=ilminster["officer3"])
    take(Step.FILE_REPORT, concern, ilminster["officer3"], text=f"{CANARY} report")
    told(concern, ilminster["chair"])
    take(Step.SET_HEARING, concern, ilminster["clerk"], held_on=HEARING, at=time(10), place=f"{CANARY} room")
    found = {row.pk: "upheld" for row in points(concern, ilminster["chair"])}
    take(Step.DRAFT_DECISION, concern, ilminster["chair"], now=AFTER, outcome="grievance_upheld", reasons=f"{CANARY} why", findings=found)
    return concern


def test_every_table_has_forced_walls_and_every_model_its_table() -> None:
    assert tables() == sorted(model._meta.db_table for model in apps.get_app_config("grievances").get_models())
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relrowsecurity AND relforcerowsecurity", [tables()])
        assert sorted(row[0] for row in cursor.fetchall()) == tables()


def test_each_is_shown_their_share(ilminster: Town, drafted: Concern) -> None:
    logistics = {"grievance": 1, "hearing": 1, "inquiry": 1, "panelseat": 4}
    panel = {**logistics, "allegation": 1, "decision": 1, "finding": 1, "report": 1}
    assert counts(ilminster["councillor3"]) == counts(ilminster["chair"]) == panel
    assert counts(ilminster["clerk"]) == logistics
    assert counts(ilminster["officer1"]) == {**logistics, "allegation": 1}
    for name in ("officer2", "officer3", "councillor4", "councillor6", "admin", "deputy"):  # the other person, the investigator afterwards, others
        assert counts(ilminster[name]) == {}


def test_a_state_moves_only_inside_an_action_and_along_the_machine(ilminster: Town, drafted: Concern) -> None:
    update = "UPDATE grievances_grievance SET state = %s WHERE concern_id = %s"
    assert "only inside an action" in refused(ilminster["clerk"], update, ["DECIDED", drafted.pk], inside=False)
    assert "no step leads from HEARING_SET to APPEAL_OPEN" in refused(ilminster["clerk"], update, ["APPEAL_OPEN", drafted.pk])
    assert refused(ilminster["councillor6"], update, ["DECIDED", drafted.pk]) == "rows: 0"
    remit = "UPDATE grievances_grievance SET remit = 'support_only' WHERE concern_id = %s"
    assert "never changes" in refused(ilminster["clerk"], remit, [drafted.pk])


def test_what_a_panel_may_do_is_held_to_the_law_from_the_first_row_on(ilminster: Town, weston: Town, drafted: Concern) -> None:
    columns = (
        "concern_id, proceeding_id, resumes, \"limit\", quorum, size, appeal_quorum, appeal_size, opened_on, appeal_asked_on, appeal_late, appeal_until,"
        " overlap, outside, closed_on, ended_early, revision"
    )
    insert = (
        f"INSERT INTO grievances_grievance (id, state, remit, {columns}) SELECT %s, 'SUBMITTED', %s, {columns} FROM grievances_grievance"  # noqa: S608
        " WHERE concern_id = %s"
    )
    about = about_councillor(weston)
    for person, concern in ((weston["officer1"], about), (weston["clerk"], about)):
        for remit in ("full", "statutory"):
            assert "finds nothing about a councillor" in refused(person, insert, [uuid4(), remit, concern.pk])
        assert "no such remit" in refused(person, insert, [uuid4(), "everything", concern.pk])
        assert "grievance_one_running" in refused(person, insert, [uuid4(), "support_only", concern.pk])  # past this gate
    assert "grievance_one_running" in refused(ilminster["clerk"], insert, [uuid4(), "full", drafted.pk])  # about an officer
    assert set(gates.COUNCILLORS) == set(COUNCILLOR_ROLES)
    assert (set(gates.STATUTORY), set(gates.PRINCIPAL)) == (ledbury.STATUTORY_OFFICERS, ledbury.PRINCIPAL)


def test_no_hearing_is_written_before_the_person_it_is_about_was_told(ilminster: Town) -> None:
    concern = started(ilminster)
    seated(ilminster, concern, "councillor3", "councillor5", "chair")
    insert = (
        "INSERT INTO grievances_hearing (id, grievance_id, concern_id, panel, held_on, at, place, notice_given_on, status, companion_kind, further, set_at,"
        " replaces_id) SELECT %s, g.id, g.concern_id, 'first', %s, '10:00', 'x', %s, %s, '', false, %s, NULL FROM grievances_grievance g WHERE g.concern_id = %s"
    )
    values = [uuid4(), HEARING, NOW.date(), "set", NOW, concern.pk]
    for name in ("clerk", "chair"):
        assert "told before a hearing is set" in refused(ilminster[name], insert, values)
    told(concern, ilminster["chair"])
    assert refused(ilminster["clerk"], insert, values) == "rows: 1"


def test_two_people_and_no_change_afterwards(ilminster: Town, drafted: Concern) -> None:
    chair, other = ilminster["chair"], ilminster["councillor3"]
    release = "UPDATE grievances_decision SET released_by_id = %s, released_at = %s WHERE concern_id = %s"
    assert "decision_by_two_people" in refused(chair, release, [chair.pk, AFTER, drafted.pk])
    assert refused(ilminster["clerk"], release, [other.pk, AFTER, drafted.pk]) == "rows: 0"
    take(Step.RELEASE_DECISION, drafted, other, now=AFTER)
    with system_work():
        made = Decision.objects.get(concern=drafted)
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            Decision.objects.filter(pk=made.pk).update(outcome="resolved")
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            made.findings.update(code="not_upheld")
        assert Decision.objects.filter(pk=made.pk).update(reasons="renewed") == 1  # as rotate_field_keys does


def test_nobody_sits_in_their_own_case_undeclared_or_twice(ilminster: Town, drafted: Concern) -> None:
    insert = (
        "INSERT INTO grievances_panelseat (id, grievance_id, concern_id, person_id, panel, status, is_substitute, is_chair, asked_at, declared_at, since)"
        " SELECT %s, g.id, g.concern_id, %s, %s, 'seated', false, false, %s, %s, %s FROM grievances_grievance g WHERE g.concern_id = %s"
    )
    clerk = ilminster["clerk"]
    for name in ("officer1", "officer2", "councillor4"):
        assert "case of their own" in refused(clerk, insert, [uuid4(), ilminster[name].pk, "appeal", NOW, NOW, NOW, drafted.pk])
    assert "heard by others" in refused(clerk, insert, [uuid4(), ilminster["chair"].pk, "appeal", NOW, NOW, NOW, drafted.pk])
    assert "panelseat_declared_first" in refused(clerk, insert, [uuid4(), ilminster["councillor6"].pk, "appeal", NOW, None, NOW, drafted.pk])
    with system_work():
        assert PanelSeat.objects.filter(concern=drafted, status="seated").count() == 3
        assert Grievance.objects.get(concern=drafted).state == "HEARING_SET"


def test_words_are_encrypted_at_rest(ilminster: Town, drafted: Concern, as_owner: Any) -> None:
    with as_owner(), connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE to_jsonb(t)::text LIKE %s", [f"%{CANARY}%"])
            assert cursor.fetchone()[0] == 0, table
