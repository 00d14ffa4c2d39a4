"""An officer's bullying complaint about a councillor: nobody decides it inside; sealed to the Monitoring Officer, back, and out again."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from typing import Any

from django.utils import timezone

from councils.models import Person
from tests.journeys.raising import Raised, act, raise_concern
from tests.journeys.visitor import Visitor

COUNCILS = ("weston", "yateley")
CODE = {"code_paragraph": "3.1 respect", "official_capacity": True}
WORDS = "Canary-7c21 shouted at in the depot"


def step(visitor: Visitor, action: str, **answers: Any) -> None:
    """Press a step of a referral's page, answer its form, send it."""
    visitor.press(action)
    visitor.answer(**answers)
    visitor.press(action)
    assert visitor.errors == [], visitor.errors


def state(visitor: Visitor) -> str:
    return visitor.page.locator("[data-referral-state]").first.get_attribute("data-referral-state") or ""


def seal_and_send(clerk: Visitor, concern: Raised, to: Person) -> None:
    """From the concern's page: choose the papers and the addressee, seal, send."""
    clerk.go(concern.path)
    clerk.press("open-referral")
    clerk.press("referral_seal")
    clerk.press("referral_seal")
    assert "Confirm that whoever complains knows" in clerk.text or clerk.errors
    clerk.answer(addressed_to=str(to.pk), identity_warned=True, confidentiality_asked="yes", confidentiality_reason="They share a room")
    if clerk.page.locator("[name=subject_told]").count():
        clerk.answer(subject_told="told")
    clerk.press("referral_seal")
    assert clerk.errors == []
    assert clerk.page.locator("[data-intact=yes]").count() == 1
    step(clerk, "referral_send")
    assert state(clerk) == "SENT"


def test_bullying_by_a_councillor_goes_out_sealed_comes_back_and_goes_out_again(towns: Any, visit: Any) -> None:
    weston = towns("weston")
    mo, deputy = (Person.objects.get(email=f"{name}@authority.example") for name in ("helena.marsh", "gareth.quill"))
    officer, clerk = visit(weston["officer1"]), visit(weston["clerk"])
    concern = raise_concern(officer, weston, "councillor2", topic="Bullying, harassment or intimidation", words=WORDS)
    handler = visit(weston["manager"])
    if handler.go(concern.path) == 200 and "accept" in handler.actions:
        clerk = handler
    act(clerk, concern, "accept")
    # while somebody inside deals with it, no finding is on offer
    assert not clerk.actions & {"record_outcome", "start_disciplinary", "report_to_council"}
    act(clerk, concern, "informal_over", kind="not_appropriate", reason="It is bullying.")
    assert act(officer, concern, "refer_code", **CODE) == "CODE_REFERRAL"
    assert not officer.actions & {"record_outcome", "sent_back", "close_no_action"}
    seal_and_send(clerk, concern, mo)

    # one sign-in, and nothing but what was referred
    desk = visit(mo, seen=True)
    desk.go("/")
    desk.follow("A Code of Conduct referral to acknowledge")
    assert state(desk) == "SENT"
    assert WORDS not in desk.page.content() and weston["officer1"].full_name not in desk.page.content()
    address = desk.page.url
    found = desk.context.request.get(f"{address}papers/zip/")
    with zipfile.ZipFile(io.BytesIO(found.body())) as bundle:
        assert {"00-cover-sheet.pdf", "manifest.json", "manifest.txt", "01-what-was-written.pdf"} <= set(bundle.namelist())
    assert desk.context.request.get(f"{address}papers/pdf/").body().startswith(b"%PDF-")
    assert desk.finds(concern.pk, concern.reference, ["Canary-7c21"], everywhere=True) == []
    step(desk, "referral_acknowledge", words="We have it.")
    assert desk.go(f"{address}do/acknowledge/") == 409
    assert "acknowledged already" in desk.text
    desk.go(address)
    step(desk, "referral_start_assessing")
    desk.press("referral_ask_local")
    desk.page.locator("[name=grounds][value=local_better]").check()
    desk.answer(words="Please try to settle it by talking first.")
    desk.press("referral_ask_local")
    assert desk.errors == [] and state(desk) == "SENT_BACK"
    assert visit(deputy).go(address.partition(desk.site)[2]) == 404

    # back inside, and out again
    clerk.go(concern.path)
    clerk.press("open-referral")
    assert "Please try to settle it by talking first." in clerk.text
    step(clerk, "referral_take_back")
    clerk.go(concern.path)
    assert clerk.state == "INFORMAL"
    act(clerk, concern, "informal_over", kind="failed", reason="Still going on.")
    act(officer, concern, "refer_code", **CODE)
    seal_and_send(clerk, concern, mo)
    desk.go("/referrals/")
    assert desk.page.get_by_test_id("count").inner_text() == "2 referrals"
    desk.follow(desk.page.locator("table tbody tr:first-child a, table tbody tr a").first)
    today = timezone.localdate()
    step(desk, "referral_acknowledge")
    step(desk, "referral_start_assessing")
    desk.press("referral_investigate")
    desk.page.locator("[name=grounds][value=serious]").check()
    desk.press("referral_investigate")
    step(desk, "referral_consult", who="Ivy Pendant", words="I agree.", consulted_on=date(today.year, today.month, today.day))
    step(desk, "referral_record_finding", outcome="breach", words="They shouted.", kind_1="training", measure_1="A day about respect")
    assert state(desk) == "OUTCOME_RECEIVED"
    clerk.go(concern.path)
    clerk.press("open-referral")
    step(clerk, "referral_take_over")
    officer.go(concern.path)
    assert officer.state == "OUTCOME_RECORDED"
    assert officer.page.get_by_test_id("outcome").inner_text() == "The Monitoring Officer found a breach"
    assert re.search(r"Referral 2: Closed", officer.page.locator("[data-testid=referral]").inner_text())
    assert visit(weston["councillor2"]).go(concern.path) == 404
