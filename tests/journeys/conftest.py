"""The whole portal served to a real browser: councils committed once a file, both walls up, each person with a browser of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from pytest_django.live_server_helper import LiveServer

from councils.models import Person
from tests.cluster import TestCluster
from tests.factories import kept
from tests.factories.councils import KEYS, Town
from tests.journeys.visitor import DESK, PASSWORD, Looked, Visitor


@pytest.fixture(scope="module")
def loaded(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any, test_cluster: TestCluster
) -> Iterator[dict[str, Town]]:
    """Every council (or those of the file's ``COUNCILS``), committed for as long as the file lasts; everybody's password known."""
    name = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        towns = kept.towns(getattr(request.module, "COUNCILS", KEYS))
        Person.objects.update(password=make_password(PASSWORD))
        yield towns
        connection.close()
        test_cluster.empty(name)


@pytest.fixture(scope="module")
def site(loaded: dict[str, Town]) -> Iterator[str]:
    """The address the portal is served at. A fixed host: pages, cookies and redirects are those of one origin."""
    with pytest.MonkeyPatch.context() as patch:
        serve = StaticFilesHandler.serve

        def kept_a_while(self: StaticFilesHandler, request: HttpRequest) -> HttpResponseBase:
            """As in production, a browser asks for a style or script once, not once a page."""
            answer = serve(self, request)
            answer["Cache-Control"] = "max-age=3600"
            return answer

        patch.setattr(StaticFilesHandler, "serve", kept_a_while)
        server = LiveServer("127.0.0.1")
        yield server.url
        server.stop()


@pytest.fixture
def towns(loaded: dict[str, Town]) -> Callable[[str], Town]:
    """``towns("weston")``: that council with its people."""
    return loaded.__getitem__


@pytest.fixture(scope="session")
def looked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Looked:
    """Which kinds of page were looked at closely, by any worker."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if hasattr(request.config, "workerinput") else base) / "looked"
    shared.mkdir(exist_ok=True)
    return Looked(shared)


@pytest.fixture(scope="module")
def kept_open(browser: Any) -> Iterator[dict[Any, Any]]:
    """Browsers of this file's people, signed in once."""
    contexts: dict[Any, Any] = {}
    yield contexts
    for context in contexts.values():
        context.close()


@pytest.fixture
def visit(browser: Any, site: str, looked: Looked, kept_open: dict[Any, Any]) -> Iterator[Callable[..., Visitor]]:
    """``visit(person)``: their browser, signed in (``seen=True``: page by page). ``fresh=True`` gives one not signed in and not kept."""
    passing: list[Any] = []
    tabs: list[Visitor] = []

    def enter(person: Person, *, seen: bool = False, fresh: bool = False, **context_options: Any) -> Visitor:
        alone = fresh or bool(context_options)
        context = None if alone else kept_open.get(person.pk)
        known = context is not None
        if context is None:
            context = browser.new_context(base_url=site, viewport=DESK, **context_options)
            context.set_default_timeout(20_000)
            passing.append(context) if alone else kept_open.update({person.pk: context})
        visitor = Visitor(person, context, looked, site, scripts=context_options.get("java_script_enabled", True))
        tabs.append(visitor)
        if not known and not fresh:
            visitor.sign_in() if seen else visitor.sign_in_unseen()
        return visitor

    yield enter
    for visitor in tabs:
        visitor.leave()
    for context in passing:
        context.close()
    problems = [line for visitor in tabs for line in visitor.complaints]
    assert problems == []
