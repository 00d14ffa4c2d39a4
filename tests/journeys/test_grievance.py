"""An employee's grievance about their workload, in the browser: to decision and appeal, with two of five members conflicted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from concerns.models import Concern
from councils.rls import system_work
from grievances.domain import dates
from grievances.models import Allegation, Hearing
from tests.grievances.course import pk_of, started
from tests.journeys.visitor import Visitor

COUNCILS = ("ilminster",)


def take(visitor: Visitor, path: str, step: str, **answers: Any) -> None:
    """Open the grievance, press the step, answer, send."""
    assert visitor.go(path) == 200
    visitor.press(step)
    visitor.answer(**answers)
    visitor.press(step)
    assert visitor.errors == [], (step, visitor.errors)


def tick(visitor: Visitor, path: str, step: str, people: list[Any], **answers: Any) -> None:
    """Like ``take``, with boxes ticked for these people."""
    assert visitor.go(path) == 200
    visitor.press(step)
    for person in people:
        visitor.page.locator(f"[name=people][value='{person.pk}']").check()
    visitor.answer(**answers)
    visitor.press(step)
    assert visitor.errors == [], (step, visitor.errors)


def held(concern: Concern) -> None:
    """The day of the hearing comes."""
    with system_work():
        Hearing.objects.filter(concern=concern, status="set").update(held_on=timezone.localdate() - timedelta(days=1))


def test_workload_grievance_runs_to_decision_and_appeal_with_two_of_five_conflicted(towns, visit) -> None:
    town = towns("ilminster")
    concern = started(town)  # councillor4's tie with the other officer is known: found without asking
    path = f"/grievances/{pk_of(concern)}/"
    soon = dates.earliest(timezone.localdate(), 6, "England")

    # before anything is shown, each says whether they have a connection
    for name, free in (("councillor3", "yes"), ("councillor5", "no"), ("chair", "yes")):
        member = visit(town[name])
        member.go("/")
        member.follow("Say whether you have a connection")
        assert "Canary" not in member.text and "my workload" not in member.text
        member.press("declare")
        member.answer(free=free)
        member.press("declare")
        assert member.go(path) == (200 if free == "yes" else 404)
        member.leave()

    # the clerk runs it, unseen content: the substitute is asked, the picture shows who is left
    clerk = visit(town["clerk"])
    assert clerk.go(path) == 200
    assert clerk.page.get_by_role("img", name="Who is left for the panel").count() == 1
    assert "my workload" not in clerk.text
    take(clerk, path, "form_panel")
    substitute = visit(town["councillor2"])
    take(substitute, path, "declare", free="yes")
    tick(clerk, path, "seat_panel", [town[name] for name in ("councillor2", "councillor3", "chair")])
    assert clerk.state == "PANEL_FORMING"

    # the panel: chair, points
    assert substitute.go(f"/concerns/{concern.pk}/") == 200 and "my workload" in substitute.text
    substitute.go(path)
    substitute.press("choose_chair")
    assert substitute.page.locator(f"[name=person][value='{town['chair'].pk}']").count() == 0  # not the chair of the council
    substitute.page.locator(f"[name=person][value='{town['councillor3'].pk}']").check()
    substitute.press("choose_chair")
    take(substitute, path, "list_allegations", points="Two people's work since May\nNo cover for leave")

    # nobody is heard about before they know: a member tells the person, who sees that and no more
    clerk.go(path)
    assert clerk.heading == "Grievance: Panel seated"
    assert "hasn’t been told yet" in clerk.page.locator("[data-closed=set_hearing]").text_content()
    assert clerk.page.locator("[data-action=draft_disclosure]").count() == 0  # the clerk doesn't read it
    substitute.go("/")
    assert "Tell the person it is about" in substitute.page.get_by_test_id("elsewhere").inner_text()
    substitute.go(path)
    substitute.press("draft_disclosure")
    substitute.answer(kind="before_formal_step", text="A panel meets about how the work was shared out.", answer_by=soon, basis="set_here")
    substitute.press("draft_disclosure")
    substitute.press("disclose")
    other = visit(town["officer2"])
    other.go("/")
    other.follow("Something was disclosed to you")
    assert "how the work was shared out" in other.text and "my workload" not in other.text
    assert other.go(path) == 404
    other.leave()

    # the hearing: not on a Sunday; then in time, with a companion
    clerk.go(path)
    clerk.press("set_hearing")
    sunday = soon + timedelta(days=6 - soon.weekday())
    clerk.answer(held_on=sunday, at="10:30", place="Committee room")
    clerk.press("set_hearing")
    assert any("Saturday or Sunday" in error for error in clerk.errors)
    clerk.answer(held_on=soon)
    clerk.press("set_hearing")
    assert clerk.state == "HEARING_SET"
    soon = dates.due(soon, 1, "England")  # the day was wrong: before it comes another is set, with the reason
    take(clerk, path, "set_hearing", held_on=soon, at="10:30", place="Committee room", reason="The wrong day was typed")
    raiser = visit(town["officer1"])
    take(raiser, path, "name_companion", kind="trade_union_official", name="Una Union")
    take(clerk, path, "postpone_hearing", held_on=dates.due(soon, 2, "England"), at="14:00", place="Committee room")
    held(concern)

    # the decision: one drafts, another releases
    drafter = visit(town["chair"])
    with system_work():
        numbers = list(Allegation.objects.filter(concern=concern).values_list("number", flat=True))
    take(drafter, path, "draft_decision", outcome="grievance_not_upheld", reasons="The rota was shared out fairly.",
         **{f"finding_{number}": "not_upheld" for number in numbers})  # fmt: skip
    drafter.go(path)
    assert "Another member of the panel releases it" in drafter.page.content()
    take(visit(town["councillor3"]), path, "release_decision")
    assert drafter.go(path) == 404
    raiser.go(path)
    assert raiser.state == "DECIDED" and "shared out fairly" in raiser.text

    # the appeal, heard by others
    take(raiser, path, "appeal", grounds="Nobody looked at the figures.")
    others = ("councillor6", "councillor7", "councillor8")
    for name in others:
        take(visit(town[name]), path, "declare", free="yes")
    tick(clerk, path, "seat_panel", [town[name] for name in others])
    sixth, seventh = visit(town["councillor6"]), visit(town["councillor7"])
    sixth.go(path)
    sixth.press("choose_chair")
    sixth.page.locator(f"[name=person][value='{town['councillor6'].pk}']").check()
    sixth.press("choose_chair")
    take(clerk, path, "set_hearing", held_on=soon, at="9", place="Library")
    held(concern)
    take(sixth, path, "draft_decision", outcome="grievance_upheld", reasons="The figures show it.",
         **{f"finding_{number}": "upheld" for number in numbers})  # fmt: skip
    take(seventh, path, "release_decision")
    raiser.go(path)
    assert raiser.state == "APPEAL_DECIDED" and "The figures show it." in raiser.text
    take(clerk, path, "close", reference="Personnel minute 12")
    raiser.go(f"/concerns/{concern.pk}/")
    assert raiser.state == "OUTCOME_RECORDED"
    assert raiser.page.get_by_test_id("outcome").inner_text() == "The grievance was upheld"
    for name in ("councillor5", "councillor4", "officer2", "admin"):
        assert visit(town[name]).go(path) == 404
