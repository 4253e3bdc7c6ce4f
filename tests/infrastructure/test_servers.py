"""The private PostGIS and Redis for real: started, found again, stopped, and started after a crash."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis as redis_client

from scripts import environment, postgres, redis, services
from scripts.layout import Layout, layout_for


@pytest.fixture(scope="module")
def layout() -> Iterator[Layout]:
    # Not pytest's own directory: it is closed to the account that PostgreSQL runs under when we are root.
    home = Path(tempfile.mkdtemp(prefix="catalogue-test-"))
    home.chmod(0o755)
    layout = layout_for(home=home, durable=False)
    try:
        services.start(layout)
        yield layout
    finally:
        services.stop(layout)
        for directory in (layout.sockets, layout.data, home):
            shutil.rmtree(directory, ignore_errors=True)


def connect(layout: Layout) -> psycopg.Connection:
    address = environment.read(layout.home / "env")["DATABASE_URL"].replace("postgis://", "postgresql://", 1)
    return psycopg.connect(address, autocommit=True)


def ask(layout: Layout, statement: str) -> object:
    with connect(layout) as connection:
        return connection.execute(statement).fetchone()[0]


def listening_inodes(pid: int) -> set[str]:
    """Sockets of a process that listen on TCP, from /proc (proc(5): state 0A is LISTEN)."""
    tables = [
        Path(f"/proc/net/{name}").read_text(encoding="ascii").splitlines()[1:] for name in ("tcp", "tcp6")
    ]
    listening = {row.split()[9] for table in tables for row in table if row.split()[3] == "0A"}
    links = [os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir()]
    return {link[8:-1] for link in links if link.startswith("socket:[")} & listening


def test_the_address_in_the_settings_leads_to_a_database_with_postgis(layout):
    assert ask(layout, "SELECT ST_AsText(ST_Point(46.75, 39.82))") == "POINT(46.75 39.82)"


def test_the_application_has_no_superuser_rights_but_may_make_test_databases(layout):
    assert ask(layout, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    with connect(layout) as connection:
        connection.execute("CREATE DATABASE test_of_the_role")
        connection.execute("DROP DATABASE test_of_the_role")


def test_the_triggers_can_be_stepped_around_in_a_test_cluster_only(layout):
    statement = "SET session_replication_role = replica"
    with connect(layout) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)
    postgres.allow_emptying(layout)
    with connect(layout) as connection:
        connection.execute(statement)


@pytest.mark.skipif(not os.access("/proc/1/fd", os.R_OK), reason="needs to see other accounts' processes")
def test_neither_server_listens_on_the_network(layout):
    for number in (postgres.pid(layout), redis.pid(layout)):
        assert number is not None
        assert listening_inodes(number) == set()


def test_neither_server_runs_as_root(layout):
    for number in (postgres.pid(layout), redis.pid(layout)):
        assert Path(f"/proc/{number}").stat().st_uid != 0


def test_starting_again_leaves_the_running_servers_alone(layout):
    before = (postgres.pid(layout), redis.pid(layout))
    services.start(layout)
    assert (postgres.pid(layout), redis.pid(layout)) == before


def test_data_are_there_after_a_stop_and_a_start(layout):
    with connect(layout) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    services.stop(layout)
    assert not postgres.is_running(layout)
    assert not redis.answers(layout)
    services.start(layout)
    assert ask(layout, "SELECT answer FROM kept") == 42


def test_servers_that_were_killed_start_again_over_their_leftovers(layout):
    killed = (postgres.pid(layout), redis.pid(layout))
    for number in killed:
        os.kill(number, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{number}").exists() for number in killed) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert (layout.postgres_data / "postmaster.pid").exists()
    services.start(layout)
    assert ask(layout, "SELECT 1") == 1
    url = environment.read(layout.home / "env")["REDIS_URL"]
    with redis_client.Redis.from_url(url) as client:
        assert client.ping() is True


def test_a_process_id_that_belongs_to_somebody_else_by_now_is_not_stopped(layout):
    pid_file = layout.redis_data / "redis.pid"
    real = pid_file.read_text(encoding="ascii")
    pid_file.write_text(f"{os.getpid()}\n", encoding="ascii")
    try:
        assert redis.pid(layout) is None
    finally:
        pid_file.write_text(real, encoding="ascii")
