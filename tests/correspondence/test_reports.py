"""A minor matter reported to council: no names, a resolution before a closed session, a minute, and no finding ever."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from itertools import permutations, product
from typing import Any

import pikepdf
import pytest
from django.db import DatabaseError, transaction

from concerns.domain import outcomes
from concerns.enums import Action, State
from concerns.models import Event, Proceeding
from correspondence.actions import reports
from correspondence.models import CouncilReport
from councils.errors import Refusal
from tests.concerns.casework import open_to, types, why_not
from tests.councils.small_council import shipped
from tests.factories.concerns import NOW, by, do, lodge, those_who_see
from tests.factories.councils import KEYS, Town

pytestmark = pytest.mark.django_db
COUNCILS = ("alsager",)
MEETING = date(2026, 2, 2)
LATER = NOW + timedelta(days=20)


def reported(town: Town, session: str = "no_names") -> Any:
    concern = lodge(town, town["officer1"], town["councillor6"], witnesses=[town["officer3"]])
    do(Action.ACCEPT, concern, town["clerk"])
    do(Action.INFORMAL_OVER, concern, town["clerk"], kind="failed", reason="Minor, but not settled")
    do(
        Action.REPORT_TO_COUNCIL, concern, town["clerk"], session_type=session, meeting_on=MEETING, minor=True, subject_told=True,
        told_on=date(2026, 1, 14), told_how="In a meeting", override_reason="Clause 63 asks for it",
    )  # fmt: skip
    return concern


TEXTS = {"agenda_item": "To note a report.", "body": "A minor matter was dealt with.", "may_be_told": "That it was dealt with."}


def step(verb: Any, town: Town, concern: Any, who: str = "clerk", *, now: Any = NOW, **answers: Any) -> Any:
    with by(town[who]):
        return verb(concern_id=concern.pk, by=town[who], now=now, **answers)


def write(town: Town, concern: Any, **texts: str) -> Any:
    return step(reports.write_report, town, concern, **{**TEXTS, **texts})


def test_report_begins_in_the_councils_words_and_asks_for_what_is_missing(alsager: Town) -> None:
    concern = reported(alsager)
    with by(alsager["clerk"]):
        report = CouncilReport.objects.get(concern=concern)
        assert report.agenda_item == f"To note a report on a matter dealt with under the {alsager.version.label}."
        assert alsager.council.name in report.body
        assert reports.names_of(concern) == [alsager[name].full_name for name in ("officer1", "councillor6", "officer3")]
    with pytest.raises(Refusal, match=r"\{matter\}, \{measures\}"):
        step(reports.seal_report, alsager, concern)


@pytest.mark.parametrize("field", ["agenda_item", "body", "may_be_told"])
@pytest.mark.parametrize("who", ["officer1", "councillor6", "officer3"])
def test_report_that_names_somebody_is_refused(alsager: Town, field: str, who: str) -> None:
    concern = reported(alsager)
    name = alsager[who].full_name.split()[-1]
    write(alsager, concern, **{field: f"It concerned {name.upper()}, as all know."})
    with pytest.raises(Refusal) as refused:
        step(reports.seal_report, alsager, concern)
    assert refused.value.field == field
    assert name.upper() in str(refused.value.message)
    with by(alsager["clerk"]):
        assert CouncilReport.objects.get(concern=concern).state == "DRAFT"


def test_agenda_names_nobody_even_for_a_closed_session(alsager: Town) -> None:
    concern = reported(alsager, "confidential_session")
    name = alsager["councillor6"].full_name
    write(alsager, concern, agenda_item=f"The conduct of {name}")
    with pytest.raises(Refusal) as refused:
        step(reports.seal_report, alsager, concern)
    assert refused.value.field == "agenda_item"
    write(alsager, concern, body=f"It concerned {name}.")
    assert step(reports.seal_report, alsager, concern).state == "SEALED"


def test_matter_is_reported_without_a_name_from_draft_to_minute(alsager: Town) -> None:
    concern = reported(alsager)
    assert "record_outcome" not in open_to(alsager["clerk"], concern)
    assert why_not(alsager["clerk"], Action.RECORD_OUTCOME, concern) == (
        "The meeting hasn't had the report yet. Record the meeting and its minute first."
    )
    write(alsager, concern)
    sealed = step(reports.seal_report, alsager, concern)
    with pikepdf.open(BytesIO(bytes(sealed.pdf))) as document:
        assert bool(document.Root.MarkInfo.Marked) is True
        assert (str(document.Root.Lang), str(document.docinfo.Title)) == ("en-GB", "Report to council")
        assert len(document.pages) == 2  # the sheet on what may be told is a page of its own
    with pytest.raises(Refusal, match="without names, so the public isn't excluded"):
        step(reports.record_resolution, alsager, concern, now=LATER, resolution_on=MEETING, resolution="Resolved")
    with pytest.raises(Refusal) as refused:
        step(reports.present_report, alsager, concern, presented_on=MEETING, minute_ref="12")  # on the 15th of January
    assert refused.value.field == "presented_on"
    step(reports.present_report, alsager, concern, now=LATER, presented_on=MEETING, minute_ref="Minute 12")
    do(Action.RECORD_OUTCOME, concern, alsager["clerk"], now=LATER, outcome="reported_to_council_minor", reference="Minute 12")
    assert types(concern)[-2:] == ["report_presented", "outcome_recorded"]
    assert those_who_see(alsager, concern) == {"officer1", "clerk"}


def test_closed_session_needs_its_resolution_of_the_same_day(alsager: Town) -> None:
    concern = reported(alsager, "confidential_session")
    write(alsager, concern)
    step(reports.seal_report, alsager, concern)
    assert "closes a meeting only by resolution" in why_not(alsager["clerk"], Action.RECORD_OUTCOME, concern)
    meeting = {"presented_on": MEETING, "minute_ref": "12", "now": LATER}
    with pytest.raises(Refusal, match="closes a meeting only by resolution"):
        step(reports.present_report, alsager, concern, **meeting)
    step(reports.record_resolution, alsager, concern, now=LATER, resolution_on=MEETING - timedelta(days=1), resolution="Resolved: public excluded")
    with pytest.raises(Refusal, match="of another day"):
        step(reports.present_report, alsager, concern, **meeting)
    step(reports.record_resolution, alsager, concern, now=LATER, resolution_on=MEETING, resolution="Resolved: public excluded")
    assert step(reports.present_report, alsager, concern, **meeting).state == "PRESENTED"
    assert "record_outcome" in open_to(alsager["clerk"], concern)


def test_report_is_prepared_by_whoever_deals_with_it(alsager: Town) -> None:
    concern = reported(alsager)
    with pytest.raises(Refusal, match="deals with the concern"):
        step(reports.write_report, alsager, concern, "officer1", **TEXTS)


def test_report_in_two_tabs_keeps_the_first(alsager: Town) -> None:
    concern = reported(alsager)
    step(reports.write_report, alsager, concern, **TEXTS, revision=1)
    with pytest.raises(Refusal):
        step(reports.write_report, alsager, concern, **TEXTS, revision=1)


def test_final_report_that_is_changed_is_a_draft_again(alsager: Town) -> None:
    concern = reported(alsager)
    write(alsager, concern)
    step(reports.seal_report, alsager, concern)
    changed = write(alsager, concern, body="Another wording.")
    assert (changed.state, changed.sha256, changed.pdf) == ("DRAFT", "", None)


def test_presented_report_never_changes(alsager: Town) -> None:
    concern = reported(alsager)
    write(alsager, concern)
    step(reports.seal_report, alsager, concern)
    step(reports.present_report, alsager, concern, now=LATER, presented_on=MEETING, minute_ref="12")
    with pytest.raises(Refusal, match="kept as it was"):
        write(alsager, concern)
    for change in ({"body": "x"}, {"minute_ref": "13"}, {"state": "DRAFT"}):
        with by(alsager["clerk"]), pytest.raises(DatabaseError), transaction.atomic():
            CouncilReport.objects.filter(concern=concern).update(**change)


# --- Ledbury: no finding and no sanction by way of the council (law.md E5, E6) ------------------------------------
FINDINGS = (
    "censure", "sanction", "upheld", "breach_found", "suspended", "training_required", "upheld_management_action", "not_upheld",
    "mo_breach_found", "code_breach_found", "disciplinary_outcome_recorded", "bar_from_committee", "apology_required",
)  # fmt: skip
NEUTRAL = {"resolved", "reported_to_council_minor"}


@pytest.mark.parametrize("key", KEYS)
def test_no_council_can_configure_a_finding_into_its_report(key: str) -> None:
    configured = shipped(key).formal_outcomes["councillor_subject"]
    for extra in ((), *((code,) for code in FINDINGS), FINDINGS):
        for no_finding in (True, False):
            found = outcomes.allowed((*configured, *extra), state=State.COUNCIL_REPORT, about_councillor=True, no_finding=no_finding)
            assert set(found) <= NEUTRAL


def test_every_way_through_a_report_ends_without_a_finding(alsager: Town) -> None:
    """Every order of the report's own steps, each followed by every outcome anybody could ask for."""
    verbs: dict[str, tuple[Any, dict[str, Any]]] = {
        "write": (reports.write_report, dict(TEXTS)),
        "seal": (reports.seal_report, {}),
        "resolve": (reports.record_resolution, {"resolution_on": MEETING, "resolution": "Resolved"}),
        "present": (reports.present_report, {"presented_on": MEETING, "minute_ref": "12"}),
    }
    configured = {*alsager.version.protocol.formal_outcomes["councillor_subject"], *alsager.version.protocol.formal_outcomes["officer_subject"]}
    asked = sorted({*configured, *FINDINGS, ""})
    recorded: set[str] = set()
    walked = 0
    for session, order in product(("no_names", "confidential_session"), permutations(verbs)):
        with transaction.atomic():
            concern = reported(alsager, session)
            for name in order:
                verb, answers = verbs[name]
                try:
                    with transaction.atomic():
                        step(verb, alsager, concern, now=LATER, **answers)
                except Refusal:
                    continue
            for outcome in asked:
                walked += 1
                try:
                    with transaction.atomic():
                        do(Action.RECORD_OUTCOME, concern, alsager["clerk"], now=LATER, outcome=outcome, reference="12")
                        recorded.add(outcome)
                        raise Refusal("back")  # try the next one from the same place
                except Refusal:
                    pass
            with by(alsager["clerk"]):
                kept = set(Proceeding.objects.filter(concern=concern).values_list("outcome", flat=True))
                assert kept == {""}
                assert not Event.objects.filter(concern_id=concern.pk, type="outcome_recorded").exists()
            transaction.set_rollback(True)
    assert walked == 2 * 24 * len(asked)
    assert recorded == NEUTRAL
