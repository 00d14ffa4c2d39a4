"""The benchmark's server: which database, and as whom, the portal's own connection goes to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

from protocol_portal.embedded import Cluster
from tests.bench.load import FREE_ROLE, Size, databases

APP_ROLE = "portal_app"


@dataclass
class Place:
    """The running cluster with its loaded databases; connections stay open, as they do in production."""

    cluster: Cluster
    names: dict[Size, str]
    open: dict[tuple[Size, str], DatabaseWrapper] = field(default_factory=dict)

    @contextmanager
    def at(self, size: Size, role: str = APP_ROLE) -> Iterator[DatabaseWrapper]:
        """Inside, Django's default connection is ``role``'s in the database of that size."""
        if (size, role) not in self.open:
            chosen = {
                "NAME": self.names[size], "USER": role, "PASSWORD": self.cluster._state["password"], "HOST": "127.0.0.1",
                "PORT": str(self.cluster.port), "CONN_MAX_AGE": None,
            }  # fmt: skip
            self.open[size, role] = DatabaseWrapper({**connections.settings["default"], **chosen}, alias="default")
        before = connections["default"]
        connections["default"] = self.open[size, role]
        try:
            yield self.open[size, role]
        finally:
            connections["default"] = before

    def free(self, size: Size) -> DatabaseWrapper:
        """The connection past the second wall."""
        with self.at(size, FREE_ROLE) as wrapper:
            return wrapper


@contextmanager
def running() -> Iterator[Place]:
    """The cluster, started for the run and stopped after it; what it loaded is kept."""
    cluster = Cluster("bench", durable=False)
    cluster.start()
    place = Place(cluster, databases(cluster))
    try:
        yield place
    finally:
        for wrapper in place.open.values():
            wrapper.close()
        cluster.stop()
