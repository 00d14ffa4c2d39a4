"""Drafting, disclosing and closing: each step, its one event, who is told, and what refuses it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.http import Http404

from concerns.enums import Action
from concerns.models import Notice
from councils.errors import Refusal
from disclosures.actions.step import verb
from disclosures.enums import DisclosureAction as A
from disclosures.enums import DisclosureEvent, DisclosureState
from disclosures.models import Disclosure, allowed_pairs
from disclosures.policy import PERMISSIONS, THE_SUBJECTS
from tests.concerns.casework import event, fresh, told, trail, types
from tests.disclosures.telling import ANSWER, BY, TOLD, act, answered, as_kept, disclosed, drafted, opened, running
from tests.factories.concerns import NOW, by, do, lodge
from tests.factories.councils import Town

COUNCILS = ("weston",)
TO_SUBJECT = [("needs_you",)]


def test_every_verb_is_known_and_leaves_its_own_event() -> None:
    assert set(verb.actions) == set(A) == set(PERMISSIONS) | set(THE_SUBJECTS)
    assert {action for action, leaves in verb.leaves.items() if leaves is None} == {A.DRAFT_DISCLOSURE, A.DISCARD_DISCLOSURE}
    assert sorted(leaves for leaves in verb.leaves.values() if leaves) == sorted(DisclosureEvent)


def test_machine_is_the_one_written_down() -> None:
    assert allowed_pairs() == [
        ("ANSWERED", "CLOSED"), ("DISCLOSED", "CLOSED"), ("DISCLOSED", "OPENED"), ("DRAFTED", "DISCLOSED"), ("OPENED", "ANSWERED"),
        ("OPENED", "CLOSED"),
    ]  # fmt: skip


def test_a_draft_tells_nobody(weston: Town) -> None:
    concern = running(weston)
    before = types(concern)
    row = drafted(concern, weston["clerk"], weston["officer1"])
    assert (row.state, row.text, row.answer_by, row.basis) == ("DRAFTED", TOLD, BY, "set_here")
    assert types(concern) == before
    with by(weston["officer1"]):
        assert list(Disclosure.objects.all()) == []
        assert not Notice.objects.exists()
    for action in THE_SUBJECTS:
        with pytest.raises(Http404):
            act(action, weston["officer1"], disclosure_id=row.pk, **ANSWERS.get(action, {}))


ANSWERS: dict[A, dict[str, Any]] = {
    A.ANSWER_DISCLOSURE: {"answer": ANSWER},
    A.NAME_COMPANION: {"name": "Una Union", "kind": "trade_union_official"},
    A.ADD_SUBJECT_PAPER: {"name": "a.txt", "content": b"words"},
}


def test_disclosing_shows_it_to_its_subject_tells_them_and_is_one_event(weston: Town) -> None:
    concern = running(weston)
    row = disclosed(concern, weston["clerk"], weston["officer1"])
    assert (row.state, row.disclosed_by, row.disclosed_hat, row.disclosed_at) == ("DISCLOSED", weston["clerk"], "proper_officer", NOW)
    kept = event(concern, "disclosed")
    assert kept.facts == {"disclosure": str(row.pk), "why": "allegations", "papers": 0, "names": [], "answer_by": "2026-01-30"}
    assert (kept.by_id, kept.reason) == (weston["clerk"].pk, "")
    assert fresh(concern).subject_told_on == date(2026, 1, 15)
    assert ("councillor3", "progress") in told(weston, concern)
    assert as_kept(row, weston["officer1"]).text == TOLD
    with pytest.raises(Refusal, match="disclosed already"):
        act(A.DISCLOSE, weston["clerk"], concern_id=concern.pk, disclosure_id=row.pk)
    assert types(concern).count("disclosed") == 1


def test_the_message_to_the_subject_belongs_to_no_concern(weston: Town, as_owner: Any) -> None:
    concern = running(weston)
    disclosed(concern, weston["clerk"], weston["officer1"])
    with as_owner():
        rows = Notice.objects.filter(person=weston["officer1"]).values_list("concern_id", "kind")
        assert list(rows) == [(None, "needs_you")]


def test_a_formal_step_is_open_once_everybody_was_told(weston: Town) -> None:
    concern = running(weston, "councillor3", "officer1", "officer3", witnesses=None)
    disclosed(concern, weston["clerk"], weston["officer1"])
    assert fresh(concern).subject_told_on is None
    do(Action.INFORMAL_OVER, concern, weston["clerk"], kind="failed", reason="x")
    grave = {"seriousness": "serious", "reason": "Grave.", "override_reason": "Duty."}
    with pytest.raises(Refusal, match="must be told before a formal step"):
        do(Action.START_DISCIPLINARY, concern, weston["clerk"], **grave)
    disclosed(concern, weston["clerk"], weston["officer3"], kind="before_formal_step")
    assert fresh(concern).subject_told_on == date(2026, 1, 15)
    assert do(Action.START_DISCIPLINARY, concern, weston["clerk"], **grave).state == "DISCIPLINARY"


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"kind": "gossip"}, "kind", "Choose why"),
        ({"text": " \n "}, "text", "Write what is disclosed"),
        ({"answer_by": None}, "answer_by", "by which you ask"),
        ({"answer_by": date(2026, 1, 15)}, "answer_by", "after today"),
        ({"basis": ""}, "basis", "where the date comes from"),
        ({"copies": [Disclosure().pk]}, "copies", "papers from the list"),
    ],
    ids=["kind", "no text", "no date", "today", "no basis", "foreign copy"],
)
def test_a_draft_that_cannot_stand_is_refused_beside_its_field(weston: Town, wrong: dict[str, Any], field: str, words: str) -> None:
    concern = running(weston)
    with pytest.raises(Refusal, match=words) as refused:
        drafted(concern, weston["clerk"], weston["officer1"], **wrong)
    assert refused.value.field == field


def test_only_those_it_is_about_are_told(weston: Town) -> None:
    concern = running(weston)
    for name in ("officer3", "councillor3", "officer2", "clerk"):
        with pytest.raises(Refusal, match="people the concern is about"):
            drafted(concern, weston["clerk"], weston[name])


def test_one_draft_a_person_and_a_stale_tab_is_told(weston: Town) -> None:
    concern = running(weston)
    row = drafted(concern, weston["clerk"], weston["officer1"])
    with pytest.raises(Refusal, match="There is a draft for this person already"):
        drafted(concern, weston["clerk"], weston["officer1"], text="Another")
    changed = drafted(concern, weston["clerk"], weston["officer1"], text="Another", revision=row.revision)
    assert (changed.pk, changed.text) == (row.pk, "Another")
    with pytest.raises(Refusal, match="Somebody changed this"):
        drafted(concern, weston["clerk"], weston["officer1"], text="Stale", revision=row.revision)
    with pytest.raises(Refusal, match="Somebody changed this"):
        act(A.DISCLOSE, weston["clerk"], concern_id=concern.pk, disclosure_id=row.pk, revision=row.revision)
    assert as_kept(row, weston["clerk"]).text == "Another"
    act(A.DISCARD_DISCLOSURE, weston["clerk"], concern_id=concern.pk, disclosure_id=row.pk)
    with pytest.raises(Refusal, match="disclosed or discarded meanwhile"):
        drafted(concern, weston["clerk"], weston["officer1"], revision=changed.revision)


def test_a_text_that_names_the_raiser_needs_confirming_and_that_is_kept(weston: Town) -> None:
    concern = running(weston)
    surname = weston["councillor3"].full_name.split()[-1]
    row = drafted(concern, weston["clerk"], weston["officer1"], text=f"Councillor {surname.upper()} and {weston['officer2'].full_name} say so.")
    known = {"concern_id": concern.pk, "disclosure_id": row.pk}
    with pytest.raises(Refusal, match=f"The text names {weston['councillor3'].full_name}, {weston['officer2'].full_name}") as refused:
        act(A.DISCLOSE, weston["clerk"], **known)
    assert refused.value.field == "names_confirmed"
    act(A.DISCLOSE, weston["clerk"], names_confirmed=True, **known)
    assert event(concern, "disclosed").facts["names"] == ["raiser", "witness"]


def test_nobody_but_whoever_deals_with_it_tells(weston: Town) -> None:
    concern = running(weston)
    with pytest.raises(Refusal, match="Only whoever deals with"):
        drafted(concern, weston["councillor3"], weston["officer1"])
    for name in ("officer1", "officer2", "deputy", "chair", "admin", "former", "councillor1"):
        with pytest.raises(Http404):
            drafted(concern, weston[name], weston["officer1"])


def test_nothing_is_disclosed_before_it_is_taken_up_or_on_hold(weston: Town) -> None:
    concern = running(weston)
    row = drafted(concern, weston["clerk"], weston["officer1"])
    do(Action.HOLD, concern, weston["clerk"], until=date(2026, 2, 1), reason="x")
    with pytest.raises(Refusal, match="on hold"):
        act(A.DISCLOSE, weston["clerk"], concern_id=concern.pk, disclosure_id=row.pk)
    lodged = lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="role:proper_officer")
    with pytest.raises(Refusal, match="Only whoever deals with"):
        drafted(lodged, weston["clerk"], weston["officer1"])


def test_after_the_end_only_the_outcome_is_disclosed(weston: Town) -> None:
    concern = running(weston)
    do(Action.SETTLE, concern, weston["clerk"], summary="Settled.", raiser_agrees=True)
    with pytest.raises(Refusal, match="Only what came of it"):
        drafted(concern, weston["clerk"], weston["officer1"])
    row = disclosed(concern, weston["clerk"], weston["officer1"], kind="outcome", answer_by=None)
    assert (row.state, row.answer_by, row.basis) == ("DISCLOSED", None, "")


def test_closing_waits_for_the_answer_or_the_date(weston: Town) -> None:
    concern = running(weston)
    row = disclosed(concern, weston["clerk"], weston["officer1"])
    known = {"concern_id": concern.pk, "disclosure_id": row.pk}
    for _state in range(2):
        with pytest.raises(Refusal, match="given time to answer"):
            act(A.CLOSE_DISCLOSURE, weston["clerk"], **known)
        opened(row, weston["officer1"])
    late = act(A.CLOSE_DISCLOSURE, weston["clerk"], now=NOW + timedelta(days=16), reply="Nobody answered.", **known)
    assert (late.state, late.reply, late.answer) == ("CLOSED", "Nobody answered.", "")
    assert event(concern, "disclosure_closed").facts == {"disclosure": str(row.pk), "answered": False}
    assert as_kept(row, weston["officer1"]).reply == "Nobody answered."


def test_closing_after_the_answer_and_not_twice(weston: Town) -> None:
    concern = running(weston)
    row = answered(disclosed(concern, weston["clerk"], weston["officer1"]), weston["officer1"])
    known = {"concern_id": concern.pk, "disclosure_id": row.pk}
    assert act(A.CLOSE_DISCLOSURE, weston["clerk"], revision=row.revision, **known).state == DisclosureState.CLOSED
    with pytest.raises(Refusal, match="closed already"):
        act(A.CLOSE_DISCLOSURE, weston["clerk"], **known)
    assert [line.type for line in trail(concern)].count("disclosure_closed") == 1


def test_an_answer_that_came_meanwhile_is_read_before_closing(weston: Town) -> None:
    concern = running(weston)
    row = disclosed(concern, weston["clerk"], weston["officer1"], kind="told", answer_by=None)
    answered(row, weston["officer1"])
    with pytest.raises(Refusal, match="Somebody changed this"):
        act(A.CLOSE_DISCLOSURE, weston["clerk"], concern_id=concern.pk, disclosure_id=row.pk, revision=row.revision)
    assert as_kept(row, weston["clerk"]).answer == ANSWER


def test_a_draft_is_thrown_away_but_nothing_that_was_disclosed(weston: Town) -> None:
    concern = running(weston)
    known = {"concern_id": concern.pk, "disclosure_id": drafted(concern, weston["clerk"], weston["officer1"]).pk}
    act(A.DISCARD_DISCLOSURE, weston["clerk"], **known)
    with pytest.raises(Http404):
        act(A.DISCARD_DISCLOSURE, weston["clerk"], **known)
    known["disclosure_id"] = disclosed(concern, weston["clerk"], weston["officer1"]).pk
    with pytest.raises(Refusal, match="disclosed or discarded"):
        act(A.DISCARD_DISCLOSURE, weston["clerk"], **known)


def test_a_disclosure_is_found_on_its_own_concern_alone(weston: Town) -> None:
    concern, other = running(weston), running(weston, "councillor5", "officer3", witnesses=None)
    row = drafted(concern, weston["clerk"], weston["officer1"])
    for action in (A.DISCLOSE, A.DISCARD_DISCLOSURE, A.CLOSE_DISCLOSURE):
        with pytest.raises(Http404):
            act(action, weston["clerk"], concern_id=other.pk, disclosure_id=row.pk)
