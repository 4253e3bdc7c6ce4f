"""`make run` on a machine where something is in its way, and what becomes of its processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts import run
from scripts.layout import SetupError
from scripts.locking import Taken, only_one
from scripts.supervision import Stopped, stop_on_signals

ROOT = Path(__file__).resolve().parents[2]


def test_a_port_that_is_taken_is_named_with_the_way_out(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(SetupError, match=f"Port {port} cannot be used .*make run PORT={port + 1}"):
            run.chosen_port()


@pytest.mark.parametrize("text", ["", "0", "65536", "-1", "http"])
def test_what_is_no_port_is_refused(monkeypatch, text):
    monkeypatch.setenv("PORT", text)
    with pytest.raises(SetupError, match="is not a port number"):
        run.chosen_port()


def test_addresses_of_other_servers_in_the_environment_are_not_used(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgis://production/real")
    monkeypatch.setenv("LOG_FORMAT", "json")
    monkeypatch.setenv("DEBUG", "false")
    variables = run.process_environment({"DATABASE_URL": "postgis://private", "DEBUG": "true"}, 8123)
    assert variables["DATABASE_URL"] == "postgis://private"
    assert variables["LOG_FORMAT"] == "json"
    assert variables["DEBUG"] == "false"
    assert (variables["PORT"], variables["SITE_URL"]) == ("8123", "http://localhost:8123")


def test_a_lock_is_taken_once_names_its_holder_and_is_free_afterwards(tmp_path):
    second = only_one(tmp_path / "lock")
    with only_one(tmp_path / "lock", note="process 7"), pytest.raises(Taken, match="process 7"), second:
        pytest.fail("taken twice")
    with only_one(tmp_path / "lock"):
        assert (tmp_path / "lock").read_text(encoding="utf-8") == ""


# A supervisor with a child, a grandchild whose parent has died, and both process ids on its output.
SUPERVISOR = """
import subprocess, sys, time
from scripts import supervision
supervision.stop_on_signals()
supervision.adopt_orphans()
orphan = "import subprocess; print(subprocess.Popen(['sleep', '300']).pid, flush=True)"
process = supervision.start([sys.executable, "-c", orphan + "; import time; time.sleep({life})"], {{}})
print(process.pid, flush=True)
try:
    supervision.wait(process)
except supervision.Stopped:
    pass
finally:
    supervision.ignore_signals()
    supervision.stop(process, patience_s=5)
    supervision.end_descendants(patience_s=2)
"""


def start_supervisor(*, life: float) -> tuple[subprocess.Popen[str], list[int]]:
    command = [sys.executable, "-c", SUPERVISOR.format(life=life)]
    supervisor = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    return supervisor, [int(supervisor.stdout.readline()) for _ in range(2)]


def gone(pids: list[int], *, within_s: float = 10) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.05)
    return False


def called(pids, name, within_s=10):
    """The process of this name; a new one has its parent's name until it has begun its program."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        for pid in pids:
            if name in Path(f"/proc/{pid}/comm").read_text():
                return pid
        time.sleep(0.02)
    raise AssertionError(f"none of {pids} is called {name}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_polite_end_takes_all_descendants_along(number):
    supervisor, pids = start_supervisor(life=300)
    with supervisor:
        supervisor.send_signal(number)
        assert supervisor.wait(timeout=15) == 0
    assert gone(pids)


def test_when_the_child_ends_by_itself_its_orphan_is_ended_too():
    supervisor, pids = start_supervisor(life=0)
    with supervisor:
        assert supervisor.wait(timeout=15) == 0
    assert gone(pids)


def test_an_adopted_orphan_that_ends_is_buried_at_once():
    supervisor, pids = start_supervisor(life=300)
    with supervisor:
        orphan = called(pids, "sleep")
        child = next(pid for pid in pids if pid != orphan)
        os.kill(orphan, signal.SIGKILL)
        assert not gone([child], within_s=0.5)
        supervisor.terminate()
        assert supervisor.wait(timeout=15) == 0
    assert gone(pids)


def test_a_killed_supervisor_takes_its_child_along():
    supervisor, pids = start_supervisor(life=300)
    with supervisor:
        child = next(pid for pid in pids if "time.sleep" in Path(f"/proc/{pid}/cmdline").read_text())
        supervisor.kill()
        supervisor.wait(timeout=15)
        try:
            assert gone([child])
        finally:
            for pid in set(pids) - {child}:
                os.kill(pid, signal.SIGKILL)


def test_signals_become_an_exception_so_that_tidying_up_happens():
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        stop_on_signals()
        with pytest.raises(Stopped, match="SIGTERM"):
            signal.raise_signal(signal.SIGTERM)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
