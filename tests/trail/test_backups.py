"""A backup comes back whole, encrypted in between, with what was decided since; anything else is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from concerns.enums import Action
from protocol_portal.backups import BackupError, drill, ledger, returning, sealing, taking
from protocol_portal.embedded import SUPERUSER
from rights import tasks as rights_tasks
from rights.actions import keeping, purging
from rights.models import Disposal
from tests.cluster import TestCluster
from tests.concerns.answers import answers_for
from tests.factories import kept
from tests.factories.concerns import CANARY, NOW, by, do, draft, lodge
from tests.factories.councils import Town

KEY = sealing.new_key()
KEYS = sealing.keys_from([KEY])


@dataclass
class World:
    """A committed town with three concerns, its backup, its ledger, and empty databases to restore to."""

    cluster: TestCluster
    database: str
    town: Town
    ids: dict[str, Any]
    room: Path
    made: int = 0

    def url(self, role: str = "portal_backup") -> str:
        return self.cluster.cluster.url(role, self.database)

    @property
    def folder(self) -> Path:
        return self.room / "backup"

    def empty(self) -> str:
        """The address of a new database with the tables and nothing in them."""
        self.made += 1
        name = f"{self.database}_{self.made}"
        self.cluster.make_database(name)
        return self.cluster.cluster.url(SUPERUSER, name)


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, test_cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with django_db_blocker.unblock():
        name = connections["default"].settings_dict["NAME"]
        with transaction.atomic():
            town = kept.towns(["yateley"])["yateley"]
            officer, clerk, member = town["officer1"], town["clerk"], town["councillor6"]
            held = lodge(town, officer, member)
            for action, who in ((Action.ACCEPT, clerk), (Action.ADD_NOTE, clerk), (Action.ADD_DOCUMENT, officer), (Action.HOLD, clerk)):
                do(action, held, who, **answers_for(town, action, held, who, Random(1)))
            other = lodge(town, town["officer2"], member)
            mine = draft(town, officer, member)
            old = lodge(town, town["officer2"], town["councillor5"])
            do(Action.WITHDRAW, old, town["officer2"], **answers_for(town, Action.WITHDRAW, old, town["officer2"], Random(1)))
            for keeper in ("clerk", "deputy"):
                with by(town["admin"]):
                    keeping.name_keeper(council=town.council, person=town[keeper], by=town["admin"], now=NOW)
        ids = {"held": held.pk, "other": other.pk, "draft": mine.pk, "old": old.pk}
        made = World(test_cluster, name, town, ids, tmp_path_factory.mktemp("backups"))
        with test_cluster.cluster.superuser(name) as raw:
            raw.execute("UPDATE concerns_notice SET sent_at = created_at WHERE concern_id = %s", [held.pk])
            raw.execute("UPDATE concerns_concern SET closed_at = '2019-03-04' WHERE id = %s", [old.pk])
        taking.take(made.url(), made.folder, KEYS[0], now=NOW)
        # what happens after the backup, and only the ledger knows
        do(Action.DECLARE_CONFLICT, other, clerk, **answers_for(town, Action.DECLARE_CONFLICT, other, clerk, Random(1)))
        with by(officer), connection.cursor() as cursor:
            cursor.execute("SELECT delete_my_draft(%s)", [mine.pk])
        rights_tasks.retire()
        with by(clerk):
            disposal = Disposal.objects.get(case_id=old.pk)
            purging.ask_purge(row_id=disposal.pk, by=clerk, now=NOW)
        with by(town["deputy"]):
            purging.purge(row_id=disposal.pk, by=town["deputy"], now=NOW, sure=True)
        with test_cluster.cluster.superuser(name) as raw:
            raw.execute("UPDATE concerns_notice SET sent_at = created_at WHERE concern_id = %s AND sent_at IS NULL", [other.pk])
        ledger.take(made.url(), made.room / "ledger", KEYS[0], now=NOW + timedelta(hours=1))
        connections["default"].close()
        try:
            yield made
        finally:
            connections["default"].close()
            test_cluster.empty(name)
            for number in range(1, made.made + 1):
                test_cluster.cluster.drop_database(f"{name}_{number}")


@pytest.fixture(scope="module")
def blank(world: World) -> str:
    """An empty database for what is refused: it stays empty."""
    return world.empty()


@pytest.fixture(scope="module")
def plain(world: World) -> tuple[str, returning.Restored]:
    """The backup restored without its ledger."""
    url = world.empty()
    return url, drill.drill(world.folder, url, KEYS, now=NOW)


@pytest.fixture(scope="module")
def ledgered(world: World) -> tuple[str, returning.Restored]:
    """The backup restored with its ledger."""
    url = world.empty()
    return url, drill.drill(world.folder, url, KEYS, now=NOW, since=world.room / "ledger")


def ask(url: str, statement: str, *values: Any) -> list[Any]:
    with psycopg.connect(url) as raw:
        return [row[0] for row in raw.execute(statement, values)]


def test_a_backup_comes_back_whole_and_proved(world: World, plain: tuple[str, returning.Restored]) -> None:
    url, done = plain
    assert (done.concerns, done.trail.concerns, done.trail.found) == (4, 4, [])  # three with a trail, and the council's own
    assert ask(url, "SELECT count(*) FROM councils_councilevent") == [done.trail.events - 8] and done.decrypted >= 10
    assert ask(url, "SELECT key FROM councils_council") == ["yateley"]
    assert ask(url, "SELECT count(*) FROM concerns_document") == [1]
    with psycopg.connect(url) as raw:  # the walls came from the migrations: as the portal, with nobody named, nothing is shown
        raw.execute("SET ROLE portal_app")
        assert raw.execute("SELECT count(*) FROM concerns_concern").fetchone() == (0,)
        raw.execute("RESET ROLE")
        with pytest.raises(psycopg.Error, match="append-only"):
            raw.execute("DELETE FROM concerns_event")


def test_mail_is_not_sent_again(world: World, plain: tuple[str, returning.Restored]) -> None:
    url, done = plain
    waiting = "SELECT count(*) FROM concerns_notice WHERE sent_at IS NULL AND failed_at IS NULL"
    assert ask(url, waiting) == [0]
    assert done.held == ask(url, "SELECT count(*) FROM concerns_notice WHERE last_error = 'Restored'")[0] >= 1
    assert ask(url, "SELECT count(*) FROM concerns_notice WHERE concern_id = %s AND sent_at IS NULL", world.ids["held"]) == [0]


def test_what_was_decided_since_stays_decided(
    world: World, plain: tuple[str, returning.Restored], ledgered: tuple[str, returning.Restored]
) -> None:
    (url, done), clerk, other = ledgered, world.town["clerk"].pk, world.ids["other"]
    mine = "SELECT count(*) FROM concerns_concernuserobjectpermission WHERE user_id = %s AND content_object_id = %s"
    assert done.held == 0 and done.reapplied["excluded"] >= 1 and done.reapplied["sent"] >= 1
    assert ask(url, mine, clerk, other) == [0]
    assert ask(url, "SELECT count(*) FROM concerns_exclusion WHERE person_id = %s AND concern_id = %s", clerk, other) == [1]
    assert ask(url, "SELECT count(*) FROM concerns_participation WHERE person_id = %s AND concern_id = %s AND until IS NULL", clerk, other) == [0]
    for table, column in (("concerns_concern", "id"), ("concerns_narrative", "concern_id"), ("concerns_participation", "concern_id")):
        assert ask(url, f"SELECT count(*) FROM {table} WHERE {column} = %s", world.ids["draft"]) == [0]
    sent = ask(url, "SELECT count(*) FROM concerns_notice WHERE concern_id = %s AND sent_at IS NULL", other)
    assert sent == [0]
    assert ask(plain[0], mine, clerk, other) != [0]  # so it was the ledger


def test_what_two_persons_destroyed_since_stays_destroyed_and_the_trail_proved(
    world: World, plain: tuple[str, returning.Restored], ledgered: tuple[str, returning.Restored]
) -> None:
    (url, done), old = ledgered, world.ids["old"]
    assert done.trail.found == []
    for table, column in (
        ("concerns_concern", "id"), ("concerns_narrative", "concern_id"), ("concerns_concernsubject", "concern_id"), ("concerns_event", "concern_id"),
        ("concerns_participation", "concern_id"), ("concerns_concernuserobjectpermission", "content_object_id"), ("concerns_notice", "concern_id"),
    ):  # fmt: skip
        assert ask(url, f"SELECT count(*) FROM {table} WHERE {column} = %s", old) == [0], table
        assert ask(plain[0], f"SELECT count(*) FROM {table} WHERE {column} = %s", old) != [0], table  # so it was the ledger
    assert ask(url, "SELECT closed_year FROM rights_tombstone WHERE case_id = %s", old) == [2019]
    assert ask(url, "SELECT state FROM rights_disposal WHERE case_id = %s", old) == ["DONE"]
    assert ask(url, "SELECT facts->>'case' FROM rights_line WHERE type = 'purged'") == [str(old)]
    assert (done.reapplied["tombstones"], done.reapplied["disposals"], done.reapplied["disposal lines"]) == (1, 1, 3)


def test_nothing_written_is_in_the_files(world: World) -> None:
    files = sorted(world.folder.iterdir())
    assert {"manifest.sealed", "concerns_concern.sealed", "concerns_document.sealed", "concerns_event.sealed"} <= {file.name for file in files}
    assert not {"django_session.sealed", "axes_accessattempt.sealed"} & {file.name for file in files}
    words = [CANARY.encode(), CANARY.encode().hex().encode(), str(world.ids["held"]).encode(), world.town["clerk"].email.encode(), b"yateley"]
    for file in [*files, world.room / "ledger"]:
        assert [word for word in words if word in file.read_bytes()] == []
        assert file.stat().st_mode & 0o077 == 0
    rows = b"".join(sealing.unsealed(world.folder / "concerns_narrative.sealed", "concerns_narrative", KEYS))
    assert str(world.ids["held"]).encode() in rows
    assert CANARY.encode() not in rows and CANARY.encode().hex().encode() not in rows  # encrypted once more inside


def test_no_concerns_is_a_failure(world: World, blank: str) -> None:
    empty, folder = world.empty(), world.room / "nobody"
    with psycopg.connect(world.url(SUPERUSER)) as full, psycopg.connect(empty) as raw, full.cursor().copy("COPY councils_person TO STDOUT") as there, raw.cursor().copy("COPY councils_person FROM STDIN") as here:
        for part in there:
            here.write(part)
    taking.take(empty, folder, KEYS[0], now=NOW)
    with pytest.raises(BackupError, match="holds 0 concerns"):
        drill.drill(folder, blank, KEYS, now=NOW)
    assert ask(blank, "SELECT count(*) FROM councils_person") == [0]
    with pytest.raises(BackupError, match="There is nobody in this database"):
        taking.take(blank, world.room / "nothing", KEYS[0], now=NOW)
    assert not (world.room / "nothing").exists()


def test_a_role_that_does_not_see_every_row_is_refused(world: World) -> None:
    for role in ("portal_app", "portal_owner"):
        with pytest.raises(BackupError, match="doesn't see every row"):
            taking.take(world.url(role), world.room / role, KEYS[0], now=NOW)
        assert not (world.room / role).exists()


@pytest.mark.parametrize("harm", ["flipped", "cut", "swapped", "missing", "unknown key"])
def test_a_damaged_backup_is_refused_and_nothing_is_written(world: World, blank: str, tmp_path: Path, harm: str) -> None:
    for file in world.folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    victim, keys = tmp_path / "concerns_event.sealed", KEYS
    data = victim.read_bytes()
    if harm == "flipped":
        victim.write_bytes(data[:-5] + bytes([data[-5] ^ 1]) + data[-4:])
    elif harm == "cut":
        victim.write_bytes(data[:-20])
    elif harm == "swapped":
        victim.write_bytes((tmp_path / "concerns_notice.sealed").read_bytes())
    elif harm == "missing":
        victim.unlink()
    else:
        keys = sealing.keys_from([sealing.new_key()])
    words = {"missing": "can't be opened", "unknown key": "isn't in PORTAL_BACKUP_KEYS"}.get(harm, "is damaged, was changed")
    with pytest.raises(BackupError, match=words):
        returning.restore(tmp_path, blank, keys, now=NOW)
    assert ask(blank, "SELECT count(*) FROM councils_person") == [0]


def test_a_database_with_rows_is_left_alone(world: World) -> None:
    with pytest.raises(BackupError, match="isn't empty"):
        returning.restore(world.folder, world.url(SUPERUSER), KEYS, now=NOW)
    with pytest.raises(BackupError, match="is there already"):
        taking.take(world.url(), world.folder, KEYS[0], now=NOW)


def test_without_the_field_keys_the_drill_fails(world: World, blank: str, settings: Any) -> None:
    from cryptography.fernet import Fernet

    settings.PORTAL_FIELD_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(BackupError, match="can't be decrypted with PORTAL_FIELD_KEYS"):
        drill.drill(world.folder, blank, KEYS, now=NOW)


def test_a_trail_that_was_changed_before_the_backup_fails_the_drill(world: World, blank: str, plain: tuple[str, returning.Restored]) -> None:
    folder, change = world.room / "changed", "UPDATE concerns_event SET hat = {} WHERE concern_id = %s AND seq = 2"
    with psycopg.connect(plain[0], autocommit=True) as raw:
        raw.execute("SET session_replication_role = replica")
        raw.execute(change.format("hat || '!'"), [world.ids["held"]])
        found = taking.take(plain[0], folder, KEYS[0], now=NOW)["trail"]["findings"]
        raw.execute(change.format("left(hat, -1)"), [world.ids["held"]])
    assert found == ["edited"]
    with pytest.raises(BackupError, match="the trail in it isn't sound"):
        drill.drill(folder, blank, KEYS, now=NOW)
    assert ask(blank, "SELECT count(*) FROM councils_person") == [0]


def test_the_commands_say_what_is_missing_and_what_they_did(world: World, settings: Any, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="PORTAL_BACKUP_KEYS is missing"):
        call_command("backup", to=str(tmp_path / "x"), stdout=StringIO())
    settings.PORTAL_BACKUP_KEYS = [KEY]
    with pytest.raises(CommandError, match="PORTAL_BACKUP_URL is missing"):
        call_command("backup", to=str(tmp_path / "x"), stdout=StringIO())
    settings.PORTAL_BACKUP_URL = world.url()
    said = StringIO()
    call_command("backup", to=str(tmp_path / "x"), stdout=said)
    call_command("backup", ledger=str(tmp_path / "ledger"), stdout=said)
    call_command("restore", folder=str(tmp_path / "x"), database=world.empty(), stdout=said)
    assert ", 2 concerns, " in said.getvalue()
    assert said.getvalue().endswith("restored\n")
    with pytest.raises(CommandError, match="holds no backup"):
        call_command("restore_drill", folder=str(tmp_path), stdout=StringIO())
    settings.PORTAL_BACKUP_KEYS = settings.PORTAL_FIELD_KEYS
    with pytest.raises(CommandError, match="Give each its own"):
        call_command("backup", to=str(tmp_path / "y"), stdout=StringIO())


def test_a_large_file_is_sealed_in_pieces_and_none_can_be_left_out(tmp_path: Path) -> None:
    data = Random(1).randbytes(3 * sealing.PIECE + 17)
    with sealing.Sealed(tmp_path / "large", "large", KEYS[0]) as file:
        for at in range(0, len(data), 70_001):
            file.write(data[at : at + 70_001])
    assert b"".join(sealing.unsealed(tmp_path / "large", "large", KEYS)) == data
    raw, piece = (tmp_path / "large").read_bytes(), sealing.PIECE + sealing.TAG
    first = sealing.HEAD
    changes = (raw[: first + piece] + raw[first + 2 * piece :], raw[: first + 3 * piece], raw[: first + piece] + raw[first : first + piece] + raw[first + 2 * piece :])
    for changed in changes:
        (tmp_path / "large").write_bytes(changed)
        with pytest.raises(BackupError, match="is damaged"):
            list(sealing.unsealed(tmp_path / "large", "large", KEYS))


def test_a_ledger_from_before_the_backup_is_refused(world: World, blank: str) -> None:
    ledger.take(world.url(), world.room / "old", KEYS[0], now=NOW - timedelta(days=1))
    with pytest.raises(BackupError, match="older than the backup"):
        drill.drill(world.folder, blank, KEYS, now=timezone.now(), since=world.room / "old")
