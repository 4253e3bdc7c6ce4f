"""Where the private servers keep their files and sockets."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import pytest

from scripts import environment, postgres, redis
from scripts.layout import Layout, ServiceUser, SetupError, own_directory, socket_directory, socket_path_fits


@pytest.fixture
def me() -> ServiceUser:
    return ServiceUser(name="me", uid=os.geteuid(), gid=os.getegid())


@pytest.fixture
def layout(tmp_path: Path, me: ServiceUser) -> Layout:
    return Layout(home=tmp_path, data=tmp_path, sockets=Path("/short/run"), user=me, durable=True)


def test_a_socket_path_of_107_bytes_fits_and_one_of_108_does_not():
    # unix(7): sun_path has 108 bytes, the last one for the terminating null.
    longest = 107 - len("/.s.PGSQL.5499") - 1
    assert socket_path_fits(Path("/" + "d" * longest))
    assert not socket_path_fits(Path("/" + "d" * (longest + 1)))


def test_bytes_count_and_not_letters_and_only_plain_letters_are_taken():
    assert not socket_path_fits(Path("/ս" * 40))
    assert not socket_path_fits(Path("/home/a person/run"))
    assert not socket_path_fits(Path("/home/a@b/run"))


@pytest.fixture
def short():
    """A folder with a short path; pytest's own may be too long for a socket."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def test_sockets_of_a_deep_checkout_go_to_a_short_private_directory(tmp_path, short, me, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(short))
    deep = tmp_path / ("d" * 100)
    chosen = socket_directory(deep, me)
    assert chosen.parent == short
    assert stat.S_IMODE(chosen.stat().st_mode) == 0o700
    assert socket_directory(deep, me) == chosen
    assert socket_directory(tmp_path / ("e" * 100), me) != chosen


def test_a_directory_that_is_a_link_is_refused(tmp_path, me):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SetupError, match="belongs to another account"):
        own_directory(tmp_path / "run", me)


def test_a_directory_of_another_account_is_refused(tmp_path, me):
    stranger = ServiceUser(name="stranger", uid=me.uid + 1, gid=me.gid)
    (tmp_path / "run").mkdir()
    with pytest.raises(SetupError, match="another account than stranger"):
        own_directory(tmp_path / "run", stranger)


def test_a_directory_that_was_open_to_others_is_closed(tmp_path, me):
    (tmp_path / "run").mkdir(mode=0o755)
    assert stat.S_IMODE(own_directory(tmp_path / "run", me).stat().st_mode) == 0o700


def test_no_address_has_a_network_port_of_an_ordinary_server(layout):
    settings = environment.local_settings(layout, secret_key="x")
    assert settings["DATABASE_URL"] == "postgis://catalogue@%2Fshort%2Frun:5499/catalogue"
    assert settings["REDIS_URL"] == "unix:///short/run/redis.sock?db=1"
    assert settings["CELERY_BROKER_URL"] == "redis+socket:///short/run/redis.sock?virtual_host=0"
    assert "listen_addresses = ''" in postgres.SETTINGS
    assert "port 0" in redis.configuration(layout).splitlines()


def test_the_settings_are_private_and_the_secret_key_is_made_once(layout):
    first = environment.write(layout)
    assert len(first["SECRET_KEY"]) >= 50
    assert stat.S_IMODE((layout.home / "env").stat().st_mode) == 0o600
    assert environment.read(layout.home / "env") == first
    assert environment.write(layout) == first


def test_two_checkouts_have_different_secret_keys(layout, tmp_path, me):
    (tmp_path / "other").mkdir()
    other = Layout(home=tmp_path / "other", data=tmp_path, sockets=tmp_path, user=me, durable=True)
    assert environment.write(layout)["SECRET_KEY"] != environment.write(other)["SECRET_KEY"]


def test_only_a_cluster_that_is_thrown_away_does_without_fsync():
    assert "fsync" not in postgres.SETTINGS
    assert "fsync = off" in postgres.THROW_AWAY_SETTINGS


def test_data_of_a_version_that_is_gone_are_not_opened_by_another(layout, tmp_path):
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres/PG_VERSION").write_text("9\n", encoding="utf-8")
    with pytest.raises(SetupError, match="PostgreSQL 9, which is not installed"):
        postgres.binaries(layout)
