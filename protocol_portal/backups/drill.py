"""The drill: a backup is worth what its restore is worth, so it is restored into a server of its own and looked at."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.utils.translation import gettext as _
from psycopg import sql

from protocol_portal.backups import BackupError, ledger
from protocol_portal.backups.returning import Restored, restore
from protocol_portal.embedded import SUPERUSER, Cluster, EmbeddedError


@contextmanager
def scratch(server: str | None) -> Iterator[str]:
    """The address of a database to be made, as a superuser, on ``server`` or on a private one; gone afterwards.

    Raises BackupError when neither is to be had.
    """
    name = f"portal_drill_{secrets.token_hex(4)}"
    if server:
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            with psycopg.connect(urlunsplit(urlsplit(server)._replace(path="/postgres")), autocommit=True) as connection:
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        return
    try:
        cluster = Cluster(f"drill-{secrets.token_hex(3)}", durable=False)
        cluster.start()
    except EmbeddedError as error:
        raise BackupError(
            _("%(why)s\nOr name a server to try it on, where you are a superuser: --server postgres://…") % {"why": error}
        ) from error
    try:
        yield cluster.url(SUPERUSER, name)
    finally:
        cluster.remove()


def drill(folder: Path, url: str, keys: Sequence[bytes], *, now: datetime, since: Path | None = None, say: Callable[[str], object] = str) -> Restored:
    """Restore ``folder`` to ``url`` and prove it. Raises BackupError when it isn't whole, or its trail isn't sound."""
    return restore(folder, url, keys, now=now, since=ledger.read(since, keys) if since else None, say=say, sound=True)
