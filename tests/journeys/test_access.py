"""However somebody comes: by keyboard, on a phone, without scripts, with a second factor, with a wrong password."""

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from tests.journeys import raising
from tests.journeys.raising import Raised, act
from tests.journeys.visitor import PASSWORD, PHONE

COUNCILS = ("yateley",)
pytestmark = pytest.mark.browser


@pytest.fixture
def yateley(towns):
    return towns("yateley")


def tab_to(page, selector: str) -> None:
    """Press Tab until the focus is on it."""
    for _press in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} can't be reached by Tab")


def enter(visitor) -> None:
    """Press Enter on what has the focus, and wait for the next page."""
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")


def test_concern_is_raised_by_keyboard_alone(yateley, visit):
    visitor = visit(yateley["councillor4"])
    page = visitor.page
    page.goto("/")
    tab_to(page, "[data-action=raise]")
    enter(visitor)
    for field, words in (("subjects", yateley["officer1"].full_name), ("topic", "Conduct")):
        tab_to(page, f"input#id_{field}")
        page.keyboard.type(words)
        page.locator(f"#id_{field}__listbox li").first.wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    tab_to(page, "[name=said_in_public]")
    page.keyboard.press("Space")
    tab_to(page, "main button[type=submit]")
    enter(visitor)
    assert visitor.heading == "Where this goes"
    tab_to(page, "main button.govuk-button:not([name])")
    enter(visitor)
    tab_to(page, "[name=what_happened]")
    page.keyboard.type("By keyboard")
    tab_to(page, "main button.govuk-button:not([name])")
    enter(visitor)
    for box in ("private_confirmed", "constructive_confirmed"):
        tab_to(page, f"[name={box}]")
        page.keyboard.press("Space")
    tab_to(page, "[data-action=submit]")
    enter(visitor)
    assert visitor.state == "LODGED"


def test_raised_and_taken_up_without_scripts(yateley, visit):
    officer = visit(yateley["officer2"], java_script_enabled=False)
    concern = raising.raise_concern(officer, yateley, "councillor5")
    assert officer.state == "LODGED"
    clerk = visit(yateley["clerk"], java_script_enabled=False)
    assert act(clerk, concern, "accept", note="I have it.") == "INFORMAL"
    assert {"settle", "informal_over"} <= clerk.actions


def test_everything_fits_a_phone(yateley, visit):
    councillor = visit(yateley["councillor3"], is_mobile=True)
    councillor.page.set_viewport_size(PHONE)
    concern = raising.raise_concern(councillor, yateley, "officer2", words="a" * 300)
    for path in ("/", "/concerns/", concern.path, f"{concern.path}circle/", f"{concern.path}do/withdraw/", "/c/yateley/protocol/"):
        councillor.page.goto(path)
        assert councillor.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path


def test_back_after_signing_out_shows_nothing(yateley, visit):
    visitor = visit(yateley["officer3"], fresh=True).sign_in()
    concern = raising.raise_concern(visitor, yateley, "councillor6")
    visitor.go(concern.path)
    visitor.go("/accounts/logout/")
    visitor.follow(visitor.page.locator("main button[type=submit]"))
    for _step in range(3):
        visitor.page.go_back()
        assert concern.reference not in visitor.page.content()
        assert raising.WORDS not in visitor.page.content()


def test_page_of_a_concern_is_stored_nowhere(yateley, visit):
    visitor = visit(yateley["councillor2"])
    concern = raising.raise_concern(visitor, yateley, "officer3")
    answer = visitor.context.request.get(concern.path)
    assert "no-store" in answer.headers["cache-control"]
    assert concern.reference not in visitor.page.title()


def code_for(secret: str) -> str:
    """The number an authenticator app would show now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_second_factor_is_set_up_and_then_asked_for(yateley, visit):
    visitor = visit(yateley["vice"], fresh=True).sign_in()
    visitor.go("/accounts/2fa/totp/activate/")
    assert visitor.heading == "Confirm it is you"
    visitor.answer(password=PASSWORD)
    visitor.follow(visitor.page.locator("main button[type=submit]").first)
    assert visitor.heading == "Turn on the second sign-in step"
    secret = visitor.page.locator(".portal-secret").inner_text().replace(" ", "")
    visitor.answer(code=code_for(secret))
    visitor.follow(visitor.page.locator("main button[type=submit]").first)
    visitor.go("/accounts/2fa/")
    again = visit(yateley["vice"], fresh=True)
    again.sign_in()
    assert "/2fa/authenticate/" in again.page.url
    assert again.page.locator("[name=code]").count() == 1
    assert again.context.request.get("/concerns/").url.count("/accounts/") == 1


def test_too_many_wrong_passwords_pause_the_sign_in(yateley, visit):
    visitor = visit(yateley["councillor1"], fresh=True)
    for _try in range(5):
        visitor.sign_in("not the right password")
    refused = visitor.errors
    visitor.sign_in(PASSWORD)  # the right one, too late: the answer is the same, so that nothing is learned from it
    assert visitor.heading == "Sign in"
    assert visitor.errors == refused != []
    assert visitor.go("/concerns/") == 200
    assert visitor.heading == "Sign in"


def test_draft_is_found_where_it_was_left(yateley, visit):
    visitor = visit(yateley["councillor7"])
    draft = raising.say_who(visitor, yateley, "officer1")
    other = visit(yateley["clerk"])
    assert other.finds(draft, "not sent yet", [], everywhere=True) == []
    visitor.go("/")
    assert Raised(draft, "").path.split("/")[2] in visitor.page.content()
