"""The private PostgreSQL: comes back after a crash with what was committed, and leaves nothing behind."""

import os

import psycopg
import pytest

from protocol_portal.embedded import VAR, Cluster


@pytest.fixture
def cluster():
    """A durable cluster of this test's own."""
    own = Cluster(f"trial-{os.getpid()}")
    yield own
    own.remove()


def test_killed_server_comes_back_with_what_was_committed(cluster) -> None:
    assert cluster.start() is True
    assert cluster.create_database("trial") is True
    assert cluster.create_database("trial") is False
    with psycopg.connect(cluster.url("portal_owner", "trial"), autocommit=True) as owner:
        owner.execute("CREATE TABLE kept (word text)")
    with psycopg.connect(cluster.url("portal_app", "trial"), autocommit=True) as app:
        app.execute("INSERT INTO kept VALUES ('committed')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("TRUNCATE kept")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("CREATE TABLE mine ()")
    cluster.kill()
    assert cluster.start() is False
    with psycopg.connect(cluster.url("portal_app", "trial")) as app:
        assert app.execute("SELECT word FROM kept").fetchall() == [("committed",)]
    directory = cluster.data
    cluster.remove()
    assert (directory.exists(), (VAR / f"pg-{cluster.purpose}.json").exists()) == (False, False)


def test_server_is_never_run_by_root_and_listens_on_loopback_only(cluster) -> None:
    cluster.start()
    assert os.stat(f"/proc/{cluster.postmaster_pid()}").st_uid != 0 if os.path.exists("/proc") else True
    with cluster.superuser() as connection:
        shown = [connection.execute(f"SHOW {name}").fetchone()[0] for name in ("listen_addresses", "unix_socket_directories", "fsync")]
    assert shown == ["127.0.0.1", "", "on"]
