"""What each action leaves: exactly its event, exactly its notices, and no words or names where only codes belong."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from django.db import connection

from concerns.actions.verb import LEAVES
from concerns.enums import Action
from concerns.models import Concern, Event
from councils.models import Person
from referrals.enums import Step
from tests.concerns.answers import agree_to_conciliation, answers_for
from tests.concerns.casework import fresh, told
from tests.factories.concerns import CANARY, by, do, draft, lodge
from tests.factories.councils import Town
from tests.factories.referrals import answered, asked_local, latest, take

COUNCILS = ("alsager", "ilminster", "yateley")

# action → (who acts, what was done before and by whom, who is told of it). One council for each chain.
C, O, M = "clerk", "officer1", "councillor6"  # noqa: E741
HANDLED: list[tuple[str, str]] = [("accept", C)]
DECIDED = [*HANDLED, ("informal_over", C)]
DIRECT: list[tuple[str, str]] = []
CASES: dict[str, tuple[str, list[tuple[str, str]], set[tuple[str, str]]]] = {
    "submit": (O, [("draft", O)], {(C, "received")}),
    "save_draft": (O, [("draft", O)], set()),
    "delete_draft": (O, [("draft", O)], set()),
    "redirect": (C, [], {(O, "closed")}),
    "no_handler": (C, HANDLED, {(O, "progress"), ("councillor2", "needs_you"), ("councillor4", "needs_you"), ("councillor5", "needs_you")}),
    "accept": (C, [], {(O, "progress")}),
    "settle": (C, HANDLED, {(O, "closed")}),
    "conciliate": (C, HANDLED, {(O, "progress")}),
    "informal_over": (C, HANDLED, {(O, "needs_you")}),
    "straight_to_formal": (O, [], set()),
    "start_grievance": (O, [], set()),
    "refer_code": (C, DECIDED, {(O, "received")}),
    "formal_code_complaint": (O, HANDLED, {(C, "received")}),
    "report_to_council": (C, DECIDED, {(O, "progress")}),
    "record_outcome": (C, [*DECIDED, ("refer_code", C), ("answered", C)], {(O, "closed")}),
    "sent_back": (C, [*DECIDED, ("refer_code", C), ("asked_local", C)], {(O, "progress")}),
    "close_no_action": (C, HANDLED, {(O, "closed")}),
    "withdraw": (O, HANDLED, {(C, "closed")}),
    "reopen": (O, [*HANDLED, ("settle", C)], {(C, "progress")}),
    "hold": (C, HANDLED, {(O, "progress")}),
    "release": (C, [*HANDLED, ("hold", C)], {(O, "progress")}),
    "ask_consent": (C, HANDLED, {(O, "needs_you")}),
    "answer_consent": (O, [*HANDLED, ("ask_consent", C)], {(C, "progress")}),
    "tell_subject": (C, HANDLED, {(O, "progress")}),
    "open_successor": (C, [*HANDLED, ("withdraw", O)], set()),
    "add_note": (C, HANDLED, set()),
    "add_document": (O, HANDLED, set()),
    "add_witness": (C, HANDLED, set()),
    "make_copy": (C, [*HANDLED, ("add_document", O)], set()),
}  # fmt: skip
del CASES["start_grievance"]  # this council leads to the Code; walked elsewhere


# What the office says comes by way of the referral, which alone takes these two steps from there.
AT_THE_OFFICE = {"answered": answered, "asked_local": asked_local}
BY_THE_REFERRAL = {"record_outcome": Step.TAKE_OVER, "sent_back": Step.TAKE_BACK}


def latest_state(concern: Concern, who: Person) -> str:
    return str(fresh(concern, who).state)


def live(town: Town, action: str, person: str, concern: Concern) -> Any:
    if action == "conciliate":
        agree_to_conciliation(concern)
    who = town[person]
    if action in AT_THE_OFFICE:
        return AT_THE_OFFICE[action](concern, who)
    if action in BY_THE_REFERRAL and latest_state(concern, who) == "CODE_REFERRAL":
        return take(BY_THE_REFERRAL[action], latest(concern, who), who)
    return do(Action(action), concern, who, **answers_for(town, Action(action), concern, who, Random(1)))


def events(concern: Any, as_owner: Any) -> list[Event]:
    with as_owner():
        return list(Event.objects.filter(concern_id=concern))


@pytest.mark.parametrize("action", sorted(CASES))
def test_action_leaves_its_event_and_tells_exactly_these(alsager: Town, as_owner: Any, action: str) -> None:
    person, before, expected = CASES[action]
    if before and before[0][0] == "draft":
        concern = draft(alsager, alsager[O], alsager[M])
        before = before[1:]
    else:
        concern = lodge(alsager, alsager[O], alsager[M])
    for name, who in before:
        live(alsager, name, who, concern)
    had = {event.pk for event in events(concern.pk, as_owner)}
    notices = told(alsager, concern)
    made = live(alsager, action, person, concern)
    target = made.pk if action == "open_successor" else concern.pk
    new = [event for event in events(target, as_owner) if event.pk not in had]
    leaves = LEAVES[Action(action)]
    assert [event.type for event in new] == ([leaves.value] if leaves else [])
    for event in new:
        assert (event.by_id, event.by_name) == (alsager[person].pk, alsager[person].full_name)
        assert event.capacity and event.protocol_label == alsager.version.label
    if action != "delete_draft":
        after = told(alsager, concern)
        for notice in notices:
            after.remove(notice)
        assert sorted(after) == sorted(expected)


@pytest.mark.parametrize("action", sorted(set(CASES) - {"delete_draft"}))
def test_codes_and_dates_only_where_words_do_not_belong(alsager: Town, as_owner: Any, action: str) -> None:
    person, before, _expected = CASES[action]
    concern = draft(alsager, alsager[O], alsager[M]) if before and before[0][0] == "draft" else lodge(alsager, alsager[O], alsager[M])
    for name, who in [*[step for step in before if step[0] != "draft"], (action, person)]:
        live(alsager, name, who, concern)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT facts::text || cites::text || rule_id FROM concerns_event UNION ALL SELECT t::text FROM concerns_notice t"
            " UNION ALL SELECT reason || ended_reason || hat || token || cites::text FROM concerns_participation"
            " UNION ALL SELECT t::text FROM concerns_concern t UNION ALL SELECT t::text FROM concerns_proceeding t"
        )
        text = "\n".join(row[0] for row in cursor.fetchall())
    assert CANARY not in text
    for someone in alsager.people.values():
        assert someone.full_name not in text and someone.email not in text


def test_a_chain_in_a_sequence_leaves_one_event_a_step(ilminster: Town, as_owner: Any) -> None:
    raiser = "councillor6"
    concern = lodge(ilminster, ilminster[raiser], ilminster["clerk"])
    steps = [("pass_on", "chair"), ("take_up_directly", raiser), ("direct_failed", raiser), ("accept", "councillor4")]
    for name, who in steps:
        live(ilminster, name, who, concern)
    found = {event.type for event in events(concern.pk, as_owner)}
    assert found == {"lodged", "passed_on", "taken_up_directly", "direct_failed", "accepted"}
    assert len(events(concern.pk, as_owner)) == 5


def test_stepping_out_and_finding_somebody_each_leave_one(yateley: Town, as_owner: Any) -> None:
    concern = lodge(yateley, yateley[O], yateley[M])
    live(yateley, "declare_conflict", C, concern)
    panel = ["chair", "councillor3", "councillor4", "councillor5"]
    assert {name for name, kind in told(yateley, concern) if kind == "received"} == {C, *panel}
    for name in panel[:3]:
        live(yateley, "declare_conflict", name, concern)
    with by(yateley[O]):
        assert Concern.objects.get(pk=concern.pk).state == "NEEDS_HANDLER"
    assert [event.type for event in events(concern.pk, as_owner)].count("conflict_declared") == 4
