"""What happens on the way: nobody free, other hands, waiting, second thoughts, two tabs at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from concerns.enums import Action
from concerns.models import Event
from tests.concerns.casework import on_it
from tests.factories.concerns import by, do, lodge
from tests.journeys import raising
from tests.journeys.raising import Raised, act

COUNCILS = ("weston",)
pytestmark = pytest.mark.browser


@pytest.fixture
def weston(towns):
    return towns("weston")


def known(concern) -> Raised:
    """A concern as a browser knows it."""
    return Raised(str(concern.pk), concern.reference)


@pytest.fixture
def taken(weston):
    """A concern of an officer about a councillor, with the Clerk."""
    concern = lodge(weston, weston["officer1"], weston["councillor4"])
    do(Action.ACCEPT, concern, weston["clerk"])
    return concern


def test_nobody_free_is_found_somebody_by_one_who_reads_nothing(weston, visit, taken):
    act(visit(weston["clerk"]), known(taken), "no_handler", reason="None of us who has it can take it on.")
    assert on_it(weston, taken) == {"officer1": {"raiser"}, "chair": {"exception_holder"}}  # not back to whoever said so
    holder = visit(weston["chair"])
    assert holder.go(known(taken).path) == 200
    assert holder.state == "NEEDS_HANDLER"
    assert "CANARY" not in holder.page.content()
    assert holder.page.get_by_test_id("narrative").count() == 0
    new = "deputy"
    act(holder, known(taken), "assign", assignee=weston[new], reason="Free of any connection.")
    handler = visit(weston[new])
    assert handler.go(known(taken).path) == 200
    assert handler.state == "INFORMAL"
    assert "CANARY" in handler.page.get_by_test_id("narrative").inner_text()


def test_handed_over_leaves_the_old_hands(weston, visit, taken):
    clerk, concern = visit(weston["clerk"]), known(taken)
    clerk.go(concern.path)
    clerk.press("hand_over")
    clerk.answer(to=weston["chair"], reason_code="absence", note="I am away for a month.")
    clerk.press("hand_over")
    assert clerk.errors != []  # the raiser hasn't agreed to a wider circle
    assert clerk.page.locator("[name=note]").input_value() == "I am away for a month."
    clerk.answer(override_reason="Nobody else can act while I am away.")
    clerk.press("hand_over")
    assert clerk.page.url.rstrip("/").count("/") == 2  # home
    assert clerk.go(concern.path) == 404
    chair = visit(weston["chair"])
    assert chair.go(concern.path) == 200
    assert "settle" in chair.actions


def test_on_hold_closes_the_steps_until_it_is_released(weston, visit, taken):
    clerk, concern = visit(weston["clerk"]), known(taken)
    until = timezone.localdate() + timedelta(days=20)
    assert act(clerk, concern, "hold", until=until, reason="The police asked us to wait.") == "INFORMAL"
    assert "settle" not in clerk.actions
    assert "on hold" in clerk.text
    assert act(clerk, concern, "release") == "INFORMAL"
    assert "settle" in clerk.actions


def test_withdrawn_may_have_a_successor_without_the_raiser(weston, visit, taken):
    raiser, clerk, concern = visit(weston["officer1"]), visit(weston["clerk"]), known(taken)
    assert act(raiser, concern, "withdraw", reason="I'd rather let it rest.") == "WITHDRAWN"
    act(clerk, concern, "open_successor", reason="The council has to protect its staff.", duty=True)
    clerk.go("/concerns/")
    fresh = clerk.page.locator(f"tr[data-concern]:not([data-concern='{concern.pk}'])").first.get_attribute("data-concern")
    assert clerk.go(f"/concerns/{fresh}/") == 200
    assert raiser.go(f"/concerns/{fresh}/") == 404


def test_settled_is_opened_again_by_the_raiser(weston, visit, taken):
    do(Action.SETTLE, taken, weston["clerk"], summary="Settled.", raiser_agrees=True, now=timezone.now())
    raiser = visit(weston["officer1"])
    assert act(raiser, known(taken), "reopen", reason="It happened again.", new_evidence=True) == "INFORMAL"


def test_conflict_declared_in_one_tab_ends_the_other_at_its_next_click(weston, visit, taken):
    first, second, concern = visit(weston["clerk"]), visit(weston["clerk"]), known(taken)
    assert second.go(concern.path) == 200
    act(first, concern, "declare_conflict")
    second.press("settle")
    assert second.heading == "Page not found"
    assert first.finds(concern.pk, concern.reference, ["CANARY"], everywhere=True) == []


def test_consent_asked_and_refused_is_shown_to_whoever_asked(weston, visit, taken):
    clerk, raiser, concern = visit(weston["clerk"]), visit(weston["officer1"]), known(taken)
    act(clerk, concern, "ask_consent", kind="wider_circle", wording="May the deputy help me?")
    raiser.go(concern.path)
    assert "May the deputy help me?" in raiser.text
    raiser.follow("Answer")
    raiser.answer(agree="no", words="Please don't.")
    raiser.press("answer_consent")
    clerk.go(concern.path)
    assert clerk.page.locator("[data-consent=refused]").count() == 1


def test_two_tabs_the_second_is_told_what_changed_and_keeps_what_was_typed(weston, visit, taken):
    first, second, concern = visit(weston["clerk"]), visit(weston["clerk"]), known(taken)
    second.go(f"{concern.path}do/close_no_action/")
    act(first, concern, "informal_over", kind="failed", reason="No progress.")
    second.answer(reason="There is no case.")
    second.press("close_no_action")
    assert any("changed this concern" in line for line in second.errors)
    assert second.page.locator("[name=reason]").input_value() == "There is no case."
    second.press("close_no_action")
    assert second.state == "NO_ACTION"


def test_draft_is_kept_over_a_sign_out_and_taken_up_again(weston, visit):
    officer = visit(weston["officer2"], fresh=True).sign_in()
    draft = raising.say_who(officer, weston, "councillor3")
    officer.follow("Continue")
    officer.answer(what_happened="Half a sentence")
    officer.follow("Keep the draft and come back later")
    officer.go("/accounts/logout/")
    officer.follow(officer.page.locator("main button[type=submit]"))
    officer.sign_in()
    assert visit(weston["clerk"]).circle_of(draft)[0] == 404
    officer.follow(officer.page.get_by_role("link", name="Go on"))
    assert officer.heading == "Check and send"
    assert "Half a sentence" in officer.text
    raising.send(officer)
    assert officer.state == "LODGED"


def test_draft_keeps_itself_while_it_is_written(weston, visit):
    officer = visit(weston["officer2"])
    draft = raising.say_who(officer, weston, "councillor3")
    officer.follow("Continue")
    officer.page.locator("[name=what_happened]").fill("Half a sentence, and then the bus came")
    officer.page.get_by_text("Your draft is kept. Only you can see it.").wait_for()
    officer.go("/")  # away without a button
    officer.go(f"/concerns/drafts/{draft}/concern/")
    assert officer.page.locator("[name=what_happened]").input_value() == "Half a sentence, and then the bus came"


def test_double_click_sends_once(weston, visit):
    officer = visit(weston["officer3"])
    raising.say_who(officer, weston, "councillor3")
    officer.follow("Continue")
    raising.write(officer)
    officer.answer(formal="no", private_confirmed=True, constructive_confirmed=True)
    with officer.page.expect_navigation():
        officer.page.locator("main [data-action=submit]").dblclick()
    concern = officer.page.url.split("/")[4]
    officer.go(f"/concerns/{concern}/")
    assert officer.state == "LODGED"
    with by(weston["officer3"]):
        assert list(Event.objects.filter(concern_id=concern).values_list("type", flat=True)) == ["lodged"]
