"""A person at a browser: goes to pages, answers forms by their Django names, presses buttons by their ``data-action``.

Every page a visitor comes to is looked at: no script or policy complaint, no failed request, and the first page of each
kind in a run also without accessibility violations and without sideways scrolling on a phone.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page

from councils.models import Person

PASSWORD = "Correct-horse-battery-2026"
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
# The design system's own: a radio that reveals more says so by aria-expanded, which the rules don't list for radios.
KNOWN = ("aria-allowed-attr", True)
RANDOM = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 740}


class Looked:
    """Which kinds of page were looked at closely, and where pictures of them go (PORTAL_SCREENS=<folder>).

    ``shared`` is a folder that all workers of a run see: whoever comes to a kind first leaves a mark there.
    """

    def __init__(self, shared: Path) -> None:
        self.shared = shared
        folder = os.environ.get("PORTAL_SCREENS", "")
        self.folder = Path(folder) if folder else None

    def closely(self, page: Page) -> list[str]:
        """Takes a page; returns what is wrong with it, the first time a page of its kind comes by."""
        root = page.locator("[data-state]").first
        state = root.get_attribute("data-state") if root.count() else ""
        path = RANDOM.sub("", page.url.split("?")[0].partition("//")[2].partition("/")[2])
        kind = f"{path} {state} {page.title()}"
        try:
            (self.shared / sha256(kind.encode()).hexdigest()).touch(exist_ok=False)
        except FileExistsError:
            return []
        found = Axe().run(page, options=RULES).response["violations"]
        wrong = [
            f"{kind}: {rule['id']}: {node['html'][:200]}"
            for rule in found
            for node in rule["nodes"]
            if (rule["id"], "aria-expanded" in node["html"]) != KNOWN
        ]
        self._picture(page, kind, "1280")
        size = page.viewport_size or DESK
        page.set_viewport_size(PHONE)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            wrong.append(f"{kind}: {width} pixels wide on a phone")
        self._picture(page, kind, "375")
        page.set_viewport_size(size)
        return wrong

    def _picture(self, page: Page, kind: str, size: str) -> None:
        if self.folder:
            self.folder.mkdir(parents=True, exist_ok=True)
            name = re.sub(r"[^A-Za-z0-9]+", "-", kind).strip("-")[:110]
            page.screenshot(path=self.folder / f"{name}-{size}.png", full_page=True)


class Visitor:
    """One person in one tab of their own browser."""

    def __init__(self, person: Person, context: BrowserContext, looked: Looked, site: str, *, scripts: bool = True) -> None:
        self.person, self.context, self.looked, self.site, self.scripts = person, context, looked, site, scripts
        self.complaints: list[str] = []

    @cached_property
    def page(self) -> Page:
        """The tab, opened when it is first needed."""
        tab = self.context.new_page()
        tab.on("console", self._console)
        tab.on("pageerror", lambda error: self.complaints.append(f"{tab.url}: {error}"))
        tab.on("response", self._response)
        return tab

    def _console(self, message: Any) -> None:
        # the browser repeats every 4xx page as "Failed to load resource": the response itself is judged below
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _response(self, response: Any) -> None:
        asset = not response.request.is_navigation_request()
        if response.status >= 500 or (asset and response.status >= 400):
            self.complaints.append(f"{response.status} {response.url}")

    # -- getting about -------------------------------------------------------------------------------------------

    def sign_in(self, password: str = PASSWORD) -> Visitor:
        """Through the sign-in page."""
        self.go("/accounts/login/")
        self.answer(login=self.person.email, password=password)
        self.press("sign-in")
        return self

    def sign_in_unseen(self) -> Visitor:
        """Through the same sign-in form, without drawing the page: for those who are only asked what they find."""
        ask = self.context.request
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', ask.get("/accounts/login/").text())
        assert token is not None
        form = {"csrfmiddlewaretoken": token.group(1), "login": self.person.email, "password": PASSWORD}
        answer = ask.post("/accounts/login/", form=form, headers={"Referer": f"{self.site}/accounts/login/"})
        assert answer.ok and "/accounts/login/" not in answer.url
        return self

    def go(self, path: str) -> int:
        """Open an address; returns the status."""
        response = self.page.goto(path)
        assert response is not None
        self.look()
        return response.status

    def press(self, action: str, *, within: str = "main") -> None:
        """Press the button or link of that ``data-action``, and wait for the page it leads to."""
        self.follow(self.page.locator(f"{within} [data-action='{action}']").first)

    def follow(self, target: Locator | str) -> None:
        """Press a link or button (or the one of that name), and wait for the page it leads to."""
        if isinstance(target, str):
            target = self.page.get_by_role("button", name=target, exact=True).or_(
                self.page.get_by_role("link", name=target, exact=True)
            ).first
        with self.page.expect_navigation():
            target.click()
        self.look()

    def look(self) -> None:
        """Judge the page that is shown."""
        if self.scripts:
            self.complaints += self.looked.closely(self.page)

    def leave(self) -> None:
        """Close the tab."""
        if "page" in self.__dict__:
            self.page.close()

    # -- reading ---------------------------------------------------------------------------------------------------

    @property
    def state(self) -> str:
        """Where the concern on the page stands."""
        return self.page.locator("[data-state]").first.get_attribute("data-state") or ""

    @property
    def actions(self) -> set[str]:
        """The steps offered on a concern's page."""
        return set(self.page.locator("[aria-labelledby=steps] [data-action]").evaluate_all("all => all.map(e => e.dataset.action)"))

    @property
    def circle(self) -> set[str]:
        """The ids of those who can see it, as the page says."""
        rows = self.page.locator("[data-testid=circle] [data-person]")
        return set(rows.evaluate_all("all => all.map(e => e.dataset.person)"))

    @property
    def text(self) -> str:
        """What the page says."""
        return self.page.locator("main").inner_text()

    @property
    def heading(self) -> str:
        return self.page.locator("h1").first.inner_text()

    @property
    def errors(self) -> list[str]:
        """What the error summary says."""
        return self.page.locator(".govuk-error-summary__list li").all_inner_texts()

    # -- answering -------------------------------------------------------------------------------------------------

    def answer(self, **answers: Any) -> None:
        """Fill in a form, by the names of its fields."""
        for name, value in answers.items():
            self._answer_one(name, value)

    def _answer_one(self, name: str, value: Any) -> None:
        if isinstance(value, date):
            for part in ("day", "month", "year"):
                self.page.locator(f"[name={name}_{part}]").fill(str(getattr(value, part)))
            return
        if isinstance(value, Person):
            self.choose(name, value.full_name)
            return
        field = self.page.locator(f"[name={name}]").first
        kind = field.evaluate("e => e.tagName === 'INPUT' ? e.type : e.tagName.toLowerCase()")
        if kind == "radio":
            self.page.locator(f"[name={name}][value='{value}']").check()
        elif kind == "checkbox":
            field.set_checked(bool(value))
        elif kind == "select" and field.get_attribute("data-module") == "autocomplete":
            self.choose(name, value)
        elif kind == "select":
            field.select_option(value)
        elif kind == "file":
            field.set_input_files(value)
        else:
            field.fill(value)

    def choose(self, name: str, words: str) -> None:
        """Choose by typing, as the type-ahead has it; from the plain select where no script runs."""
        select = self.page.locator(f"select[name={name}]").first
        if not self.scripts:
            label = select.locator("option", has_text=words).first.inner_text()
            select.select_option(label=label)
            return
        box = self.page.locator(f"input#id_{name}")
        box.fill(words)
        self.page.locator(f"#id_{name}__listbox li", has_text=words).first.click()

    # -- what nobody else finds ------------------------------------------------------------------------------------

    def finds(self, concern: str, reference: str, secrets: Iterable[str], *, everywhere: bool = False) -> list[str]:
        """Takes a concern; returns every place where this person finds a trace of it: the list, its own address.

        With ``everywhere`` also at home, by search, and at the addresses of its circle and its steps.
        """
        ask = self.context.request
        traces = []
        for path in ("/concerns/", *((f"/concerns/?search={reference}", "/") if everywhere else ())):
            body = ask.get(path).text()
            body = re.sub(r'(name="search"[^>]*) value="[^"]*"', r"\1", body)  # what one typed oneself
            traces += [f"{path}: {word}" for word in (concern, reference, *secrets) if word in body]
        more = ("circle/", "do/accept/") if everywhere else ()
        for path in (f"/concerns/{concern}/", *(f"/concerns/{concern}/{end}" for end in more)):
            answer = ask.get(path)
            if answer.status != 404:
                traces.append(f"{path}: {answer.status}")
            traces += [f"{path}: {word}" for word in (reference, *secrets) if word in answer.text()]
        return traces

    def circle_of(self, concern: str) -> tuple[int, str, set[str]]:
        """Asks for a concern's page as this person; returns the status, where it stands, and who the page says can see it."""
        answer = self.context.request.get(f"/concerns/{concern}/")
        body = answer.text()
        state = re.search(r'data-state="(\w+)"', body)
        return answer.status, state.group(1) if state else "", set(re.findall(r'data-person="([^"]+)"', body))
