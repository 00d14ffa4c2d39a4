"""A mail server that can be told to die, to refuse, or to take a message and hang up, and that says where it is."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import socketserver
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

ID = re.compile(rb"^message-id:\s*<([^@>]+)@", re.IGNORECASE | re.MULTILINE)
STAGES = ("connected", "sender", "recipient", "taken", "answered")


def nobody(_stage: str, _sender: int) -> None:
    """Nothing happens at any stage."""


def owner_of(port: int, candidates: list[int]) -> int:
    """Which of these processes holds the loopback connection from that port; 0 when none does."""
    wanted = f":{port:04X}"
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    inode = next((f"socket:[{line[9]}]" for line in lines if line[1].endswith(wanted)), "")
    for pid in candidates:
        with contextlib.suppress(OSError):
            if any(os.readlink(handle.path) == inode for handle in os.scandir(f"/proc/{pid}/fd")):
                return pid
    return 0


class PostOffice(socketserver.ThreadingTCPServer):
    """Speaks SMTP on a loopback port. ``taken`` counts every message that was read to its end, by Message-ID.

    ``at(stage, sender)`` is called at each stage of each message, in the thread that serves it; the sender is one of the
    processes that ``senders()`` lists, or 0. ``drops`` messages are taken
    without an answer; ``refuse`` answers every recipient with those words.
    """

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Line)
        self.port = int(self.server_address[1])
        self.taken: Counter[str] = Counter()
        self.recipients: list[str] = []
        self.drops = 0
        self.refuse = ""
        self.at: Callable[[str, int], None] = nobody
        self.senders: Callable[[], list[int]] = list
        self.guard = threading.Lock()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        """Stop answering for good."""
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever hangs up in the middle is no news here."""


class _Line(socketserver.StreamRequestHandler):
    """One connection: as much of RFC 5321 as Python's smtplib speaks."""

    def handle(self) -> None:
        office = cast(PostOffice, self.server)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.reached("connected")
        self.say("220 portal.test")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb in (b"EHLO", b"HELO"):
                self.say("250 portal.test")
            elif verb == b"MAIL":
                self.reached("sender")
                self.say("250 ok")
            elif verb == b"RCPT":
                self.reached("recipient")
                with office.guard:
                    office.recipients.append(line.decode().strip())
                self.say(office.refuse or "250 ok")
            elif verb == b"DATA":
                self.say("354 go on")
                if not self.read_message(office):
                    return
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def reached(self, stage: str) -> None:
        """Tell whoever listens where this message is, and which process sends it."""
        office = cast(PostOffice, self.server)
        if office.at is not nobody:
            office.at(stage, owner_of(self.client_address[1], office.senders()))

    def read_message(self, office: PostOffice) -> bool:
        """Take one message; False when the line is dropped afterwards."""
        content = bytearray()
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            content += line
        if not line:
            return False
        found = ID.search(bytes(content))
        with office.guard:
            office.taken[found[1].decode() if found else "none"] += 1
            dropped = office.drops > 0
            office.drops -= dropped
        self.reached("taken")
        if dropped:
            return False
        self.say("250 kept")
        self.reached("answered")
        return True

    def say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")
