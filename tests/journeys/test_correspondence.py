"""Messages that show who reads them, letters that arrive, and a minor matter reported to the council without a name."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from concerns.enums import Action
from tests.factories.concerns import do, lodge

COUNCILS = ("alsager", "weston")
pytestmark = pytest.mark.browser


def running(town: Any, raiser: str, subject: str, **more: Any) -> str:
    """The address of a concern that the clerk deals with."""
    now = timezone.now()
    concern = lodge(town, town[raiser], town[subject], now=now, **more)
    do(Action.ACCEPT, concern, town["clerk"], now=now)
    return f"/concerns/{concern.pk}/"


def test_message_and_letters_reach_those_they_are_to_and_say_who_they_are(towns, visit):
    weston = towns("weston")
    path = running(weston, "councillor1", "officer1", chosen_token="role:proper_officer")
    raiser, clerk = visit(weston["councillor1"], seen=True), visit(weston["clerk"])
    raiser.go(path)
    raiser.press("messages")
    raiser.press("new_message")
    raiser.press("send_message")
    assert raiser.errors == ["Choose who the message is to", "Write the message"]
    raiser.answer(to=True, body="Shall we meet on Monday?", copied=weston["manager"])
    raiser.answer(marking="confidential")
    raiser.answer(covers="That we meet", why="It is about a colleague")
    raiser.press("send_message")
    assert raiser.page.get_by_test_id("audience").inner_text().split("\n") == [
        "To", weston["clerk"].full_name, "Copied to", weston["manager"].full_name,
    ]  # fmt: skip
    assert raiser.page.get_by_test_id("marking").inner_text() == "Confidential - red paper"
    # somebody outside the concern reads this message and nothing else
    manager = visit(weston["manager"])
    manager.go("/")
    manager.follow("A message for you")
    assert "Shall we meet on Monday?" in manager.text
    assert manager.go(path) == 404
    # marked: not copied, until the clerk takes the marking off
    clerk.go(f"{path}messages/")
    clerk.press("copy")
    clerk.answer(person=weston["deputy"], reason="They keep the diary", override_reason="The diary is theirs")
    clerk.press("copy_message")
    assert clerk.errors == ["This message is marked, so it isn't copied to anybody else. The marking must be taken off first."]
    clerk.go(f"{path}messages/")
    clerk.press("unmark")
    clerk.press("unmark_message")
    clerk.press("copy")
    clerk.answer(person=weston["deputy"], reason="They keep the diary", override_reason="The diary is theirs")
    clerk.press("copy_message")
    foot = f"CC {weston['deputy'].full_name}, because They keep the diary"
    deputy = visit(weston["deputy"])
    deputy.go("/")
    assert "A message for you" not in deputy.text  # whoever wrote it is told first
    raiser.go(f"{path}messages/")
    assert raiser.page.get_by_test_id("foot").inner_text() == foot
    deputy.go("/")
    deputy.follow("A message for you")
    assert deputy.page.get_by_test_id("foot").inner_text() == foot
    clerk.press("reply")
    clerk.answer(body="Monday at ten.")
    clerk.press("send_message")
    # a letter to whoever raised it, and one to the person it is about, who never sees the concern
    for who in ("councillor1", "officer1"):
        clerk.go(f"{path}letters/")
        clerk.press("new_letter")
        clerk.answer(kind="acknowledgement", to_person=weston[who])
        clerk.press("draft_letter")
        body = clerk.page.locator("[name=body]").input_value()
        assert "What happens next: " in body and "{" not in body  # what is known is filled in
        clerk.answer(body=f"{body}\n\n{{next_step}}")
        clerk.press("edit_letter")
        clerk.press("send_letter")
        clerk.press("send_letter")
        assert clerk.errors == ["Fill in what stands in braces first, or take it out: {next_step}"]
        clerk.go(clerk.page.url.replace("/send/", "/edit/"))
        clerk.answer(body=f"{body}\n\nWe meet on Monday.")
        clerk.press("edit_letter")
        clerk.press("send_letter")
        clerk.press("send_letter")
        reader = visit(weston[who])
        reader.go("/")
        reader.follow("A letter for you")
        assert "We meet on Monday." in reader.page.get_by_test_id("letter-body").inner_text()
        with reader.page.expect_download() as got:
            reader.page.locator("[data-action=letter_pdf]").click()
        assert got.value.suggested_filename == "letter.pdf"
    assert visit(weston["officer1"]).go(path) == 404
    clerk.go(f"{path}letters/")
    assert "Not yet" not in clerk.text


def test_minor_matter_is_reported_to_the_council_without_a_name(towns, visit):
    alsager = towns("alsager")
    path = running(alsager, "officer1", "councillor4")
    clerk = visit(alsager["clerk"], seen=True)
    clerk.go(path)
    clerk.press("informal_over")
    clerk.answer(kind="failed", reason="The member did not answer.")
    clerk.press("informal_over")
    clerk.press("report_to_council")
    clerk.answer(
        session_type="no_names", meeting_on=date.today(), minor=True, subject_told=True, told_on=date.today(), told_how="In a meeting.",
        override_reason="The protocol asks for it.",
    )  # fmt: skip
    clerk.press("report_to_council")
    assert clerk.state == "COUNCIL_REPORT"
    assert "record_outcome" not in clerk.actions
    clerk.press("report")
    clerk.press("report-write")
    subject = alsager["councillor4"].full_name
    clerk.answer(body=f"It was about how {subject} wrote to the office. The council is asked to note it.")
    clerk.press("write_report")
    clerk.press("report-seal")
    clerk.press("seal_report")
    (error,) = clerk.errors
    assert all(part in error for part in subject.split())
    clerk.go(f"{path}report/write/")
    clerk.answer(body="It was about how members write to the office. The council is asked to note it.")
    clerk.press("write_report")
    clerk.press("report-seal")
    clerk.press("seal_report")
    assert clerk.page.locator("[data-report=SEALED]").count() == 1
    assert subject not in clerk.text
    with clerk.page.expect_download() as got:
        clerk.page.locator("[data-action=report_pdf]").click()
    assert got.value.suggested_filename == "report.pdf"
    clerk.press("report-present")
    clerk.answer(presented_on=date.today(), minute_ref="Minute 12")
    clerk.press("present_report")
    clerk.go(path)
    clerk.press("record_outcome")
    clerk.answer(outcome="reported_to_council_minor", reference="Minute 12")
    clerk.press("record_outcome")
    assert clerk.state == "OUTCOME_RECORDED"
