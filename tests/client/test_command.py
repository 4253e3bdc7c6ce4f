"""The command, in this process for its statuses and in one of its own for streams and signals."""

import hashlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from catalogue_client.command.main import main
from evidence.models import MediaItem
from tests.client.conftest import QUICK, Told

pytestmark = pytest.mark.django_db(transaction=True)
CLIENT = Path(__file__).resolve().parents[2] / "client/src"


@pytest.fixture
def run(live_server, capsys, tmp_path, monkeypatch):
    """`run("pull", ...)`: status, stdout and stderr, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments, token=None, url=None) -> tuple[int, str, str]:
        environment = {"CATALOGUE_URL": url or live_server.url}
        if token is not None:
            environment["CATALOGUE_TOKEN"] = token
        status = main(arguments, environment)
        return (status, *capsys.readouterr())

    return command


def own_process(*arguments: str, **how) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "catalogue_client", *arguments],
        env={**os.environ, "PYTHONPATH": str(CLIENT), "PYTHONWARNINGS": "error"},
        capture_output=True,
        timeout=60,
        check=False,
        **how,
    )


def test_help_names_every_command_the_token_and_every_status():
    told = own_process("--help").stdout.decode()
    for word in ("pull", "sync", "log", "upload", "CATALOGUE_TOKEN", "history of the shell", "130"):
        assert word in told
    assert own_process("--version").stdout == b"catalogue 0.1.0\n"


def test_there_is_no_option_for_the_token_itself(run, capsys):
    with pytest.raises(SystemExit) as ended:
        run("pull", "--format", "csv", "--token", "secret")
    assert ended.value.code == 2
    assert "unrecognized arguments" in capsys.readouterr().err


def test_pull_keeps_a_file_and_prints_its_digest_as_sha256sum_does(run, verified, published, tmp_path):
    verified(39, 46)
    status, out, err = run("pull", "--output", "points.gpkg")
    digest = hashlib.sha256((tmp_path / "points.gpkg").read_bytes()).hexdigest()
    assert (status, out, err) == (0, f"{digest}  points.gpkg\n", "")
    assert (
        subprocess.run(
            ["sha256sum", "--check"], input=out.encode(), check=False, capture_output=True
        ).returncode
        == 0
    )


def test_pull_without_a_name_writes_into_this_folder_and_json_is_for_programs(
    run, verified, published, tmp_path
):
    verified(39, 46)
    status, out, _err = run("pull", "--format", "timemap", "--json")
    assert status == 0
    told = json.loads(out)
    assert told["output"] == "verified-points.timemap.zip"
    assert (tmp_path / told["output"]).stat().st_size == told["size_bytes"]


def test_pull_takes_every_filter(run, verified, published, tmp_path):
    verified(10, -170, title="Reef")
    verified(39, 46, title="Quay")
    asked = ["--format", "csv", "--investigation", "TEST1", "--published", "--words", "reef"]
    asked += ["--updated-since", "2020-01-01T00:00:00Z", "--bbox=-171,9,-169,11"]
    assert run("pull", *asked)[0] == 0
    kept = (tmp_path / "verified-points.csv").read_text()
    assert "Reef" in kept
    assert "Quay" not in kept
    assert (
        run("pull", "--format", "csv", "--captured-after", "2020-01-01", "--captured-before", "2021-01-01")[0]
        == 0
    )
    assert "Quay" not in (tmp_path / "verified-points.csv").read_text()


def test_pull_to_stdout_is_the_file_alone(live_server, verified, published):
    verified(39, 46, title="Quay")
    done = own_process("pull", "--url", live_server.url, "--format", "geojson", "--output", "-")
    assert done.returncode == 0
    assert json.loads(done.stdout)["features"][0]["properties"]["title"] == "Quay"
    assert done.stderr.decode() == f"{hashlib.sha256(done.stdout).hexdigest()}  -\n"


def test_a_reader_that_goes_away_ends_it_without_a_word(live_server, verified, published):
    verified(39, 46)
    asked = [sys.executable, "-m", "catalogue_client", "pull", "--url", live_server.url, "--format", "kml"]
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, "wb") as output:
        done = subprocess.run(
            [*asked, "--output", "-"],
            env={**os.environ, "PYTHONPATH": str(CLIENT)},
            stdout=output,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert done.returncode == 141
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["pull", "--output", "points.shp"], 2, "Say which --format"),
        (["pull", "--format", "csv", "--updated-since", "2026-11-01T00:00:00"], 3, "updated_since"),
        (["pull", "--format", "csv", "--url", "http://catalogue.example"], 2, "Write https://"),
        (["pull", "--format", "csv", "--url", "http://127.0.0.1:9"], 5, "could not be reached"),
        (["pull", "--format", "csv", "--output", "nowhere/points.csv"], 6, "cannot be written to"),
        (["pull", "--format", "csv", "--token-file", "nothing"], 6, "cannot be read"),
        (["sync", "points.csv"], 6, "does not end with .gpkg"),
        (["sync", "points.gpkg", "--members"], 2, "name it"),
        (["log", "--investigation", "TEST1", "https://t.me/somechannel/1"], 4, ""),
    ],
)
def test_what_goes_wrong_is_one_sentence_and_a_status(
    run, tmp_path, monkeypatch, arguments, status, sentence
):
    monkeypatch.setattr("catalogue_client.catalogue.Patience", lambda: QUICK)
    ended, out, err = run(*arguments)
    assert (ended, out) == (status, "")
    assert err.startswith("catalogue: ")
    assert err.count("\n") == 1
    assert sentence in err
    assert list(tmp_path.glob("*points*")) == []


@pytest.mark.parametrize("text", ["1,2,3", "a,b,c,d", ""])
def test_a_box_that_is_none_is_refused_with_an_example(run, capsys, text):
    with pytest.raises(SystemExit) as ended:
        run("pull", "--format", "csv", f"--bbox={text}")
    assert ended.value.code == 2
    assert "46.5,39.7,46.9,40" in capsys.readouterr().err


def test_a_busy_server_is_status_5(run, scripted, monkeypatch):
    server = scripted()
    server.answers = [Told(status=503, headers={"Retry-After": "9999"})]
    assert run("pull", "--format", "csv", url=server.url)[0] == 5


def test_sync_twice_and_what_it_says(run, verified, published):
    verified(1, 1)
    assert run("sync", "points.gpkg")[:2] == (0, "1 points put, 0 dropped; points.gpkg holds 1.\n")
    status, out, _err = run("sync", "points.gpkg", "--json")
    assert (status, json.loads(out)) == (0, {"put": 0, "dropped": 0, "held": 1})


def test_log_and_upload_say_what_is_new(run, investigation, investigator, token_of, tmp_path, monkeypatch):
    from PIL import Image

    token = token_of(investigator)
    monkeypatch.setattr(
        sys, "stdin", io.StringIO("https://t.me/somechannel/1\n\nhttps://t.me/somechannel/2\n")
    )
    status, out, _err = run("log", "-", "--investigation", "TEST1", "--title", "Smoke", token=token)
    assert status == 0
    assert [line.split()[:2] for line in out.splitlines()] == [["M01", "new"], ["M02", "new"]]
    Image.new("RGB", (64, 48), "navy").save(tmp_path / "a.jpg")
    (tmp_path / "b.exe").write_bytes(b"MZ" + b"\x00" * 100)
    Image.new("RGB", (64, 48), "teal").save(tmp_path / "c.jpg")
    (tmp_path / "token").write_text(token + "\n")
    asked = ["upload", "--investigation", "TEST1", "--token-file", "token", "a.jpg", "b.exe", "c.jpg"]
    status, out, err = run(*asked)
    assert status == 3
    assert [line.split() for line in out.splitlines()] == [["M03", "new", "a.jpg"], ["M04", "new", "c.jpg"]]
    assert err.startswith("catalogue: b.exe: ")
    status, out, _err = run(*asked[:-2], "--json")
    assert (status, json.loads(out)["existed"]) == (0, True)
    assert MediaItem.objects.count() == 4


def test_a_wrong_token_is_status_4_and_never_shown(run, verified, published):
    status, out, err = run("pull", "--format", "csv", token="wrong-token-of-somebody")
    assert (status, out) == (4, "")
    assert "wrong-token-of-somebody" not in err


@pytest.mark.parametrize("ended_by", [signal.SIGTERM, signal.SIGINT])
def test_what_is_interrupted_leaves_no_half_of_a_file(tmp_path, ended_by):
    with socket.create_server(("127.0.0.1", 0)) as server:
        asked = ["pull", "--url", f"http://127.0.0.1:{server.getsockname()[1]}", "--output", "points.csv"]
        running = subprocess.Popen(
            [sys.executable, "-m", "catalogue_client", *asked],
            env={**os.environ, "PYTHONPATH": str(CLIENT)},
            cwd=tmp_path,
            stderr=subprocess.PIPE,
        )
        server.settimeout(30)
        reader, _address = server.accept()
        with reader:
            reader.recv(65536)
            reader.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n" + b"x" * 1_000_000)
            deadline = time.monotonic() + 30
            while not list(tmp_path.iterdir()) and time.monotonic() < deadline:
                time.sleep(0.02)
            assert [each.suffix for each in tmp_path.iterdir()] == [".part"]
            running.send_signal(ended_by)
            _out, told = running.communicate(timeout=30)
    assert running.returncode == 130
    assert told == b"catalogue: Interrupted.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_sees_a_bar_and_a_log_file_does_not(live_server, verified, published, tmp_path):
    import pty

    verified(1, 1)
    leader, follower = pty.openpty()
    asked = ["-m", "catalogue_client", "sync", str(tmp_path / "p.gpkg"), "--url", live_server.url]
    environment = {**os.environ, "PYTHONPATH": str(CLIENT), "TERM": "xterm", "COLUMNS": "100"}
    done = subprocess.run(
        [sys.executable, *asked],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=follower,
        timeout=60,
        check=False,
    )
    os.close(follower)
    shown = os.read(leader, 65536).decode()
    os.close(leader)
    assert done.returncode == 0
    assert "Syncing p.gpkg" in shown
    assert own_process(*asked[2:]).stderr == b""
