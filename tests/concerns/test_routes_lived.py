"""Each council's main routes, lived through the actions: who finds the concern after each step."""

from datetime import date

import pytest

from concerns.enums import Action, State
from concerns.models import Concern
from councils.errors import Refusal
from tests.factories.concerns import do, lodge, those_who_see
from tests.factories.councils import town

pytestmark = pytest.mark.django_db


def test_weston_member_about_officer_reaches_the_one_chosen() -> None:
    weston = town("weston")
    concern = lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="role:chair_of_council")
    assert concern.state == State.LODGED
    assert concern.rule_id == "W-R01"
    assert those_who_see(weston, concern) == {"councillor3", "chair"}
    do(Action.ACCEPT, concern, weston["chair"])
    done = do(Action.SETTLE, concern, weston["chair"], summary="We talked.", raiser_agrees=True)
    assert done.state == State.RESOLVED
    assert those_who_see(weston, concern) == {"councillor3", "chair"}


def test_weston_officer_about_member_reaches_both_and_neither_can_be_removed() -> None:
    weston = town("weston")
    concern = lodge(weston, weston["officer1"], weston["councillor3"])
    assert concern.mode == "all_of"
    assert those_who_see(weston, concern) == {"officer1", "manager", "clerk"}


def test_alsager_member_who_talks_directly_is_alone_with_it() -> None:
    alsager = town("alsager")
    concern = lodge(alsager, alsager["councillor3"], alsager["officer1"], chosen_token="party:subject")
    assert concern.state == State.DIRECT
    assert those_who_see(alsager, concern) == {"councillor3"}
    settled = do(Action.SETTLE, concern, alsager["councillor3"], summary="Sorted.")
    assert settled.state == State.RESOLVED


def test_ilminster_sequence_opens_the_second_step_only_after_the_first() -> None:
    ilminster = town("ilminster")
    concern = lodge(ilminster, ilminster["councillor3"], ilminster["officer1"])
    assert those_who_see(ilminster, concern) == {"councillor3", "chair"}
    with pytest.raises(Refusal, match="receive it and pass it on"):
        do(Action.ACCEPT, concern, ilminster["chair"])
    do(Action.PASS_ON, concern, ilminster["chair"])
    assert those_who_see(ilminster, concern) == {"councillor3", "clerk"}
    accepted = do(Action.ACCEPT, concern, ilminster["clerk"])
    assert accepted.state == State.INFORMAL


def test_ilminster_formal_code_complaint_locks_internal_routes() -> None:
    ilminster = town("ilminster")
    concern = lodge(ilminster, ilminster["officer1"], ilminster["councillor3"])
    referred = do(
        Action.FORMAL_CODE_COMPLAINT, concern, ilminster["officer1"], declared=True, code_paragraph="Respect",
        official_capacity=True,
    )  # fmt: skip
    assert referred.state == State.CODE_REFERRAL
    assert referred.internal_routes_locked
    assert those_who_see(ilminster, concern) == {"officer1"}


def test_conflict_declared_by_the_only_recipient_passes_to_the_fallback() -> None:
    yateley = town("yateley")
    concern = lodge(yateley, yateley["councillor3"], yateley["officer1"])
    assert those_who_see(yateley, concern) == {"councillor3", "clerk"}
    do(Action.DECLARE_CONFLICT, concern, yateley["clerk"])
    seen = those_who_see(yateley, concern)
    assert "clerk" not in seen and "deputy" not in seen
    assert "councillor3" in seen and len(seen) >= 3


def test_draft_is_the_raisers_alone_and_goes_without_trace() -> None:
    from tests.factories.concerns import draft

    weston = town("weston")
    concern = draft(weston, weston["councillor3"], weston["officer1"])
    assert those_who_see(weston, concern) == {"councillor3"}
    do(Action.DELETE_DRAFT, concern, weston["councillor3"])
    assert those_who_see(weston, concern) == set()
    assert not Concern.objects.filter(pk=concern.pk).exists()


def test_a_panel_member_hands_over_to_discipline_only_with_the_panels_minute() -> None:
    alsager = town("alsager")
    concern = lodge(alsager, alsager["councillor6"], alsager["clerk"], chosen_token="body:hr_panel")
    do(Action.ACCEPT, concern, alsager["councillor2"])
    do(Action.INFORMAL_OVER, concern, alsager["councillor2"], kind="failed", reason="We tried.")
    answers = {"seriousness": "serious", "reason": "Grave.", "subject_told": True, "told_on": date(2026, 1, 14), "told_how": "In a meeting", "override_reason": "Duty."}
    with pytest.raises(Refusal, match="The group decides this"):
        do(Action.START_DISCIPLINARY, concern, alsager["councillor2"], **answers)
    handed = do(Action.START_DISCIPLINARY, concern, alsager["councillor2"], **answers, reference="HR 4/26")
    assert handed.state == State.DISCIPLINARY


def test_sent_to_two_together_it_is_dealt_with_by_both_once_one_takes_it_up() -> None:
    weston = town("weston")
    concern = lodge(weston, weston["officer1"], weston["councillor3"])
    do(Action.ACCEPT, concern, weston["manager"])
    settled = do(Action.SETTLE, concern, weston["clerk"], summary="We both talked to them.", raiser_agrees=True)
    assert settled.state == State.RESOLVED
