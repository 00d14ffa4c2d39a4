"""The second wall of the room: rows of one's own, and nobody else's."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, InternalError, ProgrammingError, connection, transaction

from councils.rls import as_person
from information.enums import RequestAction
from information.models import AccessRequest, Advice, RequestSeat
from tests.factories.concerns import NOW, by
from tests.factories.councils import Town
from tests.information.steps import ask, do, question

COUNCILS = ("weston", "auth5c")


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


def tables() -> list[str]:
    return sorted(model._meta.db_table for model in apps.get_app_config("information").get_models())


@pytest.mark.django_db
def test_every_table_of_the_room_is_behind_forced_row_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relrowsecurity AND relforcerowsecurity", [tables()])
        assert sorted(name for (name,) in cursor.fetchall()) == tables()
    assert len(tables()) == 8


@pytest.mark.django_db
def test_with_nobody_named_there_is_nothing(weston: Town) -> None:
    request = ask(weston, justification="Because")
    do(RequestAction.REFUSE, request, weston["clerk"], ground="roving_commission", reason="No task needs it")
    question(weston)
    for person in (None, weston["councillor5"], weston["admin"]):
        with as_person(person):
            for model in apps.get_app_config("information").get_models():
                assert model.objects.count() == 0, model


@pytest.mark.django_db
def test_nobody_changes_a_seat_or_takes_one_back(weston: Town) -> None:
    request = ask(weston, justification="Because")
    for change in ({"part": "reviewer"}, {"person": weston["deputy"]}, {"hat": "chair_of_council"}):
        with pytest.raises(DatabaseError), transaction.atomic(), by(weston["clerk"]):
            RequestSeat.objects.filter(request=request).update(**change)
    do(RequestAction.PASS_ON, request, weston["clerk"])
    with by(weston["clerk"]):
        assert RequestSeat.objects.filter(request=request).update(until=None) == 0
    with pytest.raises(DatabaseError), transaction.atomic(), by(weston["councillor1"]):
        RequestSeat.objects.filter(request=request, person=weston["clerk"]).update(until=None)


@pytest.mark.django_db
def test_requester_is_shown_no_advice_by_the_database_either(auth5c: Town) -> None:
    request = ask(auth5c, justification="Because", directorate="People")
    do(RequestAction.ASK_ADVICE, request, auth5c["director2"], question="May I?")
    with by(auth5c["councillor1"]):
        assert Advice.objects.count() == 0
    with by(auth5c["mo"]):
        assert Advice.objects.count() == 1
