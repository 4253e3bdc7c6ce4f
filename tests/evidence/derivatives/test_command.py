"""The command line is what workers run: one line of JSON, never a traceback on standard output."""

import json
import sys
from pathlib import Path

import pytest
from PIL import Image

from evidence.derivatives.__main__ import main
from evidence.sandbox import Failure, Success, run_limited
from tests.evidence.derivatives.clips import write_clip

GIB = 1024**3


def run(path: Path, outdir: Path, kind: str) -> Success | Failure:
    return run_limited(
        [sys.executable, "-m", "evidence.derivatives", str(path), str(outdir), "--kind", kind],
        memory_bytes=2 * GIB,
        cpu_seconds=30,
        wall_seconds=60,
        file_size_bytes=64 * 1024**2,
    )


def test_a_photo_in_the_sandbox_gives_a_report(tmp_path: Path) -> None:
    source = tmp_path / "photo.png"
    Image.linear_gradient("L").save(source)
    result = run(source, tmp_path / "out", "photo")
    assert isinstance(result, Success)
    report = json.loads(result.stdout)
    assert [row["role"] for row in report["derivatives"]] == ["thumbnail", "preview"]
    assert (report["width"], report["height"], report["codec"]) == (256, 256, "PNG")
    assert Path(report["derivatives"][0]["path"]) == tmp_path / "out" / "thumbnail.jpg"


def test_a_video_in_the_sandbox_gives_a_report(tmp_path: Path) -> None:
    result = run(write_clip(tmp_path / "clip.mp4"), tmp_path / "out", "video")
    assert isinstance(result, Success)
    report = json.loads(result.stdout)
    assert [row["role"] for row in report["derivatives"]] == ["thumbnail", "poster"]
    assert report["frame_rate"] == 10.0


@pytest.mark.parametrize("kind", ["photo", "video", "contact_sheet", "proxy", "waveform"])
def test_a_file_of_nonsense_ends_with_status_3_and_a_sentence(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "nonsense"
    path.write_bytes(b"nonsense " * 100)
    result = run(path, tmp_path / "out", kind)
    assert isinstance(result, Failure)
    assert result.exit_code == 3
    assert "the original is kept" in json.loads(result.stdout)["error"]


def test_a_surprise_in_a_decoder_is_a_sentence_and_its_traceback_goes_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def explode(*args: object, **kwargs: object) -> None:
        raise RuntimeError("decoder lost its way")

    monkeypatch.setattr("evidence.derivatives.__main__.make_photo_derivatives", explode)
    assert main([str(tmp_path / "x"), str(tmp_path), "--kind", "photo"]) == 3
    said = capsys.readouterr()
    assert json.loads(said.out) == {
        "error": "The file could not be opened; it may be damaged. The original is kept."
    }
    assert "decoder lost its way" in said.err
