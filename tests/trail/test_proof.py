"""Whatever is done to the trail past every wall and guard is found, and where."""

from __future__ import annotations

import json
import smtplib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from concerns.enums import Action
from concerns.models import Concern, Event
from councils import actions as council_actions
from councils.models import CouncilEvent
from councils.rls import system_work
from information.enums import QuestionAction
from protocol_portal.trail import digest, proof, tasks
from tests.concerns.answers import answers_for
from tests.factories.concerns import CANARY, NOW, by, do, lodge
from tests.factories.councils import Town
from tests.information import steps

COUNCILS = ("yateley",)
Owner = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def case(yateley: Town) -> Concern:
    """A concern with four events, one of them with a reason; and a second concern beside it."""
    lodge(yateley, yateley["officer2"], yateley["councillor5"])
    concern = lodge(yateley, yateley["officer1"], yateley["councillor6"])
    for action in (Action.ACCEPT, Action.HOLD, Action.RELEASE):
        do(action, concern, yateley["clerk"], **answers_for(yateley, action, concern, yateley["clerk"], Random(1)))
    return concern


@pytest.fixture
def keys(settings: Any) -> tuple[str, str]:
    settings.PORTAL_DIGEST_KEY, settings.PORTAL_DIGEST_PUBLIC = digest.new_key()
    return settings.PORTAL_DIGEST_KEY, settings.PORTAL_DIGEST_PUBLIC


def proved(**more: Any) -> proof.Verdict:
    with system_work():
        return proof.prove(connection.connection, **more)


def faults(**more: Any) -> list[tuple[str, int]]:
    return [(finding.fault.value, finding.seq) for finding in proved(**more).found]


def anchored() -> int:
    with system_work():
        return digest.anchor(connection.connection, now=NOW)


def tamper(as_owner: Owner, *statements: str, table: str = "concerns_event") -> None:
    """Run SQL past every wall and trigger, as somebody with the database in their hands would."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for one in {table, "concerns_trailhead", "concerns_trailanchor", "concerns_trailrenewal"}:
            cursor.execute(f"ALTER TABLE {one} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
            assert cursor.rowcount >= 1
        for one in {table, "concerns_trailhead", "concerns_trailanchor", "concerns_trailrenewal"}:
            cursor.execute(f"ALTER TABLE {one} ENABLE TRIGGER USER")


def rehash(concern: Concern, seq: int = 1) -> list[str]:
    """The chain from ``seq`` on, made anew with the database's own functions, and its end with it."""
    made = (
        f"UPDATE concerns_event e SET prev_hash = coalesce((SELECT p.hash FROM concerns_event p WHERE p.concern_id = e.concern_id AND p.seq = e.seq - 1), '')"
        f" WHERE concern_id = '{concern.pk}' AND seq = {{n}}",
        f"UPDATE concerns_event e SET hash = event_hash(e) WHERE concern_id = '{concern.pk}' AND seq = {{n}}",
    )
    end = f"UPDATE concerns_trailhead SET hash = (SELECT hash FROM concerns_event WHERE concern_id = '{concern.pk}' ORDER BY seq DESC LIMIT 1)"
    return [*(each.format(n=n) for n in range(seq, 5) for each in made), f"{end} WHERE concern_id = '{concern.pk}'"]


def test_what_the_portal_writes_is_sound(case: Concern) -> None:
    assert anchored() == 3  # two concerns, and the council's own changes
    assert anchored() == 0  # nothing has grown
    verdict = proved()
    assert (verdict.concerns, verdict.events, verdict.anchors, verdict.found) == (3, 5 + CouncilEvent.objects.count(), 1, [])
    with by(case.raiser):
        chain = list(Event.objects.filter(concern_id=case.pk).order_by("seq").values_list("seq", "prev_hash", "hash"))
    assert [seq for seq, _before, _hash in chain] == [1, 2, 3, 4]
    assert [before for _seq, before, _hash in chain] == ["", *(digest for _seq, _before, digest in chain[:-1])]
    assert len({digest for _seq, _before, digest in chain}) == 4


@pytest.mark.parametrize(
    ("change", "seq"),
    [
        ("at = at - interval '1 day'", 2), ("by_name = 'Somebody Else'", 1), ("facts = facts || '{\"x\": 1}'", 3), ("to_state = 'RESOLVED'", 2),
        ("by_id = NULL", 4), ("cites = '[\"9.9\"]'", 2), ("reason_hash = repeat('0', 64)", 1),
    ],
)  # fmt: skip
def test_an_edit_is_found_where_it_was_made(case: Concern, as_owner: Owner, change: str, seq: int) -> None:
    tamper(as_owner, f"UPDATE concerns_event SET {change} WHERE concern_id = '{case.pk}' AND seq = {seq}")
    assert ("edited", seq) in faults()
    assert {finding.where for finding in proved().found} == {str(case.pk)}


def test_a_replaced_and_a_removed_reason_are_found(case: Concern, as_owner: Owner) -> None:
    with by(case.raiser):
        (seq,) = Event.objects.filter(concern_id=case.pk, type="held").values_list("seq", flat=True)
    tamper(as_owner, f"UPDATE concerns_event SET reason = '\\x00' WHERE concern_id = '{case.pk}' AND seq = {seq}")
    assert faults() == [("reason", seq)]
    tamper(as_owner, f"UPDATE concerns_event SET reason = NULL WHERE concern_id = '{case.pk}' AND seq = {seq}")
    assert faults() == [("reason", seq)]


def test_a_deletion_is_found(case: Concern, as_owner: Owner) -> None:
    tamper(as_owner, f"DELETE FROM concerns_event WHERE concern_id = '{case.pk}' AND seq = 2")
    assert faults() == [("missing", 3)]


def test_a_cut_tail_is_found(case: Concern, as_owner: Owner) -> None:
    tamper(as_owner, f"DELETE FROM concerns_event WHERE concern_id = '{case.pk}' AND seq >= 3")
    assert faults() == [("cut", 2)]


def test_a_tail_cut_with_its_end_is_found_by_the_anchor(case: Concern, as_owner: Owner) -> None:
    anchored()
    end = f"(SELECT hash FROM concerns_event WHERE concern_id = '{case.pk}' AND seq = 2)"
    tamper(
        as_owner,
        f"DELETE FROM concerns_event WHERE concern_id = '{case.pk}' AND seq >= 3",
        f"UPDATE concerns_trailhead SET seq = 2, hash = {end} WHERE concern_id = '{case.pk}'",
    )
    assert faults() == [("cut", 2)]


def test_a_concern_whose_whole_trail_is_gone_is_found(case: Concern, as_owner: Owner) -> None:
    anchored()
    tamper(as_owner, f"DELETE FROM concerns_event WHERE concern_id = '{case.pk}'", f"DELETE FROM concerns_trailhead WHERE concern_id = '{case.pk}'")
    assert [(finding.fault.value, finding.where) for finding in proved().found] == [("cut", str(case.pk))]


def test_an_event_slipped_in_at_the_end_is_found(case: Concern, as_owner: Owner) -> None:
    names = "id, concern_id, type, at, by_id, by_name, capacity, hat, acting_for, from_state, to_state, rule_id, protocol_label, cites, facts"
    tamper(
        as_owner,
        f"INSERT INTO concerns_event ({names}, seq, prev_hash, reason_hash, hash) SELECT gen_random_uuid(), {names[4:]}, 5, hash, '', '' "
        f"FROM concerns_event WHERE concern_id = '{case.pk}' AND seq = 4",
        f"UPDATE concerns_event e SET hash = event_hash(e) WHERE concern_id = '{case.pk}' AND seq = 5",
    )
    assert faults() == [("unknown", 5)]


def test_a_rewrite_with_every_checksum_made_anew_is_found_by_the_anchor(case: Concern, as_owner: Owner) -> None:
    anchored()
    tamper(as_owner, f"UPDATE concerns_event SET by_name = 'Somebody Else' WHERE concern_id = '{case.pk}' AND seq = 2", *rehash(case))
    assert faults() == [("rewritten", 4)]


def test_a_rewrite_of_the_anchors_too_is_found_by_the_digest(case: Concern, as_owner: Owner, keys: Any, tmp_path: Path) -> None:
    file = tmp_path / "digest.json"
    call_command("trail_digest", to=str(file))
    call_command("verify_trail", digest=str(file), stdout=StringIO())
    tamper(
        as_owner, f"UPDATE concerns_event SET by_name = 'Somebody Else' WHERE concern_id = '{case.pk}' AND seq = 2", *rehash(case),
        "DELETE FROM concerns_trailanchor", "UPDATE concerns_trailhead SET anchored = false",
    )  # fmt: skip
    assert faults() == []  # inside the database nothing is left to tell
    heads = digest.read(file.read_text())
    assert [fault for fault, _seq in faults(heads=heads)] == ["anchors_cut"]
    anchored()
    assert [fault for fault, _seq in faults(heads=heads)] == ["digest"]
    with pytest.raises(CommandError, match=f"not sound: 1 findings in {5 + CouncilEvent.objects.count()} events of 3 chains"):
        call_command("verify_trail", digest=str(file), stdout=StringIO())


def test_a_changed_or_removed_anchor_is_found(case: Concern, yateley: Town, as_owner: Owner) -> None:
    anchored()
    do(Action.ADD_NOTE, case, yateley["clerk"], **answers_for(yateley, Action.ADD_NOTE, case, yateley["clerk"], Random(1)))
    anchored()
    with transaction.atomic():
        tamper(as_owner, "UPDATE concerns_trailanchor SET heads = '[]' WHERE seq = 1")
        assert ("anchor", 1) in faults()
        transaction.set_rollback(True)
    tamper(as_owner, "DELETE FROM concerns_trailanchor WHERE seq = 1")
    assert faults() == [("anchor", 2)]


def test_a_guard_that_is_switched_off_is_found(case: Concern, as_owner: Owner) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE concerns_event DISABLE TRIGGER keep_event")
    assert [str(finding).partition(": the")[0] for finding in proved().found] == ["guard: concerns_event.keep_event"]


def test_keys_are_changed_and_the_trail_stays_sound(case: Concern, as_owner: Owner, settings: Any) -> None:
    anchored()
    settings.PORTAL_FIELD_KEYS = [Fernet.generate_key().decode(), *settings.PORTAL_FIELD_KEYS]
    call_command("rotate_field_keys", stdout=StringIO())
    verdict = proved()
    assert verdict.renewals >= 1
    assert verdict.found == []
    anchored()
    tamper(as_owner, "DELETE FROM concerns_trailrenewal")
    assert {fault for fault, _seq in faults()} == {"renewal", "reason"}


def test_the_trail_of_a_question_is_proved_like_a_concerns(yateley: Town, as_owner: Owner, settings: Any) -> None:
    asked = steps.question(yateley)
    steps.do(QuestionAction.ANSWER, asked, yateley["clerk"], answer=f"{CANARY} it means this")
    assert anchored() == 2
    settings.PORTAL_FIELD_KEYS = [Fernet.generate_key().decode(), *settings.PORTAL_FIELD_KEYS]
    call_command("rotate_field_keys", stdout=StringIO())
    verdict = proved(council=str(yateley.council.pk))
    assert (verdict.concerns, verdict.events, verdict.anchors, verdict.found) == (2, 2 + CouncilEvent.objects.count(), 1, [])
    with transaction.atomic():
        tamper(as_owner, f"DELETE FROM information_line WHERE about_id = '{asked.pk}' AND seq = 2", table="information_line")
        assert faults() == [("cut", 1)]
        transaction.set_rollback(True)
    tamper(as_owner, f"UPDATE information_line SET hat = 'clerk' WHERE about_id = '{asked.pk}' AND seq = 1", table="information_line")
    assert faults() == [("edited", 1)]


@pytest.fixture
def changed(yateley: Town) -> str:
    """Three changes of the council's own, anchored."""
    for day in (2, 3, 4):
        council_actions.add_closure(council=yateley.council, starts_on=date(2026, 2, day), reason="Works", by=None, now=NOW)
    anchored()
    return str(yateley.council.pk)


def test_a_councils_own_changes_are_a_chain(changed: str, yateley: Town) -> None:
    rows = list(CouncilEvent.objects.filter(council=changed).order_by("seq").values_list("seq", "prev_hash", "hash", "kind"))
    assert [seq for seq, *_rest in rows] == list(range(1, len(rows) + 1))
    assert [before for _seq, before, _hash, _kind in rows] == ["", *(digest for _seq, _before, digest, _kind in rows[:-1])]
    assert [kind for *_rest, kind in rows[-3:]] == ["closure_added"] * 3
    assert proved().found == []
    made = CouncilEvent.objects.create(council=changed, at=NOW, kind="closure_added", seq=99, prev_hash="x", hash="y")
    assert CouncilEvent.objects.filter(pk=made.pk, seq=len(rows) + 1, prev_hash=rows[-1][2]).count() == 1
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE councils_councilevent SET by_name = 'x'")


@pytest.mark.parametrize(("statement", "found"), [
    ("UPDATE councils_councilevent SET detail = detail || '{{\"x\": 1}}' WHERE council = '{of}' AND seq = {end} - 1", {"edited"}),
    ("UPDATE councils_councilevent SET by_name = 'Somebody Else' WHERE council = '{of}' AND seq = {end}", {"edited"}),
    ("UPDATE councils_councilevent SET at = at - interval '1 day' WHERE council = '{of}' AND seq = {end}", {"edited"}),
    ("DELETE FROM councils_councilevent WHERE council = '{of}' AND seq = {end} - 1", {"missing"}),
    ("DELETE FROM councils_councilevent WHERE council = '{of}' AND seq = {end}", {"cut"}),
    ("DELETE FROM councils_councilevent WHERE council = '{of}'", {"cut"}),
])  # fmt: skip
def test_an_edit_a_deletion_and_a_cut_of_a_councils_changes_are_found(
    changed: str, as_owner: Owner, statement: str, found: set[str]
) -> None:
    end = CouncilEvent.objects.filter(council=changed).count()
    tamper(as_owner, statement.format(of=changed, end=end), table="councils_councilevent")
    verdict = proved()
    assert {finding.fault.value for finding in verdict.found} == found
    assert {finding.where for finding in verdict.found} == {changed}


def test_a_councils_changes_rewritten_with_every_checksum_are_found_by_the_anchor(changed: str, as_owner: Owner) -> None:
    end = CouncilEvent.objects.filter(council=changed).count()
    at = f"WHERE e.council = '{changed}' AND e.seq = {end}"
    tamper(
        as_owner, f"UPDATE councils_councilevent e SET by_name = 'Somebody Else' {at}",
        f"UPDATE councils_councilevent e SET hash = council_event_hash(e) {at}",
        f"UPDATE concerns_trailhead SET hash = (SELECT e.hash FROM councils_councilevent e {at}) WHERE concern_id = '{changed}'",
        table="councils_councilevent",
    )  # fmt: skip
    assert faults() == [("rewritten", end)]


def test_what_a_redirected_concern_loses_is_written_down(yateley: Town) -> None:
    concern = lodge(yateley, yateley["officer1"], yateley["councillor6"], sending={"skip_direct_reason": f"{CANARY} skip"})
    do(Action.REDIRECT, concern, yateley["clerk"], **answers_for(yateley, Action.REDIRECT, concern, yateley["clerk"], Random(1)))
    verdict = proved()
    assert verdict.found == []
    with system_work(), connection.cursor() as cursor:
        cursor.execute("SELECT kind FROM concerns_erasure WHERE row_id = %s ORDER BY kind", [concern.pk])
        assert [row[0] for row in cursor.fetchall()] == ["concerns_narrative", "purged"]


@pytest.mark.parametrize("table", ["concerns_trailanchor", "concerns_trailrenewal", "concerns_erasure", "concerns_trailhead", "concerns_traildigest"])
def test_nobody_writes_the_chain_but_the_database(case: Concern, yateley: Town, table: str) -> None:
    anchored()
    with by(yateley["clerk"]), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == (0,)
    for who in (lambda: by(yateley["clerk"]), system_work):
        for statement in (f"DELETE FROM {table}", f"TRUNCATE {table}", f"INSERT INTO {table} DEFAULT VALUES")[: 2 if table.endswith("digest") else 3]:
            with who(), pytest.raises(DatabaseError, match="permission denied|append-only"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
    with by(yateley["clerk"]), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT anchor_trail(%s, now(), 1)", [yateley.council.pk])


def test_one_council_is_proved_alone(case: Concern, as_owner: Owner) -> None:
    said = StringIO()
    call_command("verify_trail", council="yateley", stdout=said)
    assert said.getvalue() == f"verified: {5 + CouncilEvent.objects.count()} events of 3 chains, 0 anchors\n"
    with pytest.raises(CommandError, match="No council has the key “nowhere”"):
        call_command("verify_trail", council="nowhere", stdout=StringIO())


def test_the_digest_goes_to_a_file_and_by_mail_and_tells_of_no_case(case: Concern, keys: Any, settings: Any, tmp_path: Path) -> None:
    settings.PORTAL_DIGEST_DIR, settings.PORTAL_DIGEST_TO = str(tmp_path), "operator@example.invalid"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    tasks.anchor_trail()
    for _ in range(3):  # asked every hour, and a broker may ask twice
        tasks.send_digest()
    (file,) = tmp_path.glob("digest-*.json")
    (message,) = mail.outbox
    assert message.to == ["operator@example.invalid"]
    assert message.extra_headers["Message-ID"] == f"<{file.stem}@{settings.PORTAL_MAIL_DOMAIN}>"
    assert message.attachments[0][1] == file.read_text()
    data = json.loads(file.read_text())
    assert set(data) == {"digest", "portal", "at", "councils", "public", "signature"}
    assert [set(one) for one in data["councils"]] == [{"id", "key", "anchors", "head"}]
    assert data["councils"][0]["anchors"] == 1
    assert str(case.pk) not in file.read_text()


def test_a_digest_that_could_not_be_sent_is_sent_the_next_time(case: Concern, keys: Any, settings: Any, smtp_sink: Any) -> None:
    settings.PORTAL_DIGEST_TO, smtp_sink.refuse = "operator@example.invalid", "451 later"
    with pytest.raises(smtplib.SMTPException), transaction.atomic():
        tasks.send_digest()
    smtp_sink.refuse = ""
    tasks.send_digest()
    tasks.send_digest()
    (message,) = smtp_sink.messages
    assert digest.read(message.get_payload()[1].get_payload(decode=True).decode()) == {str(case.council_id): (1, proved_head())}


def proved_head() -> str:
    with system_work(), connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM concerns_trailanchor ORDER BY seq DESC LIMIT 1")
        return str(cursor.fetchone()[0])


def test_a_digest_that_was_changed_is_not_believed(case: Concern, keys: Any, tmp_path: Path) -> None:
    file = tmp_path / "digest.json"
    call_command("trail_digest", to=str(file))
    data = json.loads(file.read_text())
    data["councils"][0]["head"] = "0" * 64
    for text, words in ((json.dumps(data), "was changed. Don't rely on it"), ("nothing", "This is not a digest"), ("{}", "This is not a digest")):
        file.write_text(text)
        with pytest.raises(CommandError, match=words):
            call_command("verify_trail", digest=str(file), stdout=StringIO())


def test_without_a_key_no_digest_is_made(db: None, settings: Any) -> None:
    settings.PORTAL_DIGEST_KEY = "short"
    with pytest.raises(CommandError, match="trail_digest --new-key"):
        call_command("trail_digest", stdout=StringIO())
