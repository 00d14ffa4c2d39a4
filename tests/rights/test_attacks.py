"""What an administrator, or somebody who asks for their data, could learn of a concern by the side; and who names whom."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from councils.errors import Refusal
from rights import audit, queries
from rights.actions import access, keeping, telling
from rights.enums import LineType
from rights.models import Line
from tests.factories.concerns import by, lodge
from tests.factories.councils import AppointmentFactory, Town
from tests.rights.conftest import COUNCILS, act, closed, disposal_of, keepers

assert COUNCILS
pytestmark = pytest.mark.django_db


def short(town: Town, who: str) -> bool:
    """Whether that administrator is told that a records keeper is missing."""
    with by(town[who]):
        return town.council.pk in queries.short_councils()


@pytest.fixture
def chair(town: Town) -> str:
    """A councillor who administers the portal, too."""
    AppointmentFactory(council=town.council, person=town["councillor1"], role="protocol_admin")
    return "councillor1"


def test_subject_who_administers_learns_nothing_of_a_keepers_concern_by_asking_for_their_data(town: Town, chair: str) -> None:
    keepers(town, "clerk", "officer1")
    act(town[chair], access.ask_access, council=town.council)
    before = short(town, chair)
    lodge(town, town["officer1"], town[chair])

    assert (before, short(town, chair)) == (False, False)


def test_subject_who_administers_learns_nothing_when_their_case_is_due(town: Town, chair: str, as_owner) -> None:  # type: ignore[no-untyped-def]
    keepers(town, "clerk", "officer1")
    disposal_of(closed(town, as_owner, raiser="officer1", subject=chair))

    assert not short(town, chair)
    assert short(town, "admin")  # somebody has to name another


def test_administrator_who_asks_is_told_when_there_are_too_few_for_anybody(town: Town, chair: str) -> None:
    keepers(town, "clerk")
    act(town[chair], access.ask_access, council=town.council)

    assert short(town, chair)


def test_administrator_complained_of_isn_t_told_that_a_keeper_is_missing(town: Town, chair: str) -> None:
    keepers(town, chair)
    act(town["officer1"], telling.complain, council=town.council, text="wrong", against=town[chair])

    assert not short(town, chair)
    assert short(town, "admin")


def test_administrator_doesn_t_name_themselves_a_records_keeper(town: Town, chair: str) -> None:
    with pytest.raises(Refusal, match="Nobody makes themselves a records keeper"):
        act(town[chair], keeping.name_keeper, council=town.council, person=town[chair])
    act(town["admin"], keeping.name_keeper, council=town.council, person=town[chair])
    with by(town[chair]):
        assert queries.is_keeper(town.council)


def test_nobody_writes_into_a_trail_what_somebody_else_did(town: Town) -> None:
    keepers(town, "clerk", "deputy")
    asked = act(town["officer1"], access.ask_access, council=town.council)
    for who in ("officer1", "deputy"):
        with by(town[who]), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            audit.record(asked, LineType.RELEASED, by=town["clerk"], now=asked.opened_at)
        with by(town[who]), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            audit.record(asked, LineType.RELEASED, by=None, now=asked.opened_at)
    with by(town["clerk"]):
        assert list(Line.objects.filter(about_id=asked.pk).values_list("type", flat=True)) == ["opened"]
