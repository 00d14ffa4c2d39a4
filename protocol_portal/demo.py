"""``make demo``: the whole portal on one machine, with nothing to set up.

A private PostgreSQL (the runtime role has no ownership and no way round row-level security, as in production), the
migrations as the owning role, five demo councils, and web, worker and beat in one process.
"""

from __future__ import annotations

import argparse
import base64
import errno
import hashlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from pathlib import Path
from threading import Thread
from typing import Any

from cryptography.fernet import Fernet

from protocol_portal.embedded import BASE, ROLES_SQL, VAR, Cluster, EmbeddedError

DATABASE = "portal"


def keys() -> dict[str, str]:
    """Return the demo's secrets, each made once and kept in ``var/demo-keys.json``."""
    kept = VAR / "demo-keys.json"
    have: dict[str, str] = json.loads(kept.read_text()) if kept.exists() else {}
    made = {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "PORTAL_FIELD_KEYS": Fernet.generate_key().decode(),
        "PORTAL_BACKUP_KEYS": Fernet.generate_key().decode(),
        "PORTAL_DIGEST_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    if made.keys() - have.keys():
        fresh = kept.with_suffix(f".{os.getpid()}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
            json.dump(made | have, handle)
        fresh.replace(kept)
    return made | have


def require_free(port: int) -> None:
    """Stop with a clear message when something already listens on ``port``."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as problem:
            taken = getattr(problem, "errno", None) == errno.EADDRINUSE
            why = "is in use by another program" if taken else f"can't be used ({problem})"
            raise SystemExit(f"Port {port} {why}. Choose another one: make demo PORT=8001") from None


def environment(cluster: Cluster, port: int) -> dict[str, str]:
    """Return the variables that the demo runs with."""
    return {
        "PORTAL_MODE": "demo",
        "PORTAL_VAR": str(VAR),
        "DJANGO_SETTINGS_MODULE": "protocol_portal.settings",
        "DATABASE_URL": cluster.url("portal_app", DATABASE),
        "DATABASE_OWNER_URL": cluster.url("portal_owner", DATABASE),
        "PORTAL_BACKUP_URL": cluster.url("portal_backup", DATABASE),
        "PORTAL_DIGEST_DIR": str(VAR / "digests"),
        "PORTAL_URL": f"http://127.0.0.1:{port}",
        "CSRF_TRUSTED_ORIGINS": f"http://127.0.0.1:{port},http://localhost:{port}",
        **keys(),
    }


def fingerprint(*patterns: str) -> str:
    """Return a hash over the names and contents of the files that match ``patterns``."""
    digest = hashlib.sha256()
    for pattern in patterns:
        for path in sorted(path for path in BASE.glob(pattern) if path.is_file()):
            digest.update(str(path.relative_to(BASE)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def manage(*arguments: str, owner: bool = False, quiet: bool = True) -> str:
    """Run a management command with the demo's environment; returns what it printed. Stops the demo when it fails."""
    done = subprocess.run(
        [sys.executable, str(BASE / "manage.py"), *arguments],
        env={**os.environ, "PORTAL_DB_ROLE": "owner" if owner else "app"},
        cwd=BASE,
        capture_output=quiet,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"manage.py {' '.join(arguments)} failed:\n{(done.stdout or '') + (done.stderr or '')}")
    return done.stdout or ""


def prepare(cluster: Cluster) -> None:
    """Migrate as the owner, load the demo cast and begin its cases, each only when something has changed since the last time.

    A migration that was applied and has since been edited can't be followed: the demo's database is then made anew.
    """
    stamps = VAR / "demo-stamps.json"
    kept: dict[str, Any] = json.loads(stamps.read_text()) if stamps.exists() else {}
    migrations = {
        str(path.relative_to(BASE)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(BASE.glob("*/migrations/*.py"))
    }
    before = kept.get("migrations", {})
    if any(migrations.get(name) != digest for name, digest in before.items()):
        print("The database's design was changed: making the demo database anew …", flush=True)
        cluster.drop_database(DATABASE)
        cluster.create_database(DATABASE)
        kept = {}
    schema = fingerprint("*/migrations/*", "requirements.txt", "protocol_portal/roles.sql")
    if kept.get("schema") != schema:
        print("Preparing the database …", flush=True)
        with cluster.superuser(DATABASE) as connection:
            connection.execute(ROLES_SQL.read_bytes())
        manage("migrate", "--no-input", owner=True)
        kept |= {"schema": schema, "migrations": migrations}
        stamps.write_text(json.dumps(kept))
    cast = fingerprint("fixtures/**/*.yaml", "councils/management/commands/demo_cast.py")
    if kept.get("cast") != cast:
        print("Loading the demo councils and their people …", flush=True)
        manage("demo_cast")
        kept |= {"cast": cast, "list": manage("demo_cast", "--list")}
        stamps.write_text(json.dumps(kept))
    cases = fingerprint("fixtures/cases/*.yaml", "grievances/management/commands/demo_cases.py")
    if kept.get("cases") != cases:
        print("Beginning the invented grievances …", flush=True)
        manage("demo_cases")
        kept |= {"cases": cases}
        stamps.write_text(json.dumps(kept))
    year = fingerprint("fixtures/years/*.yaml", "reporting/management/commands/demo_year.py")
    if kept.get("year") != year:
        print("Making an invented year of concerns, for its report …", flush=True)
        manage("demo_year")
        kept |= {"year": year}
        stamps.write_text(json.dumps(kept))
    keepers = fingerprint("rights/management/commands/demo_rights.py")
    if kept.get("keepers") != keepers:
        manage("demo_rights")
        kept |= {"keepers": keepers}
        stamps.write_text(json.dumps(kept))


def background() -> None:
    """Start Celery's worker and beat as threads of this process; the broker is this process's memory."""
    from celery.beat import EmbeddedService

    from protocol_portal.celery import app

    app.set_default()
    app.set_current()
    app.finalize()
    app.loader.import_default_modules()
    worker = app.WorkController(
        app=app, hostname="demo@localhost", concurrency=1, pool="solo", loglevel="ERROR",
        without_heartbeat=True, without_mingle=True, without_gossip=True,
    )  # fmt: skip
    Thread(target=worker.start, name="worker", daemon=True).start()
    EmbeddedService(app, thread=True, scheduler_cls="celery.beat:Scheduler", max_interval=1).start()


def welcome(port: int) -> str:
    """Return what is printed once the portal answers."""
    stamps = VAR / "demo-stamps.json"
    people = str(json.loads(stamps.read_text()).get("list", "")).rstrip()
    return (
        f"\n{people}\n\nProtocol Portal is at http://127.0.0.1:{port}\n"
        f"Mail it sends is written to {VAR / 'mail'}\nCtrl-C stops everything.\n"
    )


def serve(port: int) -> None:
    """Serve until a signal ends it."""
    from gunicorn.app.base import BaseApplication

    class Demo(BaseApplication):  # type: ignore[misc]
        """gunicorn with one worker process and threads."""

        def load_config(self) -> None:
            """Set what gunicorn is to do."""
            options: dict[str, Any] = {
                "bind": f"127.0.0.1:{port}",
                "workers": 1,
                "worker_class": "gthread",
                "threads": 8,
                "timeout": 120,
                "graceful_timeout": 2,
                "loglevel": "error",
                "control_socket_disable": True,
                "post_worker_init": self.begin,
            }
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            """Return the WSGI application."""
            from protocol_portal.wsgi import application

            return application

        @staticmethod
        def begin(worker: Any) -> None:
            """Start the background threads in the process that serves."""
            background()
            print(welcome(port), flush=True)

    sys.argv = sys.argv[:1]
    Demo().run()


def on_the_demo(port: int, command: list[str]) -> int:
    """Run a management command with the running demo's environment, as its operator would; returns its exit status."""
    if claim():
        raise SystemExit("No demo of this checkout is running. Start it with: make demo")
    os.environ.update(environment(Cluster("demo"), port))
    return subprocess.run([sys.executable, str(BASE / "manage.py"), *command], cwd=Path.cwd(), check=False).returncode


def main() -> int:
    """Run the demo; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--prepare", action="store_true", help="set up the database and stop")
    parser.add_argument("--remove", action="store_true", help="stop and delete every private PostgreSQL of this checkout")
    parser.add_argument("--manage", nargs=argparse.REMAINDER, metavar="COMMAND", help="run a management command on the demo that is running")
    options = parser.parse_args()
    if options.manage:
        return on_the_demo(options.port, options.manage)
    if options.remove:
        for record in VAR.glob("pg-*.json"):
            Cluster(record.stem.removeprefix("pg-")).remove()
        return 0
    require_free(options.port)
    VAR.mkdir(parents=True, exist_ok=True)
    (VAR / "mail").mkdir(exist_ok=True)
    if not options.prepare and not claim():
        raise SystemExit("A demo of this checkout is already running. Stop it first, or set PORTAL_VAR to another directory.")
    # a signal at any moment from here on must still stop the database
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        cluster = Cluster("demo")
        print("Starting a private PostgreSQL …", flush=True)
        cluster.start()
        if cluster.create_database(DATABASE):
            (VAR / "demo-stamps.json").unlink(missing_ok=True)
        os.environ.update(environment(cluster, options.port))
        prepare(cluster)
        if not options.prepare:
            serve(options.port)
    except EmbeddedError as problem:
        print(problem, file=sys.stderr)
        return 1
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return end.code if isinstance(end.code, int) else 1 if end.code else 0
    finally:
        if _parent == os.getpid():
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            cluster.stop()
    return 0


_claim: Any = None
_parent = os.getpid()


def claim() -> bool:
    """Take this checkout's demo for this process; returns False when another process has it."""
    import fcntl

    global _claim
    _claim = Path(VAR / "demo.lock").open("w")  # noqa: SIM115 (held until the process ends)
    try:
        fcntl.flock(_claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
