"""Raw SQL as portal_app: what nobody does who isn't a records keeper, an administrator, or whoever wrote it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from concerns.enums import Action
from councils.models import Person
from councils.rls import system_work
from information.enums import RequestKind
from rights import queries
from rights.actions import keeping
from rights.models import Keeper, LegalHold
from tests.concerns.answers import answers_for
from tests.factories.concerns import NOW, by, do, lodge
from tests.factories.councils import Town
from tests.rights.conftest import COUNCILS, act, closed, disposal_of, keepers

assert COUNCILS
pytestmark = pytest.mark.django_db
Owner = Callable[[], AbstractContextManager[None]]
WALL = "row-level security"


def raw(person: Person | None, statement: str, values: list[Any]) -> int:
    """A statement as the role that the portal signs in with; returns how many rows it touched."""
    with by(person), connection.cursor() as cursor:  # type: ignore[arg-type]
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("portal_app",)
        cursor.execute("SELECT set_config('portal.action', 'x', true)")
        cursor.execute(statement, values)
        return cursor.rowcount


def refused(person: Person | None, statement: str, values: list[Any], match: str = WALL) -> None:
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        raw(person, statement, values)


HOLD = "INSERT INTO rights_legalhold (id, council_id, case_id, review_on, placed_by_id, placed_at) VALUES (%s, %s, %s, %s, %s, now())"


def test_hold_is_placed_and_lifted_by_whoever_deals_with_it_and_by_nobody_who_only_sees_it(town: Town) -> None:
    keepers(town, "clerk", "deputy")
    concern = lodge(town, town["officer1"], town["councillor6"])
    do(Action.ACCEPT, concern, town["clerk"], **answers_for(town, Action.ACCEPT, concern, town["clerk"], Random(1)))

    def values(who: str, case: Any = concern.pk, council: Any = town.council.pk) -> list[Any]:
        return [uuid4(), council, case, NOW.date() + timedelta(days=9), town[who].pk]

    for who in ("officer1", "councillor6", "deputy", "admin"):  # raiser, subject, a records keeper without a seat, administrator
        refused(town[who], HOLD, values(who))
        refused(town[who], HOLD, values("clerk"))
    for who in ("officer1", "admin"):
        refused(town[who], HOLD, values(who, case=None))
    refused(town["clerk"], HOLD, values("deputy"))  # in somebody else's name
    assert raw(town["clerk"], HOLD, values("clerk")) == 1
    lift = "UPDATE rights_legalhold SET lifted_at = now(), lifted_by_id = %s WHERE case_id = %s"
    for who in ("officer1", "councillor6", "deputy", "admin"):
        assert raw(town[who], lift, [town[who].pk, concern.pk]) == 0
    assert raw(town["clerk"], lift, [town["clerk"].pk, concern.pk]) == 1
    with system_work():
        assert LegalHold.objects.filter(case_id=concern.pk, lifted_by=town["clerk"]).count() == 1


def test_hold_on_a_case_that_is_due_is_a_seated_keepers_and_no_partys(town: Town, as_owner: Owner) -> None:
    keepers(town, "clerk", "deputy", "councillor6")  # whom it is about
    concern = closed(town, as_owner)
    disposal_of(concern)
    values = [uuid4(), town.council.pk, concern.pk, NOW.date() + timedelta(days=9)]
    refused(town["councillor6"], HOLD, [*values, town["councillor6"].pk])
    refused(town["officer1"], HOLD, [*values, town["officer1"].pk])
    assert raw(town["deputy"], HOLD, [*values, town["deputy"].pk]) == 1


KEEPER = "INSERT INTO rights_keeper (id, council_id, person_id, named_by_id, since) VALUES (%s, %s, %s, %s, now())"


def test_keeper_is_named_and_ended_by_an_administrator_alone_and_never_by_themselves(town: Town) -> None:
    (first, _second) = keepers(town, "clerk", "deputy")

    def values(who: str, named_by: str) -> list[Any]:
        return [uuid4(), town.council.pk, town[who].pk, town[named_by].pk]

    refused(town["councillor1"], KEEPER, values("councillor1", "councillor1"))
    refused(town["councillor1"], KEEPER, values("officer1", "admin"))
    refused(town["admin"], KEEPER, values("admin", "admin"))
    refused(town["admin"], KEEPER, values("officer1", "clerk"))
    refused(None, KEEPER, values("officer1", "admin"))
    end = "UPDATE rights_keeper SET until = now(), ended_by_id = %s WHERE id = %s"
    assert raw(town["councillor1"], end, [town["councillor1"].pk, first.pk]) == 0
    refused(town["admin"], end, [town["clerk"].pk, first.pk])
    refused(town["admin"], "UPDATE rights_keeper SET person_id = %s WHERE id = %s", [town["officer1"].pk, first.pk], "stays written")
    refused(town["admin"], "DELETE FROM rights_keeper WHERE id = %s", [first.pk], "permission denied")
    assert raw(town["admin"], end, [town["admin"].pk, first.pk]) == 1
    assert raw(town["admin"], KEEPER, values("officer1", "admin")) == 1


def test_keepers_are_known_in_their_council_and_nowhere_else(town: Town, towns: dict[str, Town]) -> None:
    keepers(town, "clerk", "deputy")
    with by(town["councillor3"]):
        assert Keeper.objects.count() == 2
    assert Keeper.objects.count() == 0
    assert queries.has_keepers(town.council)  # what the public register says


def test_schedule_is_set_by_an_administrator_in_their_own_name(town: Town) -> None:
    rule = act(town["admin"], keeping.set_retention, council=town.council, outcome_class="withdrawn", months=24)
    change = "UPDATE rights_retentionrule SET months = 9, set_by_id = %s WHERE id = %s"
    for who in ("clerk", "councillor1", "officer1"):
        assert raw(town[who], change, [town[who].pk, rule.pk]) == 0
    refused(town["admin"], change, [town["clerk"].pk, rule.pk])
    add = "INSERT INTO rights_retentionrule (id, council_id, outcome_class, months, set_at, set_by_id, minute_ref, revision) VALUES (%s, %s, 'resolved', 9, now(), %s, '', 1)"
    refused(town["clerk"], add, [uuid4(), town.council.pk, town["clerk"].pk])
    refused(town["admin"], add, [uuid4(), town.council.pk, town["clerk"].pk])
    assert raw(town["admin"], change, [town["admin"].pk, rule.pk]) == 1


LINE = (
    "INSERT INTO information_line (id, about_id, type, at, by_id, by_name, part, hat, acting_for, from_state, to_state, protocol_label, cites, facts,"
    " seq, prev_hash, reason_hash, hash) VALUES (%s, %s, 'granted', now(), %s, 'Somebody', '', '', '', '', '', '', '[]', '{}', 0, '', '', '')"
)


def test_line_of_a_request_for_papers_is_written_by_whoever_it_names(town: Town) -> None:
    from information.models import AccessRequest

    who, pk = town["councillor2"], uuid4()
    with by(who):
        AccessRequest.objects.create(id=pk, council=town.council, requester=who, kind=RequestKind.DOCUMENT, created_at=NOW, updated_at=NOW)
    refused(who, LINE, [uuid4(), pk, town["clerk"].pk])
    refused(who, LINE, [uuid4(), pk, None])
    refused(town["clerk"], LINE, [uuid4(), pk, town["clerk"].pk])
    assert raw(who, LINE, [uuid4(), pk, who.pk]) == 1


EVENT = (
    "INSERT INTO concerns_event (id, concern_id, type, at, by_id, by_name, capacity, hat, acting_for, from_state, to_state, rule_id, protocol_label,"
    " cites, facts, seq, prev_hash, reason_hash, hash) VALUES (%s, %s, 'accepted', now(), %s, 'Somebody', '', '', '', '', '', '', '', '[]', '{}', 0, '', '', '')"
)


def test_line_of_a_concern_is_written_by_whoever_it_names(town: Town) -> None:
    concern = lodge(town, town["officer1"], town["councillor6"])
    refused(town["officer1"], EVENT, [uuid4(), concern.pk, town["clerk"].pk])
    refused(town["councillor6"], EVENT, [uuid4(), concern.pk, town["councillor6"].pk])
    assert raw(town["officer1"], EVENT, [uuid4(), concern.pk, town["officer1"].pk]) == 1
