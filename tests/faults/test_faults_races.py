"""Two people at once, on real connections: one wins, the other is told, and nothing is half done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import Http404

from concerns import outbox
from concerns.actions.verb import ACTIONS
from concerns.enums import Action, State
from concerns.models import Concern, Event
from councils.errors import Refusal
from councils.models import Person
from councils.rls import as_person, set_person, system_work
from tests.factories.concerns import NOW, draft, lodge
from tests.factories.councils import Town, town
from tests.faults.table import times, told

pytestmark = pytest.mark.django_db(transaction=True)
PAIRS_AT_ONCE = 4  # eight threads
RECIPIENTS = ("manager", "clerk")


@pytest.fixture
def weston() -> Town:
    return town("weston")


def at_once(*calls: Callable[[], Any]) -> list[str]:
    """Run these together; "ok", or the name of what each was told."""
    gate, told = threading.Barrier(len(calls)), [""] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            gate.wait(timeout=20)
            call()
            told[place] = "ok"
        except (Refusal, Http404) as error:
            told[place] = type(error).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return told


def doing(action: Action, concern: Concern, person: Person, **answers: Any) -> Callable[[], Any]:
    """That action, as its person, in a transaction of its own."""

    def call() -> Any:
        with as_person(person):
            return ACTIONS[action](concern_id=concern.pk, by=person, now=NOW, **answers)

    return call


def trail(concern: Concern) -> list[str]:
    with system_work():
        return sorted(Event.objects.filter(concern_id=concern.pk).values_list("type", flat=True))


def state(concern: Concern) -> str:
    with system_work():
        return Concern.objects.values_list("state", flat=True).get(pk=concern.pk)


def test_two_recipients_take_it_up_at_once_and_one_wins(weston: Town) -> None:
    concern = lodge(weston, weston["officer1"], weston["councillor3"])
    told = at_once(doing(Action.ACCEPT, concern, weston["manager"]), doing(Action.ACCEPT, concern, weston["clerk"]))
    assert sorted(told) == ["Refusal", "ok"]
    assert trail(concern) == ["accepted", "lodged"]


def test_sent_twice_is_sent_once(weston: Town) -> None:
    concern = draft(weston, weston["officer1"], weston["councillor3"])
    answers = {"wider_circle": "ask_first", "private_confirmed": True, "constructive_confirmed": True}
    send = doing(Action.SUBMIT, concern, weston["officer1"], **answers)
    assert sorted(at_once(send, send, send)) == ["Refusal", "Refusal", "ok"]
    assert trail(concern) == ["lodged"]


def test_taken_up_while_withdrawn(weston: Town) -> None:
    concern = lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="role:chair_of_council")
    told = at_once(doing(Action.ACCEPT, concern, weston["chair"]), doing(Action.WITHDRAW, concern, weston["councillor3"]))
    # either order is right: withdrawn first, and the recipient finds it gone; or taken up, then withdrawn
    assert told in (["ok", "ok"], ["Http404", "ok"], ["NotVisible", "ok"], ["Refusal", "ok"])
    assert state(concern) == State.WITHDRAWN


def test_a_stale_page_is_told_and_changes_nothing(weston: Town) -> None:
    concern = lodge(weston, weston["officer1"], weston["councillor3"])
    doing(Action.ADD_NOTE, concern, weston["clerk"], text="x")()
    with pytest.raises(Refusal, match="after you opened the page"):
        doing(Action.ACCEPT, concern, weston["manager"], revision=concern.revision)()
    assert trail(concern) == ["lodged", "note_added"]


def test_hundreds_of_conflicting_pairs_each_have_one_winner(weston: Town) -> None:
    """The same page, answered twice at once, again and again, four pairs beside each other: each round exactly one of two goes in."""
    concerns = [lodge(weston, weston["officer1"], weston["councillor3"]) for _pair in range(PAIRS_AT_ONCE)]
    turns = times(200, 2000) // PAIRS_AT_ONCE
    gates = {concern.pk: threading.Barrier(2) for concern in concerns}
    won: dict[Any, list[bool]] = {(concern.pk, name): [] for concern in concerns for name in RECIPIENTS}

    def run(concern: Concern, name: str) -> None:
        person = weston[name]
        try:
            for turn in range(turns):
                gates[concern.pk].wait(timeout=60)
                try:
                    with as_person(person):
                        ACTIONS[Action.ADD_NOTE](concern_id=concern.pk, by=person, now=NOW, text="x", revision=concern.revision + turn)
                    won[concern.pk, name].append(True)
                except Refusal:
                    won[concern.pk, name].append(False)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(concern, name)) for concern in concerns for name in RECIPIENTS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=600)
    winners = [one + other for c in concerns for one, other in zip(*(won[c.pk, name] for name in RECIPIENTS), strict=True)]
    kept = [trail(concern).count("note_added") for concern in concerns]
    told("conflicting_pairs_8_threads", runs=len(winners), lost=winners.count(0), duplicated=winners.count(2))
    assert (len(winners), kept) == (turns * PAIRS_AT_ONCE, [turns] * PAIRS_AT_ONCE)


def test_conflicting_transitions_have_one_winner(weston: Town) -> None:
    """Four concerns are each taken up by both of their recipients at once: one does it, the other is told."""
    rounds, none, both = times(5, 500), 0, 0
    for _round in range(rounds):
        concerns = [lodge(weston, weston["officer1"], weston["councillor3"]) for _pair in range(PAIRS_AT_ONCE)]
        answers = at_once(*(doing(Action.ACCEPT, concern, weston[name]) for concern in concerns for name in RECIPIENTS))
        for number, concern in enumerate(concerns):
            pair = sorted(answers[2 * number : 2 * number + 2])
            none += pair == ["Refusal", "Refusal"]
            both += trail(concern) != ["accepted", "lodged"]
            assert pair == ["Refusal", "ok"]
    told("conflicting_transitions_8_threads", runs=rounds * PAIRS_AT_ONCE, lost=none, duplicated=both)


def test_two_workers_claim_different_notices(weston: Town) -> None:
    for _turn in range(6):
        lodge(weston, weston["officer1"], weston["councillor3"])
    claimed: list[list[Any]] = [[], []]

    def claim(place: int) -> Callable[[], None]:
        def call() -> None:
            with system_work():
                claimed[place] = [item.id for item in outbox.claim(now=NOW, limit=6)]

        return call

    assert at_once(claim(0), claim(1)) == ["ok", "ok"]
    assert not set(claimed[0]) & set(claimed[1])
    with system_work():
        rest = [item.id for item in outbox.claim(now=NOW)]
    assert len({*claimed[0], *claimed[1], *rest}) == 12


def test_the_person_ends_with_the_transaction(weston: Town) -> None:
    from django.db import transaction

    with transaction.atomic():
        set_person(weston["clerk"].pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_me(), coalesce(current_setting('portal.person', true), '')")
        assert cursor.fetchone() == (None, "")
    with pytest.raises(transaction.TransactionManagementError):
        set_person(weston["clerk"].pk)
