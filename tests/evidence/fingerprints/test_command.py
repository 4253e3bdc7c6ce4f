"""What workers run: one line of JSON, never a traceback on standard output."""

import json
import sys
from pathlib import Path

import pytest

from evidence.fingerprints.__main__ import main
from evidence.sandbox import Failure, Success, Watch, run_limited
from tests.evidence.fingerprints.scenes import film, scene


def run(path: Path, kind: str, watch: Watch | None = None) -> Success | Failure:
    return run_limited(
        [sys.executable, "-m", "evidence.fingerprints", str(path), "--kind", kind],
        memory_bytes=2 * 1024**3,
        cpu_seconds=30,
        wall_seconds=60,
        file_size_bytes=1024**2,
        watch=watch,
    )


def test_a_photo_in_the_sandbox_gives_six_fingerprints(tmp_path: Path) -> None:
    scene(1).save(tmp_path / "photo.jpg")
    result = run(tmp_path / "photo.jpg", "photo")
    assert isinstance(result, Success)
    rows = json.loads(result.stdout)["fingerprints"]
    assert [(row["algorithm"], row["is_mirrored"], len(row["hash"])) for row in rows] == [
        (name, is_mirrored, length)
        for is_mirrored in (False, True)
        for name, length in (("pdq256", 64), ("phash64", 16), ("dhash64", 16))
    ]


def test_a_video_in_the_sandbox_gives_keyframes_with_times(tmp_path: Path) -> None:
    told: list[int] = []
    watch = Watch(told=told.append, silence_seconds=60)
    result = run(film(tmp_path / "film.mp4", (1, 2, 3), shot_s=2), "video", watch)
    assert isinstance(result, Success)
    report = json.loads(result.stdout)
    assert report["duration_s"] == pytest.approx(6, abs=0.2)
    assert {row["algorithm"] for row in report["fingerprints"]} == {"pdq256"}
    assert report["fingerprints"][0]["time_s"] == 0.0
    assert told, "it says how far it is"
    assert told == sorted(told)


@pytest.mark.parametrize("kind", ["photo", "video"])
def test_what_cannot_be_opened_ends_with_a_sentence(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"nothing of the kind")
    assert main([str(path), "--kind", kind]) == 3
    assert "original is kept" in json.loads(capsys.readouterr().out)["error"]
    assert main([str(tmp_path / "gone"), "--kind", kind]) == 3
    assert json.loads(capsys.readouterr().out)["error"] == "The file is not there."
