"""What must not be undone by a restore: exclusions, erasures, ended access, and mail that was sent.

A ledger is a small encrypted file, taken every few minutes and kept with the backups. A restore of last night's backup puts into
force what the ledger says: who is excluded stays out, what was erased stays gone, nobody is written to twice.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.utils.translation import gettext as _
from psycopg import sql

from protocol_portal.backups import BackupError, content
from protocol_portal.backups.sealing import Sealed, unsealed

NAME = "ledger"
FORM = 1
GRANTS = "concerns_concernuserobjectpermission"


@dataclass(frozen=True)
class Section:
    """One part of a ledger: what is taken, and how it is put into force again (``l`` is what was taken)."""

    name: str
    table: str
    taken: str
    force: tuple[str, ...]
    quiet: bool = False  # put in as it was, past the triggers that would write it anew


DESTROYED = "SELECT disposal_id FROM rights_tombstone"
SECTIONS = (
    # what two persons destroyed: their decision, its line, the tombstone, and where the chains ended; then ``erased`` takes the rest away
    Section(
        "disposals",
        "rights_disposal",
        f"SELECT * FROM rights_disposal WHERE id IN ({DESTROYED})",  # noqa: S608 - fixed words
        (
            "INSERT INTO rights_disposal AS d SELECT * FROM l ON CONFLICT (id) DO UPDATE SET state = excluded.state, asked_by_id = excluded.asked_by_id, "
            "asked_at = excluded.asked_at, done_by_id = excluded.done_by_id, done_at = excluded.done_at, updated_at = excluded.updated_at, revision = excluded.revision",
        ),
        quiet=True,
    ),
    Section("tombstones", "rights_tombstone", "SELECT * FROM rights_tombstone", ("INSERT INTO rights_tombstone SELECT * FROM l ON CONFLICT DO NOTHING",), quiet=True),
    Section(
        "disposal lines",
        "rights_line",
        f"SELECT * FROM rights_line WHERE about_id IN ({DESTROYED})",  # noqa: S608 - fixed words
        ("INSERT INTO rights_line SELECT * FROM l ON CONFLICT DO NOTHING",),
        quiet=True,
    ),
    Section(
        "ended chains",
        "concerns_trailhead",
        f"SELECT * FROM concerns_trailhead WHERE concern_id IN ({DESTROYED} UNION SELECT case_id FROM rights_tombstone)",  # noqa: S608 - fixed words
        (
            "INSERT INTO concerns_trailhead AS h SELECT concern_id, council_id, seq, hash, renewals, renewed, false FROM l ON CONFLICT (concern_id) DO UPDATE "
            "SET seq = excluded.seq, hash = excluded.hash, renewals = excluded.renewals, renewed = excluded.renewed, anchored = false",
        ),
        quiet=True,
    ),
    Section("erased", "concerns_erasure", "SELECT * FROM concerns_erasure", ()),  # by _erase
    Section(
        "excluded",
        "concerns_exclusion",
        "SELECT * FROM concerns_exclusion",
        (
            "INSERT INTO concerns_exclusion SELECT l.* FROM l JOIN concerns_concern c ON c.id = l.concern_id "
            "JOIN councils_person p ON p.id = l.person_id ON CONFLICT DO NOTHING",
        ),
    ),
    Section(
        "ended parts",
        "concerns_participation",
        "SELECT id, until, ended_by_id, ended_reason FROM concerns_participation WHERE until IS NOT NULL",
        (
            "UPDATE concerns_participation p SET until = l.until, ended_by_id = l.ended_by_id, ended_reason = l.ended_reason "
            "FROM l WHERE l.id = p.id AND p.until IS NULL AND (l.ended_by_id IS NULL OR EXISTS (SELECT FROM councils_person x WHERE x.id = l.ended_by_id))",
            "DELETE FROM concerns_concernuserobjectpermission g USING concerns_participation p, l WHERE l.id = p.id AND p.concern_id = g.content_object_id AND p.person_id = g.user_id "
            "AND NOT EXISTS (SELECT FROM concerns_participation o WHERE o.concern_id = p.concern_id AND o.person_id = p.person_id AND o.until IS NULL)",
        ),
    ),
    Section(
        "ended appointments",
        "councils_appointment",
        "SELECT id, ends_on FROM councils_appointment WHERE ends_on IS NOT NULL",
        ("UPDATE councils_appointment a SET ends_on = l.ends_on FROM l WHERE l.id = a.id AND (a.ends_on IS NULL OR a.ends_on > l.ends_on)",),
    ),
    Section(
        "closed accounts",
        "councils_person",
        "SELECT id FROM councils_person WHERE NOT is_active",
        ("UPDATE councils_person p SET is_active = false FROM l WHERE l.id = p.id AND p.is_active",),
    ),
    Section(
        "sent",
        "concerns_notice",
        "SELECT id, sent_at FROM concerns_notice WHERE sent_at IS NOT NULL",
        ("UPDATE concerns_notice n SET sent_at = l.sent_at, claimed_until = NULL, failed_at = NULL FROM l WHERE l.id = n.id AND n.sent_at IS NULL",),
    ),
    Section(
        "reminded",
        "clocks_obligation",
        "SELECT id, reminded_step, reminded_upto, escalated_step, escalated_at, next_reminder_at, silent_since FROM clocks_obligation "
        "WHERE reminded_upto IS NOT NULL OR escalated_step > 0",
        (
            "UPDATE clocks_obligation o SET reminded_step = l.reminded_step, reminded_upto = l.reminded_upto, escalated_step = l.escalated_step, "
            "escalated_at = l.escalated_at, next_reminder_at = l.next_reminder_at, silent_since = l.silent_since FROM l WHERE l.id = o.id "
            "AND coalesce(o.reminded_upto, '-infinity') <= coalesce(l.reminded_upto, '-infinity')",
        ),
    ),
)

#: Rows that hang on a concern's by a link and don't name it themselves.
HANGING = """
WITH naming AS (SELECT c.oid, c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'concern_id' AND NOT a.attisdropped
  WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace)
SELECT k.conrelid::regclass::text, ca.attname, n.relname, pa.attname FROM pg_constraint k JOIN naming n ON n.oid = k.confrelid
  JOIN pg_attribute ca ON ca.attrelid = k.conrelid AND ca.attnum = k.conkey[1] JOIN pg_attribute pa ON pa.attrelid = k.confrelid AND pa.attnum = k.confkey[1]
 WHERE k.contype = 'f' AND k.conrelid NOT IN (SELECT m.oid FROM naming m)
"""
TAKEN_ALONG = "UPDATE rights_subjectrequest SET package = NULL WHERE id IN (SELECT request_id FROM rights_exportitem WHERE case_id = ANY (%s))"


def take(url: str, file: Path, key: bytes, *, now: datetime) -> dict[str, int]:
    """Write the ledger of the database at ``url`` to ``file``, in place of the one before. Returns how much each part holds."""
    parts, counts = {}, {}
    with content.connect(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.execute(content.STEADY)
        for section in SECTIONS:
            if _there(connection, section.table):
                with connection.cursor() as cursor, cursor.copy(f"COPY ({section.taken}) TO STDOUT") as copy:
                    parts[section.name] = b"".join(bytes(part) for part in copy).decode()
                counts[section.name] = parts[section.name].count("\n")
        body = {"form": FORM, "made_at": now.isoformat(), "migrations": content.migrations(connection), "parts": parts}
    fresh = file.with_name(f".{file.name}.{now.timestamp():.0f}")
    try:
        fresh.unlink(missing_ok=True)
        with Sealed(fresh, NAME, key) as sealed:
            sealed.write(json.dumps(body).encode())
        fresh.replace(file)
    except OSError as error:
        raise BackupError(_("The ledger can't be written: %(why)s.") % {"why": error.strerror}) from error
    return counts


def read(file: Path, keys: Sequence[bytes]) -> dict[str, Any]:
    """A ledger, as ``put_into_force`` takes it. Raises BackupError."""
    body = json.loads(b"".join(unsealed(file, NAME, keys)))
    if body.get("form") != FORM:
        raise BackupError(_("This ledger was made by another release, in a form that this one doesn't read."))
    return dict(body)


def put_into_force(connection: psycopg.Connection[Any], ledger: dict[str, Any], *, manifest: dict[str, Any]) -> dict[str, int]:
    """Make what the ledger says true of a restored database, in the caller's transaction. Returns how many rows each part changed.

    Raises BackupError when it was made before the backup, or by another release.
    """
    if ledger["made_at"] < manifest["made_at"]:
        raise BackupError(_("The ledger is older than the backup. Give the latest one."))
    if ledger["migrations"] != manifest["migrations"]:
        raise BackupError(_("The ledger was made by another release than the backup. Take a backup right after each upgrade, and give the ledger that belongs to it."))
    done: dict[str, int] = {}
    for section in SECTIONS:
        if section.name not in ledger["parts"]:
            continue
        connection.execute(f"CREATE TEMP TABLE l ON COMMIT DROP AS {section.taken} LIMIT 0")
        with connection.cursor() as cursor, cursor.copy("COPY l FROM STDIN") as copy:
            copy.write(ledger["parts"][section.name].encode())
        done[section.name] = _erase(connection) if section.name == "erased" else 0
        if section.quiet:
            connection.execute("SET LOCAL session_replication_role = replica")
        for number, statement in enumerate(section.force):
            changed = connection.execute(statement).rowcount  # type: ignore[arg-type]
            done[section.name] += 0 if number else changed
        if section.quiet:
            connection.execute("SET LOCAL session_replication_role = origin")
        connection.execute("DROP TABLE l")
    return done


def _erase(connection: psycopg.Connection[Any]) -> int:
    """Take away what the erasures in ``l`` name, with all that hangs on it; keep them written down."""
    before = connection.execute("SELECT count(*) FROM l WHERE id NOT IN (SELECT id FROM concerns_erasure)").fetchone()[0]
    purged = [row[0] for row in connection.execute(
        "SELECT c.id FROM l JOIN concerns_concern c ON c.id = l.row_id WHERE l.kind = 'purged' AND c.state <> 'REDIRECTED'"
    )]  # fmt: skip
    connection.execute("SET LOCAL session_replication_role = replica")
    gone = [row[0] for row in connection.execute("SELECT row_id FROM l WHERE kind = 'concerns_concern'")]
    for child, column, parent, key in connection.execute(HANGING).fetchall():
        statement = sql.SQL("DELETE FROM {} x USING {} p WHERE x.{} = p.{} AND p.concern_id = ANY (%s)")
        connection.execute(statement.format(*(sql.Identifier(name) for name in (child, parent, column, key))), [gone])
    for table in _naming_a_concern(connection):
        connection.execute(sql.SQL("DELETE FROM {} WHERE concern_id = ANY (%s)").format(sql.Identifier(table)), [gone])
    connection.execute(TAKEN_ALONG, [gone])
    connection.execute("DELETE FROM rights_exportitem WHERE case_id = ANY (%s)", [gone])
    connection.execute("DELETE FROM rights_legalhold WHERE case_id = ANY (%s)", [gone])
    connection.execute("DELETE FROM concerns_event WHERE concern_id IN (SELECT case_id FROM rights_tombstone)")
    connection.execute("UPDATE concerns_concern SET successor_of_id = NULL WHERE successor_of_id = ANY (%s)", [gone])
    connection.execute(f"DELETE FROM {GRANTS} WHERE content_object_id = ANY (%s)", [gone])  # noqa: S608 - fixed words
    connection.execute("DELETE FROM concerns_concern WHERE id = ANY (%s)", [gone])
    connection.execute("DELETE FROM concerns_narrative n USING l WHERE l.kind = 'concerns_narrative' AND l.row_id = n.concern_id")
    for table in ("concerns_documentopening", "concerns_disclosedcopy"):
        connection.execute(f"DELETE FROM {table} t USING l WHERE l.kind = 'concerns_document' AND l.row_id = t.document_id")  # noqa: S608
    connection.execute("DELETE FROM concerns_document d USING l WHERE l.kind = 'concerns_document' AND l.row_id = d.id")
    connection.execute("UPDATE concerns_concern SET state = 'REDIRECTED' WHERE id = ANY (%s)", [purged])
    connection.execute("INSERT INTO concerns_erasure SELECT * FROM l ON CONFLICT DO NOTHING")
    connection.execute("SET LOCAL session_replication_role = origin")
    # the same triggers that emptied it then; they listen for the column, not for a change of it
    connection.execute("UPDATE concerns_concern SET state = state WHERE id = ANY (%s)", [purged])
    return int(before)


def _naming_a_concern(connection: psycopg.Connection[Any]) -> list[str]:
    """Tables whose rows belong to a concern and go with it; the trail stays."""
    rows = connection.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'concern_id' AND NOT a.attisdropped "
        "WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'concerns_event' AND c.relname NOT LIKE 'concerns\\_trail%'"
    )
    return [row[0] for row in rows]


def _there(connection: psycopg.Connection[Any], table: str) -> bool:
    return bool(connection.execute("SELECT to_regclass(%s) IS NOT NULL", [table]).fetchone()[0])
