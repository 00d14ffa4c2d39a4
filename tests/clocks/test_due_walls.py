"""The second wall around dates, asked by raw SQL as the portal's own role."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from clocks.models import Obligation
from concerns.models import Concern
from councils.models import Person
from councils.rls import as_person
from tests.factories.concerns import lodge
from tests.factories.councils import Town

pytestmark = pytest.mark.django_db
COUNCILS = ("weston",)
COPY = "INSERT INTO clocks_obligation SELECT (jsonb_populate_record(o, %s::jsonb)).* FROM clocks_obligation o WHERE concern_id = %s"


@pytest.fixture
def concern(weston: Town) -> Concern:
    return lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="role:chair_of_council")


def run(person: Person, statement: str, *values: Any) -> int:
    with as_person(person), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


@pytest.mark.parametrize("who", ["officer1", "councillor4", "admin", "deputy"])
def test_nobody_outside_reads_changes_or_removes_a_date(weston: Town, concern: Concern, who: str) -> None:
    assert run(weston[who], "SELECT * FROM clocks_obligation WHERE concern_id = %s", concern.pk) == 0
    assert run(weston[who], "UPDATE clocks_obligation SET due_on = due_on + 30") == 0
    assert run(weston[who], "DELETE FROM clocks_obligation") == 0


def test_nobody_removes_a_date_of_their_own_concern(weston: Town, concern: Concern) -> None:
    assert run(weston["chair"], "DELETE FROM clocks_obligation WHERE concern_id = %s", concern.pk) == 0
    assert run(weston["chair"], "SELECT FROM clocks_obligation WHERE concern_id = %s", concern.pk) == 1


def test_nobody_writes_a_date_for_a_concern_they_cannot_see(weston: Town, concern: Concern) -> None:
    with as_person(weston["chair"]):
        row = Obligation.objects.get(concern=concern)
    row.pk, row.kind = uuid4(), "hearing"
    row._state.adding = True
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic(), as_person(weston["councillor4"]):
        row.save(force_insert=True)


def test_same_thing_is_due_once(weston: Town, concern: Concern) -> None:
    with pytest.raises(IntegrityError, match="obligation_open_once"), transaction.atomic():
        run(weston["chair"], COPY, f'{{"id": "{uuid4()}"}}', concern.pk)


def test_marks_are_left_by_anybody_and_read_by_nobody(weston: Town) -> None:
    mark = "INSERT INTO clocks_unsettled (id, room, row_id, at) VALUES (gen_random_uuid(), 'concern', gen_random_uuid(), now())"
    assert run(weston["officer1"], mark) == 1
    for statement in ("SELECT * FROM clocks_unsettled", "DELETE FROM clocks_unsettled", "UPDATE clocks_unsettled SET room = 'x'"):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            run(weston["officer1"], statement)


def test_replies_are_known_only_to_those_on_the_concern(weston: Town, concern: Concern) -> None:
    assert run(weston["councillor4"], "SELECT * FROM disclosures_due(%s)", concern.pk) == 0
