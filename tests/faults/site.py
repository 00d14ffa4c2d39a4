"""The portal as it runs in production, for faults: PostgreSQL with fsync on, gunicorn, Celery workers, Redis, a mail server.

Every process is a real one, started here and killed by its own id.
"""

from __future__ import annotations

import ctypes
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
from celery import Celery
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections

from councils.models import Person
from protocol_portal.embedded import BASE, SUPERUSER, VAR, Cluster, free_port, locked
from tests.cluster import FIXTURE_ROLE, TestCluster
from tests.faults.post_office import PostOffice

DATABASE = "portal"
TOKEN = "a" * 32
PATIENCE = 60.0
LIBC = ctypes.CDLL(None)


def until(true: Callable[[], Any], what: str, *, patience: float = PATIENCE) -> Any:
    """Wait until ``true()`` says something; returns it. Raises AssertionError when it takes too long."""
    deadline, pause = time.monotonic() + patience, threading.Event()
    while not (answer := true()):
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        pause.wait(0.01)
    return answer


def children(pid: int) -> list[int]:
    """The ids of a process's children."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def alive(pid: int) -> list[int]:
    """The ids of a process's children that haven't ended, reaped or not."""

    def ended(child: int) -> bool:
        try:
            return Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
        except (FileNotFoundError, ProcessLookupError):
            return True

    return [child for child in children(pid) if not ended(child)]


class Supervised:
    """A process that is started again whenever it ends, until it is released: what systemd or Docker do (docs/operating.md).

    Celery's worker may end itself when Redis goes away at a bad moment.
    """

    def __init__(self, begin: Callable[[], subprocess.Popen[bytes]]) -> None:
        self.process, self.restarts, self._begin, self._released = begin(), 0, begin, False
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while True:
            self.process.wait()
            if self._released:
                return
            self.restarts += 1
            self.process = self._begin()

    @property
    def pid(self) -> int:
        """The id of the process as it is now."""
        return self.process.pid

    def release(self) -> subprocess.Popen[bytes]:
        """Watch no longer; returns the process, to be ended."""
        self._released = True
        return self.process


def _end_with_us() -> None:
    """In a new process, before its program starts: it ends when whoever started it does, however that ends."""
    LIBC.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


@dataclass
class Site:
    """Everything a production site runs, on loopback. ``start`` first; ``stop`` ends every process."""

    cluster: Cluster
    redis: Any
    room: Path
    mail: PostOffice = field(default_factory=PostOffice)
    web_port: int = field(default_factory=free_port)
    _started: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _supervised: list[Supervised] = field(default_factory=list)
    _people: dict[Any, str] = field(default_factory=dict)
    _eye: psycopg.Connection[Any] | None = None
    _counted: tuple[str, int] | None = None

    # -- the database ------------------------------------------------------------------------------------------

    def fill(self, tests: TestCluster) -> None:
        """Start PostgreSQL and give it what the tests' database has: every table, rule and role, and nothing in them."""
        self.cluster.start()
        self.cluster.drop_database(DATABASE)
        subprocess.run(["umount", str(self.cluster.data.parent / "small")], capture_output=True, check=False)  # of a run cut short
        with self.cluster.superuser() as raw:
            raw.execute("DROP TABLESPACE IF EXISTS small")
            have = {row[0] for row in raw.execute("SELECT rolname FROM pg_roles")}
            if FIXTURE_ROLE not in have:
                raw.execute(f"CREATE ROLE {FIXTURE_ROLE} NOLOGIN INHERIT BYPASSRLS")
        self.cluster.create_database(DATABASE)
        programs = tests.cluster.programs
        own = connections.settings["default"]["NAME"]  # this process's test database, migrated and empty
        dump = subprocess.Popen(
            [programs / "pg_dump", "--no-password", tests.cluster.url(SUPERUSER, own)], stdout=subprocess.PIPE
        )
        done = subprocess.run(
            [programs / "psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", "--no-password", self.url(SUPERUSER)],
            stdin=dump.stdout, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
        if done.returncode or dump.wait():
            raise RuntimeError(f"The faults' database could not be filled: {done.stderr.decode()}")
        with self.superuser() as raw:
            raw.execute(f"GRANT portal_owner TO {FIXTURE_ROLE}; GRANT {FIXTURE_ROLE} TO portal_app")

    def url(self, role: str) -> str:
        """The address of the site's database for that role."""
        return self.cluster.url(role, DATABASE)

    def superuser(self) -> psycopg.Connection[Any]:
        """A connection that sees everything."""
        return self.cluster.superuser(DATABASE)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a superuser gets for that query."""
        for last in (False, True):
            if self._eye is None or self._eye.closed:
                self._eye = self.superuser()
            try:
                return self._eye.execute(query, values or None).fetchall()  # type: ignore[arg-type]
            except psycopg.OperationalError:  # it was ended with all others
                self._eye.close()
                if last:
                    raise
        return []

    def signature(self, concern: Any) -> tuple[Any, ...]:
        """A concern's state, and how many rows each table keeps of it: the whole of what an action left."""
        if not self._counted:
            tables = self.rows(
                "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
                " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.atttypid = 'uuid'::regtype AND NOT a.attisdropped"
                " AND (a.attname = 'concern_id' OR c.relname = 'concerns_concernuserobjectpermission' AND a.attname = 'content_object_id')"
                " ORDER BY 1"
            )
            counts = " UNION ALL ".join(f"SELECT '{t}' AS t, count(*) AS n FROM {t} WHERE {c} = %s" for t, c in tables)
            self._counted = (f"SELECT t, n FROM ({counts}) AS counted WHERE n > 0 ORDER BY 1", len(tables))
        query, number = self._counted
        found = self.rows(query, *[concern] * number)
        ((state,),) = self.rows("SELECT state || ' ' || revision FROM concerns_concern WHERE id = %s", concern)
        return (state, *found)

    def quiet(self) -> None:
        """Wait until no process of the site is inside a transaction: what a killed one had begun is undone."""
        until(
            lambda: not self.rows(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND usename = 'portal_app'"
                " AND pid <> pg_backend_pid() AND state <> 'idle'"
            ),
            "transactions to end",
        )

    def restart_postgres(self) -> None:
        """Start PostgreSQL again after it was killed, on the same port."""
        cluster = self.cluster

        def up() -> bool:
            log = cluster.data / "server.log"
            done = cluster._run(cluster.programs / "pg_ctl", "-D", cluster.data, "-l", log, "-w", "-t", "60", "start", check=False)
            return done.returncode == 0 and cluster._accepts()

        until(up, "PostgreSQL to start again")
        self._eye = None
        connections.close_all()

    # -- the portal's processes ----------------------------------------------------------------------------------

    def environment(self) -> dict[str, str]:
        """What web and workers run with."""
        return {
            **os.environ,
            "DATABASE_URL": self.url("portal_app"),
            "CELERY_BROKER_URL": self.redis.url,
            "CACHE_URL": self.redis.url.replace("redis://", "rediscache://"),
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail.port}",
            "PORTAL_URL": f"http://127.0.0.1:{self.web_port}",
            "PORTAL_LOG_LEVEL": "CRITICAL",
            "PYTHONWARNINGS": "ignore",
        }

    def run(self, *arguments: str, more: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start ``python -m …`` as a part of the site, in a session of its own."""
        with (self.room / f"{arguments[0]}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *arguments], env={**self.environment(), **(more or {})}, cwd=BASE,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, preexec_fn=_end_with_us,  # noqa: PLW1509 (it only makes a system call)
            )  # fmt: skip
        self._started.append(process)
        return process

    def web(self, workers: int = 1) -> subprocess.Popen[bytes]:
        """Start gunicorn: a master that holds the door open, and workers that may be killed."""
        process = self.run(
            "gunicorn", "protocol_portal.wsgi:application", "--preload", "--workers", str(workers), "--worker-class", "gthread",
            "--threads", "4", "--bind", f"127.0.0.1:{self.web_port}", "--timeout", "60", "--graceful-timeout", "1",
            "--log-level", "critical", "--no-control-socket",
        )  # fmt: skip
        until(lambda: process.poll() is None and self.answers(), "the web to answer")
        return process

    def worker(self, processes: int = 1) -> Supervised:
        """Start a Celery worker with that many child processes, kept alive as a service manager does."""

        def begin() -> subprocess.Popen[bytes]:
            return self.run(
                "celery", "-A", "protocol_portal.celery", "worker", "--concurrency", str(processes), "--without-gossip",
                "--without-mingle", "--loglevel", "CRITICAL", "--hostname", f"{len(self._started)}@faults",
            )  # fmt: skip

        kept = Supervised(begin)
        self._supervised.append(kept)
        until(lambda: len(children(kept.pid)) >= processes, "the worker's children")
        return kept

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """End one process of the site, with its children."""
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._started.remove(process)

    def stop(self) -> None:
        """End everything that was started."""
        for kept in self._supervised:
            kept.release()
        for process in list(self._started):
            self.end(process)
        self.mail.close()
        if self._eye:
            self._eye.close()
        connections.close_all()
        self.cluster.stop()

    def wake(self, task: str = "concerns.tasks.deliver_notices", times: int = 1) -> None:
        """Send wake-ups, as beat does each minute."""
        with Celery(broker=self.redis.url, set_as_current=False) as app:
            app.conf.task_ignore_result = True
            for _time in range(times):
                app.send_task(task)

    # -- people ----------------------------------------------------------------------------------------------------

    def cookie(self, person: Person) -> str:
        """The cookies of a signed-in browser of that person."""
        if person.pk not in self._people:
            session = SessionStore()
            session[SESSION_KEY] = str(person.pk)
            session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
            session[HASH_SESSION_KEY] = person.get_session_auth_hash()
            session["used"] = int(time.time()) + 3600
            session.create()
            self._people[person.pk] = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
        return self._people[person.pk]

    def ask(self, method: str, path: str, *, cookie: str = "", answers: dict[str, str] | None = None, patience: float = 30) -> int:
        """The status of one request; 0 when the line broke before an answer came."""
        headers = {"Cookie": cookie, "X-CSRFToken": TOKEN, "Content-Type": "application/x-www-form-urlencoded", "Connection": "close"}
        line = http.client.HTTPConnection("127.0.0.1", self.web_port, timeout=patience)
        try:
            line.request(method, path, urlencode(answers or {}) if method == "POST" else None, headers)
            answer = line.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            line.close()

    def answers(self) -> bool:
        """Whether the web says it is well."""
        return self.ask("GET", "/healthz", patience=5) == 200


def lock_file() -> Any:
    """The one site of this checkout: a second run waits for it."""
    VAR.mkdir(parents=True, exist_ok=True)
    return locked("faults")
