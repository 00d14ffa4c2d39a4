"""Takes a backup: one moment of the database, table by table, each file encrypted before it reaches the disk."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.utils.translation import gettext as _

from protocol_portal.backups import BackupError, content
from protocol_portal.backups.sealing import Sealed, unsealed
from protocol_portal.trail import proof

FORM = 1
MANIFEST = "manifest"


def take(url: str, folder: Path, key: bytes, *, now: datetime) -> dict[str, Any]:
    """Write a backup of the database at ``url`` into ``folder``, which must not be there yet. Returns its manifest.

    Raises BackupError when the role doesn't see everything, or the folder can't be made. Nothing half-written stays.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(_("%(folder)s is there already. Name a new folder for each backup.") % {"folder": folder})
    work = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        work.mkdir(mode=0o700, parents=True)
        with content.connect(url) as connection:
            manifest = _write(connection, work, key, now)
        if folder.exists():
            folder.rmdir()
        work.rename(folder)
    except psycopg.errors.InsufficientPrivilege as error:
        raise BackupError(
            _("The role in PORTAL_BACKUP_URL doesn't see every row. Use portal_backup: it has BYPASSRLS and pg_read_all_data.")
        ) from error
    except OSError as error:
        raise BackupError(_("The backup can't be written: %(why)s.") % {"why": error.strerror}) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return manifest


def _write(connection: psycopg.Connection[Any], work: Path, key: bytes, now: datetime) -> dict[str, Any]:
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    connection.execute(content.STEADY)
    kept = {}
    for name, table in content.tables(connection).items():
        if name in content.LEFT_OUT:
            continue
        with Sealed(work / f"{name}.sealed", name, key) as file:
            kept[name] = content.read(connection, table, file.write)
    if "concerns_concern" not in kept or not kept["councils_person"]["rows"]:
        raise BackupError(_("There is nobody in this database, so there is nothing to keep. Is PORTAL_BACKUP_URL the right one?"))
    verdict = proof.prove(connection)
    heads = connection.execute("SELECT council_id::text, max(seq) FROM concerns_trailanchor GROUP BY 1 ORDER BY 1").fetchall()
    manifest = {
        "form": FORM,
        "made_at": now.isoformat(),
        "server": connection.info.server_version,
        "migrations": content.migrations(connection),
        "tables": kept,
        "sequences": content.sequences(connection),
        "trail": {
            "concerns": verdict.concerns, "events": verdict.events, "anchors": verdict.anchors, "renewals": verdict.renewals,
            "findings": sorted(str(finding.fault) for finding in verdict.found), "heads": [list(row) for row in heads],
        },
    }  # fmt: skip
    with Sealed(work / f"{MANIFEST}.sealed", MANIFEST, key) as file:
        file.write(json.dumps(manifest, sort_keys=True).encode())
    return manifest


def manifest_of(folder: Path, keys: Sequence[bytes]) -> dict[str, Any]:
    """The manifest of a backup. Raises BackupError when the folder holds none that can be read."""
    if not (folder / f"{MANIFEST}.sealed").is_file():
        raise BackupError(_("%(folder)s holds no backup.") % {"folder": folder})
    manifest = json.loads(b"".join(unsealed(folder / f"{MANIFEST}.sealed", MANIFEST, keys)))
    if manifest.get("form") != FORM:
        raise BackupError(_("This backup was made by another release, in a form that this one doesn't read. Restore it with that release."))
    return dict(manifest)
