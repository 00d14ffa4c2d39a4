"""A page as a real browser gets it: nothing is refused by its own policy, nothing comes from elsewhere."""

import pytest
from django.contrib.auth import get_user_model

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def opened(browser, live_server):
    """The sign-in page, what the browser complained of, and every address it asked for."""
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    asked: list[tuple[int, str]] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("response", lambda response: asked.append((response.status, response.url)))
    page.goto(f"{live_server.url}/accounts/login/")
    yield page, complaints, asked
    context.close()


def test_sign_in_page_loads_everything_from_here_and_breaks_no_policy(opened, live_server) -> None:
    page, complaints, asked = opened
    page.wait_for_load_state("networkidle")
    assert complaints == []
    assert [(status, url) for status, url in asked if status != 200 or not url.startswith((live_server.url, "data:"))] == []
    assert page.evaluate("document.body.classList.contains('govuk-frontend-supported')") is True


def test_back_button_after_sign_out_shows_nothing_of_before(opened, live_server) -> None:
    page, _complaints, _asked = opened
    get_user_model().objects.create_user("ada@portal.example", "correct-horse-battery", full_name="Ada Test")
    page.fill("[name=login]", "ada@portal.example")
    page.fill("[name=password]", "correct-horse-battery")
    page.click("main button[type=submit]")
    page.goto(f"{live_server.url}/accounts/password/change/")
    assert page.locator("[name=oldpassword]").count() == 1
    page.goto(f"{live_server.url}/accounts/logout/")
    page.click("main button[type=submit]")
    page.wait_for_url("**/accounts/login/**")
    page.go_back()
    page.go_back()
    assert page.locator("[name=oldpassword]").count() == 0
