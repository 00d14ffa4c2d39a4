"""A member asks for papers, is refused and finds a reviewer; a question is answered and published. Each in their own browser."""

import pytest

COUNCILS = ("auth5c", "weston")
pytestmark = pytest.mark.browser


def _ask(visitor, *, marks=(), **answers):
    """Through the three screens; returns the address of the request."""
    visitor.go("/requests/")
    visitor.press("ask")
    visitor.answer(kind="document", document="The file on the depot lease", **answers)
    for mark in marks:
        visitor.page.locator(f"[name=marks][value={mark}]").check()
    visitor.follow("Continue")
    visitor.follow("Continue")
    visitor.answer(interest="none")
    visitor.press("request_ask")
    assert visitor.errors == ["Say what you will use it for"]
    visitor.answer(purpose="For my working group")
    visitor.press("request_ask")
    return visitor.page.url.partition("//")[2].partition("/")[2]


def _step(visitor, address, action, **answers):
    visitor.go(f"/{address}")
    visitor.press(action)
    visitor.answer(**answers)
    visitor.press(action)
    assert visitor.errors == []


def test_refused_request_is_reviewed_and_released_once_the_purpose_is_accepted(towns, visit):
    town = towns("auth5c")
    member, director, adviser, chief = (visit(town[name]) for name in ("councillor1", "director2", "mo", "chiefexecutive"))
    address = _ask(member, marks=["other_group_papers", "third_party_personal"], directorate="People")
    assert member.state == "JUSTIFICATION_NEEDED"
    assert member.actions == {"request_justify", "request_close"}
    _step(member, address, "request_justify", justification="The lease is before my working group on Monday")
    assert member.state == "WITH_DETERMINER"
    director.go("/")
    director.follow("A request to see papers waits for your decision")
    assert "By convention nobody needs to know another group’s internal papers." in director.text
    _step(director, address, "request_ask_advice", question="Is it theirs?")
    _step(adviser, address, "request_give_advice", answer="It is the group's own paper")
    director.go(f"/{address}")
    director.press("request_refuse")
    director.answer(ground="other_group_papers")
    director.press("request_refuse")
    assert director.errors == ["Write the actual reason"]
    director.answer(reason="It is the other group's own paper")
    director.press("request_refuse")
    assert director.state == "REFUSED"
    member.go(f"/{address}")
    assert "It is the other group's own paper" in member.text
    assert "Is it theirs?" not in member.text
    _step(member, address, "request_ask_review", review_words="It was tabled at the committee")
    _step(chief, address, "request_review_grant", how="Come to the members' room")
    member.go(f"/{address}")
    assert member.state == "REVIEW_GRANTED"
    assert "Come to the members' room" not in member.text
    _step(member, address, "request_receive", accepted=True)
    assert "Come to the members' room" in member.text
    member.go("/requests/")
    for name in ("councillor3", "admin", "officer1"):
        assert visit(town[name]).context.request.get(f"/{address}").status == 404
    assert [complaint for who in (member, director, adviser, chief) for complaint in who.complaints] == []


def test_question_is_answered_and_published_beside_its_clause(towns, visit):
    town = towns("weston")
    officer, clerk = visit(town["officer1"]), visit(town["clerk"])
    officer.go("/questions/")
    officer.press("question")
    officer.answer(clause="3.7", question="May I ring a councillor at home?")
    officer.press("question_ask")
    address = officer.page.url.partition("//")[2].partition("/")[2]
    clerk.go("/")
    clerk.follow("A question about the protocol waits for your answer")
    _step(clerk, address, "question_answer", answer="Only over a particular matter")
    clerk.go(f"/{address}")
    clerk.press("question_publish")
    clerk.answer(public_answer=f"{clerk.person.full_name} says: only over a particular matter")
    clerk.press("question_publish")
    assert len(clerk.errors) == 1
    assert clerk.errors[0].startswith("This names somebody")
    clerk.answer(public_answer="Only over a particular matter")
    clerk.press("question_publish")
    assert clerk.state == "PUBLISHED_ANONYMISED"
    member = visit(town["councillor1"])
    member.go("/c/weston/protocol/")
    assert "Only over a particular matter" in member.page.locator("#clause-3\\.7").inner_text()
    member.go("/questions/answered/weston/")
    assert "May I ring a councillor at home?" in member.text
    assert town["officer1"].full_name not in member.text
    assert [complaint for who in (officer, clerk, member) for complaint in who.complaints] == []
