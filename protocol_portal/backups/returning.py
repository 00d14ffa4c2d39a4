"""Restores a backup into an empty database, in one transaction: what doesn't come back whole doesn't come back at all."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import psycopg
from django.apps import apps
from django.utils.translation import gettext as _
from psycopg import sql

from concerns.models.encrypted import EncryptedBinaryField, UnreadableField, decrypt
from concerns.models.files import StoredFile
from protocol_portal.backups import BackupError, content, ledger
from protocol_portal.backups.sealing import unsealed
from protocol_portal.backups.taking import manifest_of
from protocol_portal.embedded import BASE, ROLES_SQL
from protocol_portal.trail import proof

SAMPLE = 5  # values of each encrypted column
GRANTS = ledger.GRANTS


@dataclass
class Restored:
    """What came back, and what was put into force afterwards."""

    rows: int = 0
    concerns: int = 0
    tables: int = 0
    reapplied: dict[str, int] = field(default_factory=dict)
    held: int = 0
    decrypted: int = 0
    trail: proof.Verdict = field(default_factory=proof.Verdict)


def restore(
    folder: Path, url: str, keys: Sequence[bytes], *, now: datetime, since: dict[str, Any] | None = None, say: Callable[[str], object] = str,
    sound: bool = False,
) -> Restored:  # fmt: skip
    """Restore the backup in ``folder`` into the database that ``url`` names as a superuser; made if it isn't there.

    ``since``: the ledger (``ledger.read``); ``sound``: a trail that wasn't sound when the backup was taken is refused too.
    Raises BackupError, and leaves the database empty, when anything differs from the manifest: a count, a checksum, the
    trail; when there are no concerns; or when what is encrypted can't be read.
    """
    manifest = manifest_of(folder, keys)
    _prepare(url, say)
    with closing(content.connect(url)) as connection:
        done = Restored()
        try:
            with connection.transaction():
                connection.execute(content.STEADY)
                _fits(connection, manifest)
                say(_("Reading the backup of %(when)s …") % {"when": manifest["made_at"]})
                _fill(connection, folder, keys, manifest)
                _compare(connection, manifest, done)
                done.decrypted = sample(connection)
                _into_force(connection, manifest, since, now, done)
                done.trail = proof.prove(connection)
                if sound and not done.trail.sound:
                    raise BackupError(_("The backup is whole, but the trail in it isn't sound: %(first)s") % {"first": done.trail.found[0]})
                if not done.trail.sound and sorted(str(one.fault) for one in done.trail.found) != manifest["trail"]["findings"]:
                    raise BackupError(_("The trail came back changed: %(first)s") % {"first": done.trail.found[0]})
        except psycopg.errors.InsufficientPrivilege as error:
            raise BackupError(_("A restore needs a superuser of the server it restores to.")) from error
    return done


def _prepare(url: str, say: Callable[[str], object]) -> None:
    """The database is there, with the roles, and the tables as this release makes them."""
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    try:
        with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True, connect_timeout=10) as server:
            if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                say(_("Making the database …"))
                server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        with psycopg.connect(url, autocommit=True) as connection:
            made = connection.execute("SELECT to_regclass('public.django_migrations') IS NOT NULL").fetchone()[0]
            connection.execute(ROLES_SQL.read_bytes())
            connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO portal_owner").format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise BackupError(_("A restore needs a superuser of the server it restores to.")) from error
    except psycopg.Error as error:
        raise BackupError(_("The database can't be reached: %(why)s") % {"why": str(error).strip().splitlines()[0]}) from None
    if made:
        return
    say(_("Making the tables …"))
    as_owner = f"{parts.query}&" if parts.query else ""
    owner = urlunsplit(parts._replace(query=f"{as_owner}options={quote('-c role=portal_owner')}"))
    done = subprocess.run(
        [sys.executable, str(BASE / "manage.py"), "migrate", "--no-input", "--verbosity", "0"],
        env={**os.environ, "PORTAL_DB_ROLE": "owner", "DATABASE_OWNER_URL": owner, "DJANGO_SETTINGS_MODULE": "protocol_portal.settings"},
        cwd=BASE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise BackupError(_("The tables can't be made: %(why)s") % {"why": (done.stderr.strip().splitlines() or ["?"])[-1]})


def _fits(connection: psycopg.Connection[Any], manifest: dict[str, Any]) -> None:
    """The database is empty, and of the release that made the backup."""
    here, there = {tuple(one) for one in content.migrations(connection)}, {tuple(one) for one in manifest["migrations"]}
    if here != there:
        newer = ", ".join(".".join(one) for one in sorted(there - here)[:3] or sorted(here - there)[:3])
        raise BackupError(
            _("The backup and this release have different tables (%(which)s). Restore with the release that made the backup, then upgrade.") % {"which": newer}
        )
    for name, table in content.tables(connection).items():
        if [list(column) for column in table.columns] != manifest["tables"].get(name, {"columns": None})["columns"] and name not in content.LEFT_OUT:
            raise BackupError(_("The backup and this release have different columns in %(table)s.") % {"table": name})
        full = name not in content.BY_MIGRATIONS and connection.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(name))).fetchone()[0]
        if full:
            raise BackupError(_("The database isn't empty (%(table)s has rows). Restore into a new one; nothing was changed.") % {"table": name})


def _fill(connection: psycopg.Connection[Any], folder: Path, keys: Sequence[bytes], manifest: dict[str, Any]) -> None:
    connection.execute("SET LOCAL session_replication_role = replica")  # the rows are as they were: no trigger adds to them
    tables = content.tables(connection)
    made = sql.SQL(", ").join(sql.Identifier(name) for name in content.BY_MIGRATIONS)
    connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(made))
    for name in sorted(manifest["tables"]):
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(name), tables[name].names)
        try:
            with connection.cursor() as cursor, cursor.copy(statement) as copy:
                for part in unsealed(folder / f"{name}.sealed", name, keys):
                    copy.write(part)
        except psycopg.DataError as error:
            raise BackupError(_("%(table)s can't be read back.") % {"table": name}) from error
    for name, value in manifest["sequences"].items():
        connection.execute("SELECT setval(%s::regclass, %s)", [f"public.{name}", value])
    connection.execute("SET LOCAL session_replication_role = origin")


def _compare(connection: psycopg.Connection[Any], manifest: dict[str, Any], done: Restored) -> None:
    """Every table is copied out again: as many rows, and the same checksum, as when the backup was taken."""
    tables = content.tables(connection)
    for name, wanted in manifest["tables"].items():
        found = content.read(connection, tables[name])
        if (found["rows"], found["sha256"]) != (wanted["rows"], wanted["sha256"]):
            raise BackupError(
                _("%(table)s came back different: %(found)d rows of %(wanted)d.") % {"table": name, "found": found["rows"], "wanted": wanted["rows"]}
            )
        done.tables, done.rows = done.tables + 1, done.rows + found["rows"]
    done.concerns = manifest["tables"]["concerns_concern"]["rows"]
    if not done.concerns:
        raise BackupError(_("The backup holds 0 concerns: it was taken by a role that doesn't see them, or of the wrong database."))


def sample(connection: psycopg.Connection[Any]) -> int:
    """Decrypt some of every encrypted column, and check files against their checksums. Returns how many; raises BackupError."""
    done = 0
    for model in apps.get_models():
        table, key = sql.Identifier(model._meta.db_table), sql.Identifier(model._meta.pk.column)
        for name in [f.column for f in model._meta.concrete_fields if isinstance(f, EncryptedBinaryField)]:
            is_file = issubclass(model, StoredFile) and name == "content"
            rows = connection.execute(
                sql.SQL("SELECT {0}, {3} FROM {1} WHERE {2} IN (SELECT {2} FROM {1} WHERE {0} IS NOT NULL ORDER BY random() LIMIT %s)").format(
                    sql.Identifier(name), table, key, sql.Identifier("sha256") if is_file else sql.SQL("NULL")
                ),
                [SAMPLE],
            ).fetchall()
            for value, checksum in rows:
                try:
                    plain = decrypt(value)
                except UnreadableField as error:
                    raise BackupError(
                        _("%(table)s can't be decrypted with PORTAL_FIELD_KEYS. Give the keys that were in force when the backup was taken.")
                        % {"table": model._meta.db_table}
                    ) from error
                if checksum is not None and hashlib.sha256(plain).hexdigest() != checksum:
                    raise BackupError(_("A file in %(table)s isn't the one that was added.") % {"table": model._meta.db_table})
                done += 1
    if not done:
        raise BackupError(_("There is nothing encrypted in the backup to try the keys on."))
    return done


def _into_force(connection: psycopg.Connection[Any], manifest: dict[str, Any], since: dict[str, Any] | None, now: datetime, done: Restored) -> None:
    """What was decided since stays decided; nobody who is excluded has access; no mail goes out twice."""
    if since is not None:
        done.reapplied = ledger.put_into_force(connection, since, manifest=manifest)
    else:
        # Whether these were sent after the backup nobody knows: they wait, in sight of the concern's owner.
        done.held = connection.execute(
            "UPDATE concerns_notice SET failed_at = %s, claimed_until = NULL, last_error = 'Restored' WHERE sent_at IS NULL AND failed_at IS NULL", [now]
        ).rowcount
    lingering = connection.execute(
        f"DELETE FROM {GRANTS} g USING concerns_exclusion x WHERE x.concern_id = g.content_object_id AND x.person_id = g.user_id"  # noqa: S608 - fixed words
    ).rowcount
    done.reapplied["grants of excluded people"] = lingering
