"""What the faults share: a site of real processes, and the table of what came of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from protocol_portal.embedded import Cluster
from tests.cluster import TestCluster
from tests.conftest import RedisServer
from tests.factories.councils import Town, town
from tests.faults import table
from tests.faults.site import DATABASE, Site, lock_file


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The table, after everything else."""
    if lines := table.lines():
        terminalreporter.section("faults")
        for line in lines:
            terminalreporter.write_line(line)


@pytest.fixture(scope="module")
def site(
    django_db_setup: None, django_db_blocker: Any, test_cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A site with its own durable PostgreSQL, which Django's connections in this process go to as well."""
    with lock_file(), django_db_blocker.unblock():
        room = tmp_path_factory.mktemp("faults")
        redis = RedisServer(room)
        redis.start()
        made = Site(Cluster("faults", durable=True), redis, room)
        kept = dict(connections.settings["default"])
        try:
            made.fill(test_cluster)
            connections.close_all()
            connections.settings["default"].update(
                NAME=DATABASE, USER="portal_app", PASSWORD=made.cluster._state["password"], HOST="127.0.0.1", PORT=str(made.cluster.port)
            )
            yield made
        finally:
            made.stop()
            redis.stop()
            connections.settings["default"].update(kept)


@pytest.fixture(scope="module")
def weston(site: Site) -> Town:
    """The council whose concerns go through the faults."""
    return town("weston")
