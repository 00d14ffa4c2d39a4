"""The second wall of the room: rows of one's own, and nobody else's."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, InternalError, ProgrammingError, connection, transaction

from councils.rls import as_person
from information.enums import RequestAction
from information.models import AccessRequest, Advice, RequestSeat
from tests.factories.concerns import NOW, by, lodge
from tests.factories.councils import Town
from tests.information.steps import ask, do, draft, question

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


def seat_inside(step: str, **row: object) -> None:
    """A seat as whoever writes SQL themselves would give it, naming a step."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.action', %s, true)", [step])
        RequestSeat.objects.create(**row)


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["determiner", "refuser", "reviewer", "adviser"])
def test_requester_seats_nobody_past_the_step_that_does(weston: Town, part: str) -> None:
    request, accomplice = ask(weston, justification="Because"), weston["councillor6"]
    row = {"request_id": request.pk, "person": accomplice, "part": part, "hat": "proper_officer", "since": NOW}
    for step in ("", "request_ask", "request_send_again", "request_ask_review", "request_ask_advice"):
        with pytest.raises(DatabaseError), by(weston["councillor1"]):
            seat_inside(step, **row)
    with by(weston["clerk"]):
        assert list(RequestSeat.objects.filter(request=request).values_list("person", "part")) == [(weston["clerk"].pk, "determiner")]


@pytest.mark.django_db
def test_seat_is_for_somebody_in_post_there(weston: Town, auth5c: Town) -> None:
    request = ask(weston, justification="Because")
    for person in (weston["former"], auth5c["officer1"], weston["admin"]):
        with pytest.raises(DatabaseError), by(weston["councillor1"]):
            seat_inside("request_send_again", request_id=request.pk, person=person, part="determiner", since=NOW)


def kept(request_id: object, reference: str, people: list[object]) -> set[object]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kept_from_deciding(%s, %s, %s::uuid[])", [request_id, reference, people])
        return set(cursor.fetchone()[0])


@pytest.mark.django_db
def test_who_is_kept_from_deciding_is_said_of_the_reference_that_was_asked_about_and_no_other(weston: Town) -> None:
    asked_about, other = (
        lodge(weston, weston[who], weston["officer1"], chosen_token="role:proper_officer") for who in ("councillor2", "councillor3")
    )
    everybody = [person.pk for person in weston.people.values()]
    unsent = draft(weston, kind="concern", concern_reference=asked_about.reference)
    with by(weston["councillor1"]):
        assert kept(unsent.pk, asked_about.reference, everybody) == set()
    sent = do(RequestAction.ASK, unsent, weston["councillor1"])
    with by(weston["councillor1"]):
        assert kept(sent.pk, other.reference, everybody) == set()
        assert kept(sent.pk, asked_about.reference, everybody) >= {weston["councillor2"].pk, weston["officer1"].pk}
        with pytest.raises(DatabaseError), transaction.atomic():
            AccessRequest.objects.filter(pk=sent.pk).update(concern_key="0" * 64)
    for who in ("councillor4", "councillor2"):
        with by(weston[who]):
            assert kept(sent.pk, asked_about.reference, everybody) == set()


def tables() -> list[str]:
    return sorted(model._meta.db_table for model in apps.get_app_config("information").get_models())


@pytest.mark.django_db
def test_every_table_of_the_room_is_behind_forced_row_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relrowsecurity AND relforcerowsecurity", [tables()])
        assert sorted(name for (name,) in cursor.fetchall()) == tables()
    assert len(tables()) == 9


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
