"""The tests' PostgreSQL: one private cluster a checkout, one database a pytest worker, copied from a migrated template.

Databases are owned by portal_owner and migrated as that role; tests connect as portal_app, so that row-level security is
up in every test.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from typing import IO

from psycopg import sql

from protocol_portal.demo import fingerprint
from protocol_portal.embedded import BASE, VAR, Cluster, locked

#: What set-up may become inside a test, to write rows that no person may write: no superuser, but past the second wall.
FIXTURE_ROLE = "portal_fixture"
SOURCES = (
    "*/migrations/*.py", "councils/models/*.py", "concerns/models/*.py", "*/*.sql", "*/migrations/*.sql", "*/apps.py",
    "concerns/enums.py", "concerns/policy.py", "requirements.txt", "tests/cluster.py", "protocol_portal/settings.py",
)  # fmt: skip


def _alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


class TestCluster:
    """The cluster as one pytest process uses it."""

    __test__ = False

    def __init__(self) -> None:
        self.cluster = Cluster("test", durable=False)
        self._use: IO[str] | None = None

    def join(self) -> None:
        """Start the cluster, or use the one that runs, and count as one of its users until leave()."""
        with locked("test-users"):
            self._use = (VAR / "test-cluster.users").open("w")
            fcntl.flock(self._use, fcntl.LOCK_SH)
            self.cluster.start()

    def leave(self) -> None:
        """Stop the cluster if nobody else uses it."""
        if self._use is None:
            return
        with locked("test-users"):
            try:
                fcntl.flock(self._use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                pass
            else:
                self.cluster.stop()
            finally:
                self._use.close()
                self._use = None

    def make_database(self, name: str) -> None:
        """Make ``name`` as a copy of the migrated template, which is made first if the sources have changed."""
        template = f"template_{fingerprint(*SOURCES)[:16]}"
        with locked("test-template"):
            existing = self.cluster.databases()
            for old in existing:
                stale_run = old.startswith("test_") and not _alive(old.split("_")[1])
                if stale_run or old == "building" or (old.startswith("template_") and old != template):
                    self.cluster.drop_database(old)
            if template not in existing:
                self._build(template)
            self.cluster.drop_database(name)
            self.cluster.create_database(name, template=template)

    def _build(self, template: str) -> None:
        self.cluster.create_database("building")
        with self.cluster.superuser("building") as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [FIXTURE_ROLE]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN INHERIT BYPASSRLS").format(sql.Identifier(FIXTURE_ROLE)))
            connection.execute(sql.SQL("GRANT portal_owner TO {}").format(sql.Identifier(FIXTURE_ROLE)))
            connection.execute(sql.SQL("GRANT {} TO portal_app").format(sql.Identifier(FIXTURE_ROLE)))
        done = subprocess.run(
            [sys.executable, str(BASE / "manage.py"), "migrate", "--no-input", "--verbosity", "0"],
            env={**os.environ, "PORTAL_DB_ROLE": "owner", "DATABASE_OWNER_URL": self.cluster.url("portal_owner", "building")},
            cwd=BASE, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"The test database could not be migrated:\n{done.stdout}{done.stderr}")
        with self.cluster.superuser() as connection:
            connection.execute(sql.SQL("ALTER DATABASE building RENAME TO {}").format(sql.Identifier(template)))

    def empty(self, name: str) -> None:
        """Empty every table of ``name``, as a superuser, except what migrations put there; for tests that commit."""
        with self.cluster.superuser(name) as connection:
            kept = ("django_migrations", "django_content_type", "auth_permission")
            rows = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL (%s)", [list(kept)]
            ).fetchall()
            connection.execute("SET lock_timeout = '20s'; SET session_replication_role = 'replica'")
            full = [row[0] for row in rows if connection.execute(
                sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(row[0]))
            ).fetchone()[0]]  # type: ignore[index]  # fmt: skip
            if full:
                tables = sql.SQL(", ").join(sql.Identifier(table) for table in full)
                connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(tables))
