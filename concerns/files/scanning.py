"""ClamAV over its INSTREAM protocol: the file goes over a socket in pieces, one line comes back.

``PORTAL_CLAMAV`` names the scanner: ``host:port`` or the path of a Unix socket; empty when there is none.
"""

from __future__ import annotations

import socket
import struct

from django.conf import settings

from concerns.enums import Scan

PIECE = 64 * 1024
LONGEST_ANSWER = 4096


class ScannerAway(Exception):
    """No scanner could be reached, or it broke off: try again later."""


class ScannerRefused(Exception):
    """The scanner is there but won't look at this file (its own limit of size, for one)."""


def configured() -> bool:
    """Whether a scanner is set up."""
    return bool(settings.PORTAL_CLAMAV)


def scan(content: bytes) -> Scan:
    """What the scanner says: clean or infected. Raises ScannerAway or ScannerRefused when it says neither."""
    try:
        with _connected() as line:
            line.sendall(b"zINSTREAM\0")
            for at in range(0, len(content), PIECE):
                piece = content[at : at + PIECE]
                line.sendall(struct.pack(">I", len(piece)) + piece)
            line.sendall(struct.pack(">I", 0))
            answer = _answer(line)
    except (OSError, ValueError) as error:
        raise ScannerAway from error
    if answer.endswith(b" FOUND"):
        return Scan.INFECTED
    if answer == b"stream: OK":
        return Scan.CLEAN
    if answer.endswith(b"ERROR"):
        raise ScannerRefused
    raise ScannerAway


def _connected() -> socket.socket:
    address, seconds = settings.PORTAL_CLAMAV, settings.PORTAL_CLAMAV_TIMEOUT
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(seconds)
        try:
            line.connect(address)
        except OSError:
            line.close()
            raise
        return line
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)


def _answer(line: socket.socket) -> bytes:
    """The scanner's line, up to its NUL."""
    found = b""
    while b"\0" not in found and len(found) < LONGEST_ANSWER:
        piece = line.recv(1024)
        if not piece:
            break
        found += piece
    return found.split(b"\0", 1)[0].strip()
