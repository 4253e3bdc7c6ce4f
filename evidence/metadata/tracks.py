"""Tracks of MP4 and MOV: size, rotation, codecs, frame rate and whether there is sound."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from .bounds import Data
from .boxes import Box
from .findings import Findings
from .times import quicktime_time

CODECS = {
    "avc1": "h264", "avc3": "h264", "hvc1": "hevc", "hev1": "hevc", "dvh1": "hevc", "dvhe": "hevc",
    "av01": "av1", "vp08": "vp8", "vp09": "vp9", "mp4v": "mpeg4", "s263": "h263", "jpeg": "mjpeg",
    "mjpa": "mjpeg", "apch": "prores", "apcn": "prores", "apcs": "prores", "apco": "prores",
    "ap4h": "prores", "mp4a": "aac", "ac-3": "ac3", "ec-3": "eac3", "samr": "amr_nb", "sawb": "amr_wb",
    "Opus": "opus", "fLaC": "flac", "alac": "alac", "sowt": "pcm_s16le", "twos": "pcm_s16be", "lpcm": "pcm",
    "ipcm": "pcm", "ulaw": "pcm_mulaw", "alaw": "pcm_alaw", ".mp3": "mp3",
}  # fmt: skip
_ORIENTATIONS = {(1, 0, 0, 1): 1, (0, 1, -1, 0): 6, (-1, 0, 0, -1): 3, (0, -1, 1, 0): 8}


class Track:
    """What the boxes of one track say."""

    def __init__(self) -> None:
        self.handler = b""
        self.codec = ""
        self.width = 0
        self.height = 0
        self.shown_width = 0
        self.shown_height = 0
        self.orientation: int | None = None
        self.seconds: float | None = None
        self.samples = 0
        self.time_scale = 0
        self.tables: dict[bytes, Box] = {}  # of its samples, unread
        self.created: list[tuple[int, str]] = []


def read_track_box(data: Data, box: Box, track: Track) -> bool:
    """Take a box of a track in; False when it is not one that describes the track."""
    if box.kind == b"tkhd":
        _track_header(data, box, track)
    elif box.kind == b"mdhd":
        _media_header(data, box, track)
    elif box.kind == b"hdlr":
        track.handler = track.handler or data[box.start + 8 : box.start + 12]
    elif box.kind == b"stsd":
        code = data[box.start + 12 : box.start + 16].decode("latin-1")
        track.codec = code if code.isascii() and code.isprintable() else ""
        if track.handler == b"vide" and box.end - box.start >= 44:
            track.width, track.height = struct.unpack_from(">HH", data, box.start + 40)
    elif box.kind == b"stts":
        _sample_times(data, box, track)
        track.tables[box.kind] = box
    elif box.kind in (b"stsz", b"stsc", b"stco", b"co64"):
        track.tables[box.kind] = box
    else:
        return False
    return True


def _track_header(data: Data, box: Box, track: Track) -> None:
    wide = data[box.start] == 1
    (created,) = struct.unpack_from(">Q" if wide else ">I", data, box.start + 4)
    track.created.append((created, "QuickTime tkhd CreateDate"))
    at = box.start + (52 if wide else 40)
    a, b, _, c, d = struct.unpack_from(">iiiii", data, at)
    track.orientation = _ORIENTATIONS.get((_sign(a), _sign(b), _sign(c), _sign(d)))
    width, height = struct.unpack_from(">II", data, at + 36)
    track.shown_width, track.shown_height = width >> 16, height >> 16


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _media_header(data: Data, box: Box, track: Track) -> None:
    wide = data[box.start] == 1
    created, _, scale, duration = struct.unpack_from(">QQIQ" if wide else ">IIII", data, box.start + 4)
    track.created.append((created, "QuickTime mdhd CreateDate"))
    track.time_scale = scale
    if scale and duration and duration not in (0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF):
        track.seconds = duration / scale


def _sample_times(data: Data, box: Box, track: Track) -> None:
    (count,) = struct.unpack_from(">I", data, box.start + 4)
    count = min(count, 4_096, (box.end - box.start - 8) // 8)
    if count > 0:
        numbers = struct.unpack_from(f">{2 * count}I", data, box.start + 8)
        track.samples = sum(numbers[::2])


def describe_tracks(tracks: Sequence[Track], findings: Findings) -> None:
    """Write the first video and sound track down."""
    video = next((track for track in tracks if track.handler == b"vide"), None)
    sound = next((track for track in tracks if track.handler == b"soun"), None)
    for track in tracks:
        for seconds, source in track.created:
            findings.time(quicktime_time(seconds, source), "capture", 40)
    if tracks:
        findings.offer("has_audio", sound is not None)
    if sound is not None:
        findings.offer("audio_codec", CODECS.get(sound.codec, sound.codec.strip()))
    if video is None:
        return
    findings.offer("video_codec", CODECS.get(video.codec, video.codec.strip()))
    findings.offer("width", video.width or video.shown_width or None, 10)
    findings.offer("height", video.height or video.shown_height or None, 10)
    findings.offer("orientation", video.orientation, 20)
    findings.offer("duration_s", round(video.seconds, 3) if video.seconds else None, 20)
    if video.seconds and video.samples > 1:
        findings.offer("frame_rate", round(video.samples / video.seconds, 3))
