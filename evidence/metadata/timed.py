"""Tracks of positions that run beside the picture: GoPro, CAMM, Sony and text tracks of MP4 and MOV."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from .base import FilePosition, FileTime, PositionStatus, PositionTrack, TimeBasis, TrackPoint
from .bounds import PARTS_BETWEEN_RELEASES, Data
from .boxes import Box
from .dashcams import dashcam_fixes, unlisted_fixes
from .dji import DjiReader
from .findings import Findings
from .gpmf import read_sample
from .insta360 import insta360_fixes
from .samples import MAX_SAMPLES, Sample, samples, spread
from .timed_text import camm_point, place, sony_point, text_point
from .tracks import Track

MAX_POINTS = 2_000
TRACK_RANK = 65  # after every position that the container itself gives
_SAMPLES_READ = {"gpmd": 240, "rtmd": 600, "text": 1_200, "tx3g": 1_200, "camm": 20_000, "djmd": 2_000}
_NAMES = {
    "gpmd": "GoPro GPMF",
    "camm": "CAMM",
    "rtmd": "Sony rtmd",
    "text": "timed text",
    "tx3g": "timed text",
    "djmd": "DJI",
}
_PROBE = 200  # samples by which it is told how many of a track hold a fix
_TRACK_COST = 10_000  # what a track counts, however few samples of it lie in the file
_Reader = Callable[[Data, int, int, float], tuple[bool, TrackPoint | None]]
_READERS: dict[str, _Reader] = {
    "camm": camm_point,
    "rtmd": sony_point,
    "text": text_point,
    "tx3g": text_point,
}


class _Read:
    """What one track gave: fixes seen, and those that can be used."""

    def __init__(self) -> None:
        self.seen = 0
        self.points: list[TrackPoint] = []
        self.utc: datetime | None = None


def read_position_tracks(
    data: Data, tracks: Sequence[Track], findings: Findings, dashcam: Sequence[Box] = ()
) -> None:
    """Keep the first track with usable positions, its first fix as a position and its first time.

    ``dashcam`` are boxes in which dashcams keep their fixes beside the tracks.
    """
    looked_at = 0
    for track in tracks:
        if track.codec not in _SAMPLES_READ or looked_at > MAX_SAMPLES:
            continue
        with findings.guard("the track of positions"):
            found = samples(data, track.tables, track.time_scale, findings)
            looked_at += len(found) + _TRACK_COST
            read = _read(data, track.codec, found, findings)
            if read.seen:
                _keep(read, _NAMES[track.codec], findings)
            if read.points:
                return
    if dashcam and _kept(*dashcam_fixes(data, dashcam, findings), findings):
        return
    with findings.guard("Insta360's trailer"):
        read = _Read()
        read.seen, read.points = insta360_fixes(data, findings)
        if read.seen:
            read.utc = read.points[0].utc if read.points else None
            _keep(read, "Insta360", findings)
            return
    if not findings.positions and findings.get("camera_make") is None:  # a dashcam names none
        with findings.guard("the dashcam's positions"):
            _kept(*unlisted_fixes(data, findings), findings)


def _kept(name: str, seen: int, points: list[TrackPoint], findings: Findings) -> bool:
    """Keep what a dashcam wrote; whether it was usable."""
    if not seen:
        return False
    read = _Read()
    read.seen, read.points = seen, points
    read.utc = next((point.utc for point in points if point.utc), None)
    _keep(read, name, findings)
    return bool(points)


def _read(data: Data, codec: str, found: Sequence[Sample], findings: Findings) -> _Read:
    read = _Read()
    reader = DjiReader() if codec == "djmd" else _READERS.get(codec)
    chosen: Sequence[Sample] = spread(found, _SAMPLES_READ[codec])
    if reader is not None:
        chosen = _thinned(data, reader, found, chosen)
    findings.budget.spend(len(chosen) // 10)
    for number, sample in enumerate(chosen):
        if number % PARTS_BETWEEN_RELEASES == 0:
            findings.budget.release()
        if reader is None:
            _telemetry(data, sample, read, findings)
            continue
        holds, point = reader(data, sample.start, sample.length, sample.time_s)
        read.seen += holds
        if point is not None:
            read.points.append(point)
            read.utc = read.utc or point.utc
    return read


def _thinned(
    data: Data, reader: _Reader, found: Sequence[Sample], chosen: Sequence[Sample]
) -> Sequence[Sample]:
    """Fewer samples where nearly each holds a fix; all the chosen ones where fixes are rare."""
    probe = chosen[:_PROBE]
    holding = sum(reader(data, each.start, each.length, each.time_s)[0] for each in probe)
    if not holding:
        return chosen
    return spread(found, min(len(chosen), MAX_POINTS * len(probe) // holding))


def _telemetry(data: Data, sample: Sample, read: _Read, findings: Findings) -> None:
    end = sample.start + sample.length
    fixes = read_sample(data, sample.start, end, sample.time_s, sample.duration_s, findings)
    read.seen += fixes.seen
    read.utc = read.utc or fixes.utc
    for point in fixes.points:
        checked = place(
            point.latitude,
            point.longitude,
            point.time_s,
            altitude_m=point.altitude_m,
            speed_mps=point.speed_mps,
            utc=point.utc,
            dilution=point.dilution,
        )
        if checked is not None:
            read.points.append(checked)


def _keep(read: _Read, name: str, findings: Findings) -> None:
    if not read.points:
        findings.offer("track", PositionTrack(name, PositionStatus.INCOMPLETE, read.seen), 60)
        findings.warn(f"The track {name} holds no position with a satellite fix.")
        return
    points = tuple(spread(read.points, MAX_POINTS))
    findings.offer("track", PositionTrack(name, PositionStatus.OK, read.seen, points), 50)
    first = points[0]
    raw = f"{first.latitude} {first.longitude} at {first.time_s:g} s"
    source = f"{name} track, first fix"
    fix = FilePosition(
        first.latitude,
        first.longitude,
        source,
        raw,
        PositionStatus.OK,
        dilution=first.dilution,
        altitude_m=first.altitude_m,
    )
    findings.position(fix, TRACK_RANK)
    if read.utc is not None:
        time = FileTime(None, None, read.utc, TimeBasis.GPS, f"{name} time", read.utc.isoformat())
        findings.time(time, "gps", 71)
