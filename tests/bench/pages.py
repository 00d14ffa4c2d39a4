"""The list of one's concerns: against the floor, at three sizes, with row security and without."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from io import BytesIO

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.wsgi import WSGIHandler
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from concerns import wording
from concerns.forms.listing import FilterForm
from councils import queries as councils
from councils import wording as council_words
from councils.models import Person
from tests.bench import floor
from tests.bench.load import CLERK_EMAIL, FREE_ROLE, SIZES, Size
from tests.bench.measure import medians, ratio
from tests.bench.place import APP_ROLE, Place

ROUNDS = 60
PATH = "/concerns/"
Figure = tuple[str, float, float, bool]


def run(place: Place) -> list[Figure]:
    """Takes where to run; returns the figures about the page."""
    with override_settings(ROOT_URLCONF="tests.bench.urls"):
        portal = WSGIHandler()
        with override_settings(MIDDLEWARE=floor.MIDDLEWARE):
            bare = WSGIHandler()
        sessions = {size: _sign_in(place, size) for size in SIZES}
        small, middle, large = SIZES
        runs: dict[str, Callable[[], bytes]] = {}
        for size in SIZES:
            runs[f"page_{size.label}"] = _getter(place, size, portal, PATH, sessions[size])
            runs[f"floor_{size.label}"] = _getter(place, size, bare, "/floor/", sessions[size], FREE_ROLE)
        runs["unwalled_1m"] = _getter(place, large, portal, PATH, sessions[large], FREE_ROLE)
        _same(runs, place, large)
        queries = {size: _count_queries(place, size, portal, sessions[size]) for size in SIZES}
        took = medians(rounds=ROUNDS, **runs)
    figures = [ratio(f"caseload_vs_floor_{s.label}", took[f"page_{s.label}"] / took[f"floor_{s.label}"], 1.5) for s in SIZES]
    figures.append(ratio("caseload_1m_vs_1k", took["page_1m"] / took["page_1k"], 1.3))
    figures.append(ratio("rls_on_vs_off_1m", took["page_1m"] / took["unwalled_1m"], 1.10))
    figures += [(f"queries_per_page_{s.label}", queries[s], 12, queries[s] <= 12) for s in (small, middle, large)]
    return figures


def _sign_in(place: Place, size: Size) -> str:
    """A session of the clerk in that database, and the frame's values for the floor."""
    with place.at(size):
        person = Person.objects.get(email=CLERK_EMAIL)
        today = timezone.localdate()
        mine = councils.councils_of(person, on=today)
        topics = [(code, str(words)) for code, words in council_words.TOPICS.items()]
        offered = [(council.key, council.name) for council in mine]
        floor.frame.update(
            councils=mine,
            topics={code: council_words.topic_label(code) for code, _words in topics},
            states={state.value: wording.state_label(state.value) for state in wording.STATES},
            form=lambda: FilterForm(None, topics=topics, councils=offered),
        )
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session["used"] = int(time.time()) + 3600  # nothing to write during the run
        session.create()
        return session.session_key


def _getter(
    place: Place, size: Size, handler: WSGIHandler, path: str, session: str, role: str = APP_ROLE
) -> Callable[[], bytes]:
    def get() -> bytes:
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "SCRIPT_NAME": "", "QUERY_STRING": "", "SERVER_NAME": "localhost",
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(), "wsgi.errors": BytesIO(), "wsgi.multithread": False, "wsgi.multiprocess": False,
            "wsgi.run_once": False, "HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={session}",
        }  # fmt: skip
        answered: list[str] = []
        with place.at(size, role):
            response = handler(environ, lambda status, headers: answered.append(status))
            body = b"".join(response)
            response.close()  # type: ignore[attr-defined]
        if answered != ["200 OK"]:
            raise RuntimeError(f"{path} answered {answered}")
        return body

    return get


def _same(runs: dict[str, Callable[[], bytes]], place: Place, size: Size) -> None:
    """The page, the floor and the page without row security must show the same rows and the same number."""
    shown = {}
    for name in ("page_1m", "floor_1m", "unwalled_1m"):
        table = runs[name]().decode()
        shown[name] = (re.findall(r'data-concern="([^"]+)"', table), re.findall(r'data-testid="count">([^<]+)', table))
    if len(shown["page_1m"][0]) != 25 or len({str(each) for each in shown.values()}) != 1:
        raise RuntimeError(f"The pages differ, so their times can't be compared: {shown}")


def _count_queries(place: Place, size: Size, portal: WSGIHandler, session: str) -> int:
    get = _getter(place, size, portal, PATH, session)
    get()
    with place.at(size) as wrapper, CaptureQueriesContext(wrapper) as captured:
        get()
    told = [q["sql"] for q in captured.captured_queries]
    return sum(1 for sql in told if not sql.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")))
