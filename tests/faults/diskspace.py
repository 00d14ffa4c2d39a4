"""A disk without space: the site's tables on a small file system of their own that is filled to its end.

Where none may be mounted, PostgreSQL's processes may write no file at all for as long as it lasts, which it meets alike.
"""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.site import DATABASE, Site, children

SIZE = 512 * 1024 * 1024


@contextmanager
def full(site: Site) -> Iterator[None]:
    """Inside, PostgreSQL finds no space for anything new of the site's database."""
    place = site.cluster.data.parent / "small"
    place.mkdir(exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "tmpfs", str(place)], capture_output=True, check=False
    )
    if done.returncode:
        with _forbidden(site):
            yield
        return
    try:
        os.chown(place, *(site.cluster._identity or (os.geteuid(), os.getegid())))
        with site.cluster.superuser() as raw:
            raw.execute(f"CREATE TABLESPACE small LOCATION '{place}'")
        _move(site, "small")
        ballast = _fill(place)
        try:
            yield
        finally:
            ballast.unlink()
    finally:
        _move(site, "pg_default")
        with site.cluster.superuser() as raw:
            raw.execute("DROP TABLESPACE IF EXISTS small")
        subprocess.run(["umount", str(place)], check=True)


def _move(site: Site, tablespace: str) -> None:
    """Move the database's files there; whoever is connected is sent away."""
    with site.cluster.superuser() as raw:
        raw.execute(f"ALTER DATABASE {DATABASE} ALLOW_CONNECTIONS false")
        raw.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [DATABASE])
        raw.execute(f"ALTER DATABASE {DATABASE} SET TABLESPACE {tablespace}")
        raw.execute(f"ALTER DATABASE {DATABASE} ALLOW_CONNECTIONS true")


def _fill(place: Path) -> Path:
    """Write zeros until there is no space left; returns the file."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as out:
        for block in (1 << 20, 1 << 12):
            try:
                while True:
                    out.write(bytes(block))
            except OSError:
                continue
    return ballast


@contextmanager
def _forbidden(site: Site) -> Iterator[None]:
    """No process of PostgreSQL's may make a file longer than it is."""
    master = site.cluster.postmaster_pid()
    before = resource.prlimit(master, resource.RLIMIT_FSIZE)
    for pid in (master, *children(master)):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        for pid in (master, *children(master)):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
