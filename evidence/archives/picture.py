"""A screenshot: a picture, of which only its own metadata is read here."""

from __future__ import annotations

from pathlib import Path

from evidence.archives.base import CopyReading, Finding, Refused
from evidence.metadata import read_file


def read_picture(path: Path) -> CopyReading:
    """Its size, and when it was taken if it says so with its offset. Raises Refused for no picture."""
    said = read_file(path)
    if not said.width or not said.height:
        raise Refused("This picture does not say how wide and high it is: it is damaged.")
    captured = said.captured.utc if said.captured else None
    findings = [
        Finding(
            "checked", "note", "A picture carries no digest of what it shows: only its own bytes are kept."
        ),
    ]
    if captured is None:
        findings.append(Finding("capture_time", "open", "The picture does not say when it was taken."))
    return CopyReading(
        captured_at_utc=captured,
        captured_basis="file" if captured else "unknown",
        findings=tuple(findings),
        said={"width": said.width, "height": said.height},
    )
