"""The second wall of the room: rows of one's own, and nobody else's."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, transaction

from information.models import AccessRequest, RequestSeat
from tests.factories.concerns import NOW, by
from tests.factories.councils import Town

COUNCILS = ("weston",)


def a_draft(weston: Town) -> AccessRequest:
    member = weston["councillor1"]
    with by(member):
        return AccessRequest.objects.create(
            council=weston.council, requester=member, requester_role="councillor", document="CANARY file", created_at=NOW, updated_at=NOW
        )


@pytest.mark.django_db
def test_draft_is_seen_by_its_requester_alone(weston: Town) -> None:
    draft = a_draft(weston)
    seen = set()
    for name, person in weston.people.items():
        with by(person):
            if AccessRequest.objects.filter(pk=draft.pk).exists():
                seen.add(name)
    assert seen == {"councillor1"}


@pytest.mark.django_db
def test_seat_for_oneself_is_refused_by_the_database(weston: Town) -> None:
    draft = a_draft(weston)
    for who in ("clerk", "councillor1"):
        with pytest.raises(ProgrammingError), transaction.atomic(), by(weston[who]):
            RequestSeat.objects.create(request=draft, person=weston[who], part="determiner", since=NOW)


@pytest.mark.django_db
def test_state_changed_outside_an_action_is_refused(weston: Town) -> None:
    draft = a_draft(weston)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic(), by(weston["councillor1"]):
        AccessRequest.objects.filter(pk=draft.pk).update(state="WITH_DETERMINER")
