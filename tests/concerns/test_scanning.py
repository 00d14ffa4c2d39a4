"""ClamAV's INSTREAM protocol against a server that speaks it, on a real socket: clean, infected, away, slow, odd."""

from __future__ import annotations

import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile

from concerns.actions import papers
from concerns.enums import Action, Scan
from concerns.files import scanning
from concerns.models import Concern, Document
from concerns.tasks import scan_files
from councils.errors import Refusal
from protocol_portal import checks
from tests.concerns.screens import NOW, at, client_of, frozen
from tests.factories.concerns import by, do, lodge
from tests.factories.councils import Town

COUNCILS = ("weston",)
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
LIMIT = 1_000_000


class Peer(socketserver.BaseRequestHandler):
    """What clamd does with zINSTREAM: chunks with their length, a nought, one answer that ends in NUL."""

    def handle(self) -> None:
        server: Any = self.server
        command = self._exactly(10)
        if command != b"zINSTREAM\0":
            self.request.sendall(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while length := struct.unpack(">I", self._exactly(4))[0]:
            content += self._exactly(length)
            if len(content) > LIMIT:
                self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        server.seen.append(content)
        if server.mood == "silent":
            return
        if server.mood == "slow":
            server.released.wait(5)
        odd = {"odd": b"stream: perhaps\0", "cut": b"stream: O", "busy": b"stream: Can't allocate memory ERROR\0"}
        answer = b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if b"EICAR-STANDARD" in content else b"stream: OK\0"
        self.request.sendall(odd.get(server.mood, answer))

    def _exactly(self, size: int) -> bytes:
        found = b""
        while len(found) < size:
            piece = self.request.recv(size - len(found))
            if not piece:
                raise ConnectionError
            found += piece
        return found


class Quiet(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no matter here."""


class QuietUnix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no matter here."""


def serving(server: Any) -> Iterator[Any]:
    server.seen, server.mood, server.released = [], "", threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


@pytest.fixture
def clamav(settings: Any) -> Iterator[Any]:
    """The scanner, set up in the settings."""
    server = Quiet(("127.0.0.1", 0), Peer)
    settings.PORTAL_CLAMAV, settings.PORTAL_CLAMAV_TIMEOUT = f"127.0.0.1:{server.server_address[1]}", 2.0
    yield from serving(server)


@pytest.fixture
def away(settings: Any) -> None:
    """A scanner is set up, and nothing answers there."""
    server = Quiet(("127.0.0.1", 0), Peer)
    settings.PORTAL_CLAMAV, settings.PORTAL_CLAMAV_TIMEOUT = f"127.0.0.1:{server.server_address[1]}", 0.5
    server.server_close()


def test_scanner_gets_every_byte_and_its_word_is_taken(clamav: Any) -> None:
    content = bytes(range(256)) * 1_000  # more than one piece
    assert scanning.scan(content) == Scan.CLEAN
    assert scanning.scan(EICAR) == Scan.INFECTED
    assert scanning.scan(b"") == Scan.CLEAN
    assert clamav.seen == [content, EICAR, b""]


def test_scanner_on_a_unix_socket_is_reached(settings: Any, tmp_path: Path) -> None:
    server = QuietUnix(str(tmp_path / "clamd.sock"), Peer)
    settings.PORTAL_CLAMAV, settings.PORTAL_CLAMAV_TIMEOUT = str(tmp_path / "clamd.sock"), 2.0
    for _server in serving(server):
        assert scanning.scan(EICAR) == Scan.INFECTED
    settings.PORTAL_CLAMAV = str(tmp_path / "nothing.sock")
    with pytest.raises(scanning.ScannerAway):
        scanning.scan(b"x")


@pytest.mark.parametrize("mood", ["silent", "odd", "cut"])
def test_answer_that_says_nothing_counts_as_away(clamav: Any, mood: str) -> None:
    clamav.mood = mood
    with pytest.raises(scanning.ScannerAway):
        scanning.scan(b"x")


def test_scanner_that_says_no_is_not_asked_again_at_once(clamav: Any) -> None:
    clamav.mood = "busy"
    with pytest.raises(scanning.ScannerRefused):
        scanning.scan(b"x")
    assert papers.look(b"x") == (Scan.NOT_SCANNED, True)


def test_slow_scanner_is_waited_for_no_longer_than_set(clamav: Any, settings: Any) -> None:
    clamav.mood, settings.PORTAL_CLAMAV_TIMEOUT = "slow", 0.2
    start = time.monotonic()
    with pytest.raises(scanning.ScannerAway):
        scanning.scan(b"x")
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("address", ["127.0.0.1:x", "nowhere.invalid:3310", ":0"])
def test_address_of_nothing_counts_as_away(settings: Any, address: str) -> None:
    settings.PORTAL_CLAMAV, settings.PORTAL_CLAMAV_TIMEOUT = address, 0.5
    with pytest.raises(scanning.ScannerAway):
        scanning.scan(b"x")


@pytest.mark.parametrize("value", ["clamav", "clamav:", ":3310", "clamav:x", "clamav:99999", "http://clamav:3310"])
def test_start_stops_at_a_scanner_that_cannot_be_one(value: str) -> None:
    import os

    with pytest.raises(ImproperlyConfigured, match="PORTAL_CLAMAV"):
        checks.require_sound_environment({**os.environ, "PORTAL_CLAMAV": value})


@pytest.mark.parametrize("value", ["", "clamav:3310", "[::1]:3310", "/run/clamav/clamd.ctl"])
def test_start_takes_a_scanner_that_can(value: str) -> None:
    import os

    checks.require_sound_environment({**os.environ, "PORTAL_CLAMAV": value})


# --- uploads ------------------------------------------------------------------------------------------------------
@pytest.fixture
def sent(weston: Town) -> Concern:
    return lodge(weston, weston["councillor1"], weston["officer1"], chosen_token="role:proper_officer")


def add(weston: Town, concern: Concern, content: bytes = b"words") -> Document:
    found: Document = do(Action.ADD_DOCUMENT, concern, weston["councillor1"], name="x.txt", content=content)
    return found


def rows(concern: Concern) -> list[tuple[str, Any]]:
    with by(concern.raiser):
        return list(Document.objects.filter(concern=concern).order_by("added_at", "pk").values_list("scan", "scanned_at"))


@pytest.mark.django_db
def test_scanned_file_is_kept_as_clean_and_one_with_a_virus_isnt_kept(weston: Town, sent: Concern, clamav: Any) -> None:
    add(weston, sent)
    with pytest.raises(Refusal) as told:
        add(weston, sent, EICAR)
    assert (told.value.field, str(told.value)) == ("file", "A virus was found in this file. It isn't kept. Tell whoever looks after your computer.")
    assert rows(sent) == [(Scan.CLEAN, NOW)]


@pytest.mark.django_db
def test_virus_is_told_on_the_page_and_what_was_typed_kept(weston: Town, clamav: Any) -> None:
    from tests.factories.concerns import draft

    with frozen():
        concern = draft(weston, weston["councillor1"], weston["officer1"], chosen_token="role:proper_officer")
        answers = {"what_happened": "Kept text", "files": [SimpleUploadedFile("x.txt", EICAR)]}
        answer = client_of(weston["councillor1"]).post(at("draft-writing", concern), answers)
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"files": ["A virus was found in this file. It isn't kept. Tell whoever looks after your computer."]}
    assert "Kept text" in answer.content.decode()


@pytest.mark.django_db
def test_with_the_scanner_away_the_file_is_kept_and_said_to_be_unscanned(weston: Town, sent: Concern, away: None) -> None:
    with frozen():
        answer = client_of(weston["councillor1"]).post(at("do", sent, action="add_document"), {"file": SimpleUploadedFile("x.txt", b"words")})
        assert answer.status_code == 302
        assert rows(sent) == [(Scan.NOT_SCANNED, None)]
        assert "Not scanned" in client_of(weston["clerk"]).get(at("page", sent)).content.decode()
    scan_files()
    assert rows(sent) == [(Scan.NOT_SCANNED, None)]


@pytest.mark.django_db
def test_clock_scans_what_came_in_while_the_scanner_was_away(weston: Town, sent: Concern, settings: Any, request: pytest.FixtureRequest) -> None:
    add(weston, sent)
    add(weston, sent, EICAR)
    before = settings.PORTAL_CLAMAV
    scan_files()
    assert before == "" and {scan for scan, _at in rows(sent)} == {Scan.NOT_SCANNED}
    peer = request.getfixturevalue("clamav")
    with frozen():
        scan_files()
        assert sorted(rows(sent)) == [(Scan.CLEAN, NOW), (Scan.INFECTED, NOW)]
        scan_files()
    assert len(peer.seen) == 2  # each once


@pytest.mark.django_db
def test_clock_leaves_what_the_scanner_will_not_look_at_for_an_hour_and_scans_the_others(weston: Town, sent: Concern, settings: Any, request: pytest.FixtureRequest) -> None:
    add(weston, sent, b"a" * (LIMIT + 1))
    add(weston, sent)
    request.getfixturevalue("clamav")
    with frozen():
        scan_files()
        scan_files()
    assert sorted(rows(sent)) == [(Scan.CLEAN, NOW), (Scan.NOT_SCANNED, NOW)]
