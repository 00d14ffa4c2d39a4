"""The disciplinary hand-over: who decides, who is kept out, how far it is; and what the raiser doesn't learn."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.http import Http404

from concerns import policy
from concerns.enums import Action, Capacity, State
from concerns.models import Concern
from councils.errors import Refusal
from disclosures.enums import DisclosureAction as A
from disclosures.models import Pointer
from tests.concerns.casework import event, fresh, open_to, trail, types, why_not
from tests.concerns.screens import at, client_of, frozen
from tests.disclosures.telling import act
from tests.factories.concerns import CANARY, NOW, by, do, lodge
from tests.factories.councils import Town

COUNCILS = ("weston", "auth5c")
TODAY = date(2026, 1, 15)


def deciding(town: Town, raiser: str, subject: str, handler: str, accept: Action = Action.ACCEPT_COMPLAINT) -> Concern:
    """A concern about an officer of which informal means are over."""
    concern = lodge(town, town[raiser], town[subject])
    do(accept, concern, town[handler])
    do(Action.INFORMAL_OVER, concern, town[handler], kind="failed", reason=f"{CANARY} over")
    return concern


def hand_over(town: Town, concern: Concern, by_whom: str, **more: Any) -> Concern:
    told = {"subject_told": True, "told_on": TODAY, "told_how": "In a meeting"} if concern.subject_told_on is None else {}
    answers = {"seriousness": "gross", "reason": f"{CANARY} why", "override_reason": "Duty.", **told, **more}
    return do(Action.START_DISCIPLINARY, concern, town[by_whom], **answers)


@pytest.fixture
def handed(auth5c: Town) -> Concern:
    return hand_over(auth5c, deciding(auth5c, "councillor3", "officer1", "director1"), "director1")


def pointer(concern: Concern, reader: Any) -> Pointer:
    with by(reader):
        return Pointer.objects.get(concern=concern)


def test_handing_over_points_to_the_procedure_and_keeps_who_decides_by_which_clause(auth5c: Town, handed: Concern) -> None:
    row = pointer(handed, auth5c["director1"])
    assert (row.state, row.handed_at, row.outcome) == ("HANDED_OVER", NOW, "")
    assert row.deciders != []
    assert row.cites != []
    kept = event(handed, "disciplinary_started", auth5c["director1"])
    assert kept.facts["seriousness"] == "gross"
    assert kept.reason.startswith(f"{CANARY} why")


def test_the_whole_way_of_a_pointer(auth5c: Town, handed: Concern) -> None:
    director = auth5c["director1"]
    known = {"concern_id": handed.pk}
    with pytest.raises(Refusal, match="Record its outcome first"):
        act(A.PROCEDURE_OVER, director, **known)
    began = act(A.PROCEDURE_BEGAN, director, began_on=TODAY, **known)
    assert (began.state, began.began_on) == ("IN_PROGRESS", TODAY)
    with pytest.raises(Refusal, match="began already"):
        act(A.PROCEDURE_BEGAN, director, began_on=TODAY, **known)
    outcome = outcome_of(handed, director)
    do(Action.RECORD_OUTCOME, handed, director, outcome=outcome, reference="D-7")
    row = pointer(handed, director)
    assert (row.state, row.outcome, row.outcome_at) == ("OUTCOME_RECORDED", outcome, NOW)
    over = act(A.PROCEDURE_OVER, director, **known)
    assert (over.state, over.closed_at) == ("CLOSED", NOW)
    with pytest.raises(Refusal, match="over already"):
        act(A.PROCEDURE_OVER, director, **known)
    assert [line for line in types(handed, director) if line.startswith("disciplinary")].count("disciplinary_over") == 1
    do(Action.REOPEN, handed, director, reason="New evidence.")
    again = pointer(handed, director)
    assert (fresh(handed, director).state, again.state, again.outcome, again.began_on) == ("DISCIPLINARY", "IN_PROGRESS", "", TODAY)


def outcome_of(concern: Concern, person: Any) -> str:
    from concerns.actions.formal import outcomes_for

    with by(person):
        return outcomes_for(fresh(concern, person), on=TODAY)[0]


@pytest.mark.parametrize(
    ("day", "words"),
    [(None, "Give the date"), (date(2026, 1, 16), "today or in the past"), (date(2026, 1, 14), "before it was handed over")],
)
def test_the_day_it_began_can_be_true(auth5c: Town, handed: Concern, day: date | None, words: str) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        act(A.PROCEDURE_BEGAN, auth5c["director1"], concern_id=handed.pk, began_on=day)
    assert refused.value.field == "began_on"


@pytest.mark.parametrize("capacity", [Capacity.HANDLER, Capacity.DECIDER])
@pytest.mark.parametrize("hat", ["councillor", "hr_panel_member", "leader"])
def test_members_are_kept_out_of_officer_discipline_panels_included(auth5c: Town, capacity: Capacity, hat: str) -> None:
    concern = deciding(auth5c, "councillor3", "officer1", "director1")
    with by(auth5c["director1"]):
        policy.grant(
            concern, auth5c["councillor5"], capacity, reason="handed_over", by=auth5c["director1"], now=NOW, hat=hat,
            token="body:hr_panel" if hat == "hr_panel_member" else "",
        )  # fmt: skip
    assert "start_disciplinary" not in open_to(auth5c["councillor5"], concern)
    assert "keeps members out of officers' discipline" in why_not(auth5c["councillor5"], Action.START_DISCIPLINARY, concern)
    with pytest.raises(Refusal, match="keeps members out"):
        hand_over(auth5c, concern, "councillor5", reference="M-1")
    hand_over(auth5c, concern, "director1")
    with pytest.raises(Refusal, match="keeps members out"):
        act(A.PROCEDURE_BEGAN, auth5c["councillor5"], concern_id=concern.pk, began_on=TODAY)


def test_the_raiser_sees_how_far_it_is_and_no_more(auth5c: Town, handed: Concern) -> None:
    raiser = auth5c["councillor3"]
    assert (fresh(handed, raiser).state, pointer(handed, raiser).state) == (State.DISCIPLINARY, "HANDED_OVER")
    with frozen():
        page = client_of(raiser).get(at("page", handed)).content.decode()
        assert 'data-pointer="HANDED_OVER"' in page
        assert CANARY not in page
        assert "Gross misconduct" not in page
        assert "Who decides:" not in page
        for step in ("began", "over"):
            answer = client_of(raiser).get(f"/concerns/{handed.pk}/discipline/{step}/")
            assert answer.status_code == 404
    for action in (A.PROCEDURE_BEGAN, A.PROCEDURE_OVER):
        with pytest.raises(Refusal, match="Only whoever deals with"):
            act(action, raiser, concern_id=handed.pk, **({"began_on": TODAY} if action == A.PROCEDURE_BEGAN else {}))
    director = auth5c["director1"]
    do(Action.RECORD_OUTCOME, handed, director, outcome=outcome_of(handed, director), reference=f"{CANARY} D-7")
    with frozen():
        page = client_of(raiser).get(at("page", handed)).content.decode()
    assert 'data-pointer="OUTCOME_RECORDED"' in page
    assert CANARY not in page


def test_who_deals_with_it_sees_who_decides_and_the_clause(auth5c: Town, handed: Concern) -> None:
    with frozen():
        client = client_of(auth5c["director1"])
        page = client.get(at("page", handed)).content.decode()
        assert "Who decides:" in page
        assert 'data-action="procedure_began"' in page
        answer = client.post(f"/concerns/{handed.pk}/discipline/began/", {"began_on_day": "15", "began_on_month": "1", "began_on_year": "2026"})
        assert (answer.status_code, answer["Location"]) == (302, f"/concerns/{handed.pk}/")
        assert client.get(f"/concerns/{handed.pk}/discipline/began/").status_code == 409
        assert client.get(f"/concerns/{handed.pk}/discipline/over/").status_code == 409


def test_strangers_and_the_subject_find_no_pointer(auth5c: Town, handed: Concern) -> None:
    for name in ("officer1", "officer2", "mo", "councillor1", "admin"):
        with by(auth5c[name]):
            assert not Pointer.objects.exists()
        with pytest.raises(Http404):
            act(A.PROCEDURE_BEGAN, auth5c[name], concern_id=handed.pk, began_on=TODAY)


def test_no_words_of_the_procedure_are_kept(auth5c: Town, handed: Concern) -> None:
    director = auth5c["director1"]
    with pytest.raises(Refusal, match="kind of outcome") as refused:
        do(Action.RECORD_OUTCOME, handed, director, outcome=outcome_of(handed, director), reference="D-7", summary="What was said")
    assert refused.value.field == "summary"
    assert [line.type for line in trail(handed, director)].count("outcome_recorded") == 0


def test_whoever_sees_status_only_learns_of_no_outcome_but_that_it_ended(auth5c: Town, handed: Concern) -> None:
    director = auth5c["director1"]
    do(Action.RECORD_OUTCOME, handed, director, outcome="upheld_management_action", reference="D-7")
    with frozen():
        seen = {name: client_of(auth5c[name]).get(at("page", handed)).content.decode() for name in ("councillor3", "director1")}
    assert "management action" not in seen["councillor3"]
    assert "The disciplinary procedure ended; its outcome is kept there" in seen["councillor3"]
    assert "Upheld; management action taken" in seen["director1"]


@pytest.mark.parametrize(
    ("told", "field", "words"),
    [
        ({"subject_told": False}, "subject_told", "must be told before a formal step"),
        ({"told_on": None}, "told_on", "Give the date"),
        ({"told_on": date(2026, 1, 16)}, "told_on", "today or in the past"),
        ({"told_how": " "}, "told_how", "how they were told"),
    ],
    ids=["not told", "no day", "tomorrow", "no way"],
)
def test_told_in_another_way_needs_the_day_and_how(auth5c: Town, told: dict[str, Any], field: str, words: str) -> None:
    concern = deciding(auth5c, "councillor3", "officer1", "director1")
    with pytest.raises(Refusal, match=words) as refused:
        hand_over(auth5c, concern, "director1", **told)
    assert refused.value.field == field
    hand_over(auth5c, concern, "director1", told_on=date(2026, 1, 10))
    kept = event(concern, "disciplinary_started", auth5c["director1"])
    assert (fresh(concern, auth5c["director1"]).subject_told_on, kept.facts["told_on"]) == (date(2026, 1, 10), "2026-01-10")
    assert kept.reason.endswith("In a meeting")
