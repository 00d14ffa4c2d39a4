"""The second wall on its own, by raw SQL: who is shown which row, and who may write what of it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from concerns import policy
from concerns.enums import Capacity
from concerns.models import Concern, Event, Notice
from councils.models import Person
from councils.rls import system_work
from disclosures.enums import DisclosureAction as A
from disclosures.models import Disclosure, SubjectPaper, allowed_pairs
from tests.disclosures.telling import act, answered, disclosed, drafted, opened, running
from tests.factories.concerns import NOW, by
from tests.factories.councils import Town

COUNCILS = ("weston",)
D = "disclosures_disclosure"


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relname LIKE 'disclosures\\_%%' AND relnamespace = 'public'::regnamespace"
        )
        return sorted(row[0] for row in cursor.fetchall())


def counts() -> dict[str, int]:
    """How many rows of each table are shown now; tables with none are left out."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
            if number := cursor.fetchone()[0]:
                found[table] = number
    return found


def told_no(person: Person | None, statement: str, values: list[Any] | None = None, *, inside: bool = True) -> str:
    """What the database answers to this statement: its error, or how many rows it touched."""
    with by(person), connection.cursor() as cursor:  # type: ignore[arg-type]
        cursor.execute("SELECT set_config('portal.action', %s, true)", ["answer_disclosure" if inside else ""])
        try:
            with transaction.atomic():
                cursor.execute(statement, values or [])
                return str(cursor.rowcount)
        except DatabaseError as error:
            return str(error).splitlines()[0]


@pytest.fixture
def full(weston: Town) -> Concern:
    """A concern about two, with an answered disclosure to one and a draft for the other."""
    concern = running(weston, "councillor3", "officer1", "officer3")
    row = answered(disclosed(concern, weston["clerk"], weston["officer1"]), weston["officer1"])
    act(A.ADD_SUBJECT_PAPER, weston["officer1"], disclosure_id=row.pk, name="a.txt", content=b"words")
    drafted(concern, weston["clerk"], weston["officer3"])
    return concern


def row_of(concern: Concern, person: Person, reader: Person) -> Disclosure:
    with by(reader):
        return Disclosure.objects.get(concern_id=concern.pk, person=person)


def test_every_table_has_a_wall_with_a_policy_for_each_command(db: None) -> None:
    assert {model._meta.db_table for model in apps.get_app_config("disclosures").get_models()} == set(tables())
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relrowsecurity AND relforcerowsecurity", [tables()])
        assert {row[0] for row in cursor.fetchall()} == set(tables())
        cursor.execute("SELECT tablename, cmd FROM pg_policies WHERE 'portal_app' = ANY(roles) AND tablename = ANY(%s)", [tables()])
        found = sorted(cursor.fetchall())
    assert found == sorted((table, command) for table in tables() for command in ("SELECT", "INSERT", "UPDATE", "DELETE"))


def test_the_machine_in_the_database_is_the_one_in_the_code() -> None:
    from importlib import import_module

    walls = import_module("disclosures.migrations.0002_walls")
    assert sorted((a, b) for a, many in walls.STEPS.items() for b in many.split()) == allowed_pairs()
    from disclosures.models import Pointer

    steps = Pointer._meta.get_field("state").get_all_transitions(Pointer)
    moving = {(str(step.source), str(step.target)) for step in steps if step.source != step.target}
    assert {(a, b) for a, many in walls.POINTER_STEPS.items() for b in many.split()} == moving


@pytest.mark.parametrize(
    ("who", "shown"),
    [
        ("officer1", {"disclosures_disclosure": 1, "disclosures_subjectpaper": 1}),
        ("clerk", {"disclosures_disclosure": 2, "disclosures_subjectpaper": 1}),
        *[(name, {}) for name in ("officer3", "councillor3", "officer2", "deputy", "manager", "chair", "admin", "former", "councillor1")],
    ],
)  # fmt: skip
def test_each_person_is_shown_their_own_rows(weston: Town, full: Concern, who: str, shown: dict[str, int]) -> None:
    with by(weston[who]):
        assert counts() == shown


def test_nobody_and_an_invented_person_are_shown_nothing(weston: Town, full: Concern) -> None:
    for person in (None, Person(pk=uuid4())):
        with by(person):  # type: ignore[arg-type]
            assert counts() == {}


def test_who_sees_stage_and_dates_is_shown_nothing(weston: Town, full: Concern) -> None:
    with by(weston["clerk"]):
        policy.grant(full, weston["vice"], Capacity.EXCEPTION_HOLDER, reason="finds_handler", by=weston["clerk"], now=NOW)
    with by(weston["vice"]):
        assert Concern.objects.filter(pk=full.pk).exists()
        assert counts() == {}


def test_the_subject_is_shown_nothing_of_the_casework(weston: Town, full: Concern) -> None:
    from tests.concerns.test_walls import counts as case_rows

    with by(weston["officer1"]):
        assert case_rows() == {}


FOR_THE_SUBJECT = "the subject writes their answer and companion, no more"
AS_IT_WAS = "what was disclosed stays as it was, and the answer is the subject's"


@pytest.mark.parametrize(
    "change",
    [
        "text = 'x'", "reply = 'x'", "kind = 'told'", "answer_by = NULL", "person_id = gen_random_uuid()", "answer = 'other'",
        "answered_at = now()", "state = 'CLOSED', closed_at = now()", "disclosed_at = now()", "concern_id = gen_random_uuid()",
    ],
)  # fmt: skip
def test_the_subject_changes_nothing_that_is_not_theirs(weston: Town, full: Concern, change: str) -> None:
    row = row_of(full, weston["officer1"], weston["clerk"])
    said = told_no(weston["officer1"], f"UPDATE {D} SET {change} WHERE id = %s", [row.pk])  # noqa: S608
    assert said == FOR_THE_SUBJECT


def test_the_subject_answers_only_what_is_open_and_only_inside_an_action(weston: Town) -> None:
    concern = running(weston)
    row = disclosed(concern, weston["clerk"], weston["officer1"])
    statement = f"UPDATE {D} SET state = 'ANSWERED', answer = 'x', answered_at = now() WHERE id = %s"  # noqa: S608
    assert told_no(weston["officer1"], statement, [row.pk]) == "no step leads from DISCLOSED to ANSWERED"
    opened(row, weston["officer1"])
    assert told_no(weston["officer1"], statement, [row.pk], inside=False) == "a state changes only inside an action"
    assert told_no(weston["officer3"], statement, [row.pk]) == "0"
    assert told_no(weston["officer1"], f"UPDATE {D} SET answer = 'x' WHERE id = %s", [row.pk]) == FOR_THE_SUBJECT  # noqa: S608


@pytest.mark.parametrize(
    "change",
    [
        "text = 'x'", "answer = 'x'", "companion = 'x'", "opened_at = now()", "answered_at = now()", "answer_by = NULL", "reply = 'x'",
        "state = 'CLOSED', closed_at = now(), text = 'x'", "state = 'CLOSED', closed_at = now(), answer = 'x'",
    ],
)  # fmt: skip
def test_whoever_deals_with_it_rewrites_neither_what_was_said_nor_the_answer(weston: Town, full: Concern, change: str) -> None:
    row = row_of(full, weston["officer1"], weston["clerk"])
    assert told_no(weston["clerk"], f"UPDATE {D} SET {change} WHERE id = %s", [row.pk]) == AS_IT_WAS  # noqa: S608


def test_nobody_answers_in_the_subjects_place(weston: Town) -> None:
    concern = running(weston)
    row = opened(disclosed(concern, weston["clerk"], weston["officer1"]), weston["officer1"])
    statement = f"UPDATE {D} SET state = 'ANSWERED', answer = 'x', answered_at = now() WHERE id = %s"  # noqa: S608
    assert told_no(weston["clerk"], statement, [row.pk]) == AS_IT_WAS
    for name in ("councillor3", "officer2", "chair"):
        assert told_no(weston[name], statement, [row.pk]) == "0"


def test_a_draft_is_shown_and_changed_by_those_who_deal_with_it_alone(weston: Town) -> None:
    concern = running(weston)
    row = drafted(concern, weston["clerk"], weston["officer1"])
    for name in ("officer1", "councillor3"):
        assert told_no(weston[name], f"UPDATE {D} SET text = 'x' WHERE id = %s", [row.pk]) == "0"  # noqa: S608
        assert told_no(weston[name], f"DELETE FROM {D} WHERE id = %s", [row.pk]) == "0"  # noqa: S608


def test_what_was_disclosed_is_never_deleted_by_hand(weston: Town, full: Concern) -> None:
    row = row_of(full, weston["officer1"], weston["clerk"])
    for name in ("clerk", "officer1"):
        assert told_no(weston[name], f"DELETE FROM {D} WHERE id = %s", [row.pk]) == "0"  # noqa: S608
        assert told_no(weston[name], "DELETE FROM disclosures_subjectpaper") == "0"
        assert told_no(weston[name], "UPDATE disclosures_subjectpaper SET size = 1") == "0"


def test_the_subject_writes_no_event_no_notice_and_no_disclosure(weston: Town, full: Concern) -> None:
    row = row_of(full, weston["officer1"], weston["clerk"])
    refused = "new row violates row-level security policy"
    with by(weston["officer1"]):
        for made in (
            lambda: Event.objects.create(concern_id=full.pk, type="note_added", at=NOW),
            lambda: Notice.objects.create(concern_id=full.pk, person=weston["clerk"], kind="progress", created_at=NOW, due_at=NOW),
            lambda: Disclosure.objects.create(
                concern_id=full.pk, person=weston["officer1"], council=row.council, protocol_version=row.protocol_version, role="officer",
                kind="told", text="x", made_by=weston["officer1"], made_at=NOW, answer=None, companion=None, reply=None,
            ),
        ):  # fmt: skip
            with pytest.raises(DatabaseError) as error, transaction.atomic():
                made()
            assert refused in str(error.value) or "disclosed to those the concern is about" in str(error.value)


@pytest.mark.parametrize(
    "call",
    [
        "write_for_subject(d, 'note_added', now(), '{}', 'progress') FROM disclosures_disclosure d", "tell_of_disclosure()",
        "tell_of_paper()", "purge_disclosures()",
    ],
)  # fmt: skip
def test_what_writes_for_the_subject_cannot_be_called(weston: Town, full: Concern, call: str) -> None:
    for person in (weston["officer1"], weston["clerk"]):
        said = told_no(person, f"SELECT {call}")
        assert "permission denied for function" in said or "can only be called as triggers" in said
    with system_work(), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {call}")


def test_who_deals_with_it_is_told_to_the_subject_alone(weston: Town, full: Concern) -> None:
    row = row_of(full, weston["officer1"], weston["clerk"])
    found = {}
    for name in ("officer1", "officer3", "councillor3", "chair"):
        with by(weston[name]), connection.cursor() as cursor:
            cursor.execute("SELECT name, hat, acting_for FROM dealt_with_by(%s)", [row.pk])
            found[name] = cursor.fetchall()
    assert found == {"officer1": [(weston["clerk"].full_name, "proper_officer", "")], "officer3": [], "councillor3": [], "chair": []}


def test_a_paper_is_added_to_ones_own_open_disclosure_alone(weston: Town) -> None:
    concern = running(weston)
    row = disclosed(concern, weston["clerk"], weston["officer1"])
    known = {"disclosure_id": row.pk, "name": "a", "media_type": "text/plain", "size": 1, "sha256": "0" * 64, "content": b"x", "added_at": NOW}
    for who, added_by in (("officer1", "officer1"), ("clerk", "clerk"), ("officer3", "officer3"), ("clerk", "officer1")):
        with by(weston[who]), pytest.raises(DatabaseError), transaction.atomic():
            SubjectPaper.objects.create(added_by=weston[added_by], **known)
    opened(row, weston["officer1"])
    with by(weston["officer1"]):
        assert SubjectPaper.objects.create(added_by=weston["officer1"], **known).size == 1
        with pytest.raises(DatabaseError), transaction.atomic():
            SubjectPaper.objects.create(added_by=weston["clerk"], **known)


def test_keys_are_rotated_in_every_field(weston: Town, full: Concern, settings: Any) -> None:
    from cryptography.fernet import Fernet
    from django.core.management import call_command

    from concerns.models import encrypted

    settings.PORTAL_FIELD_KEYS = [Fernet.generate_key().decode(), *settings.PORTAL_FIELD_KEYS]
    call_command("rotate_field_keys")
    settings.PORTAL_FIELD_KEYS = settings.PORTAL_FIELD_KEYS[:1]
    with by(weston["clerk"]):
        row = Disclosure.objects.get(concern_id=full.pk, person=weston["officer1"])
        assert (row.text != "", row.answer != "", bytes(row.papers.get().content)) == (True, True, b"words")
    encrypted._fernet.cache_clear()
