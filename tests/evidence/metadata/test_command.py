"""``manage.py read_metadata`` prints a line a file and touches no database."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from evidence.metadata import read_file

from . import corpus

ROOT = Path(__file__).parents[3]


def run(*arguments: str) -> list[dict[str, object]]:
    out = io.StringIO()
    call_command("read_metadata", *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_file_gives_one_line_with_its_digest(tmp_path: Path) -> None:
    files = dict(corpus.pictures(*corpus.PLACES[1]))
    paths = [tmp_path / name for name in ("exif.jpg", "exif.heic")]
    for path in paths:
        path.write_bytes(files[path.name])
    lines = run(*map(str, paths))
    assert [line["path"] for line in lines] == list(map(str, paths))
    assert [line["sha256"] for line in lines] == [
        hashlib.sha256(path.read_bytes()).hexdigest() for path in paths
    ]
    assert all(line["preferred"] for line in lines)


def test_the_command_line_says_the_same_without_starting_django(tmp_path: Path) -> None:
    path = tmp_path / "xyz.mov"
    path.write_bytes(dict(corpus.videos(*corpus.PLACES[0]))["xyz.mov"])
    large = tmp_path / "large.jpg"  # beyond what is read in one piece
    large.write_bytes(dict(corpus.pictures(*corpus.PLACES[0]))["exif.jpg"] + b"\0" * 1_100_000)
    listed = f"{path}\n{tmp_path / 'missing.jpg'}\n{large}\n"
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "manage.py", "read_metadata", "-"],
        input=listed, capture_output=True, text=True, check=True, timeout=60, cwd=ROOT,
    )  # fmt: skip
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines == run(str(path), str(tmp_path / "missing.jpg"), str(large))
    assert lines[2]["sha256"] == hashlib.sha256(large.read_bytes()).hexdigest()
    assert "django" not in done.stderr


def test_what_is_no_file_is_said_and_never_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.jpg"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path, Path("/dev/zero")):
        (line,) = run(str(path))
        assert line["sha256"] is None
        assert "cannot be opened" in str(line["warnings"])
        assert "cannot be opened" in read_file(path).warnings[0]


def test_a_dash_takes_the_list_from_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "Стoянка 1.mov"
    path.write_bytes(dict(corpus.videos(*corpus.PLACES[0]))["xyz.mov"])
    listed = f"{path}\n\n{tmp_path / 'missing.jpg'}\n".encode() + b"/tmp/\xff.jpg\n"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(listed)))
    first, second, odd = run("-")
    assert odd["sha256"] is None
    assert first["path"] == str(path)
    assert first["duration_s"] == 12.5
    assert second["sha256"] is None
    assert second["positions"] == []
    assert "cannot be opened" in str(second["warnings"])
