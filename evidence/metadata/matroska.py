"""Matroska and WebM: segment information, tracks and tags. Clusters are skipped, not read."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from .bounds import MAX_DEPTH, MAX_TEXT_BYTES, Data
from .findings import Findings
from .gps import iso_6709
from .tiff import decode_text
from .times import camera_time, utc_after, utc_text

_EPOCH = datetime(2001, 1, 1, tzinfo=UTC)
_SEGMENT, _SEEK_HEAD, _SEEK, _SEEK_ID, _SEEK_POSITION = 0x18538067, 0x114D9B74, 0x4DBB, 0x53AB, 0x53AC
_INFO, _TRACKS, _TAGS, _CLUSTER = 0x1549A966, 0x1654AE6B, 0x1254C367, 0x1F43B675
_SCALE, _DURATION, _DATE, _TITLE, _MUXER, _WRITER = 0x2AD7B1, 0x4489, 0x4461, 0x7BA9, 0x4D80, 0x5741
_TRACK, _TRACK_TYPE, _CODEC, _VIDEO, _FRAME_NS = 0xAE, 0x83, 0x86, 0xE0, 0x23E383
_WIDTH, _HEIGHT = 0xB0, 0xBA
_TAG, _SIMPLE_TAG, _TAG_NAME, _TAG_TEXT = 0x7373, 0x67C8, 0x45A3, 0x4487
_LEVEL_1 = (_INFO, _TRACKS, _TAGS, _SEEK_HEAD)
_MAX_CLUSTERS = 20_000
_LOCATIONS = ("LOCATION", "COM.APPLE.QUICKTIME.LOCATION.ISO6709", "RECORDING_LOCATION", "©XYZ", "XYZ")
_CODECS = {
    "V_MPEG4/ISO/AVC": "h264", "V_MPEGH/ISO/HEVC": "hevc", "V_VP8": "vp8", "V_VP9": "vp9", "V_AV1": "av1",
    "V_MPEG4/ISO/ASP": "mpeg4", "V_MJPEG": "mjpeg", "A_AAC": "aac", "A_OPUS": "opus", "A_VORBIS": "vorbis",
    "A_MPEG/L3": "mp3", "A_AC3": "ac3", "A_FLAC": "flac", "A_PCM/INT/LIT": "pcm",
}  # fmt: skip


class Element(NamedTuple):
    """One EBML element and where its content lies."""

    ident: int
    start: int
    end: int


def elements(data: Data, start: int, end: int, findings: Findings) -> Iterator[Element]:
    """The elements between two offsets; one of unknown size reaches to ``end``."""
    while start < end:
        findings.budget.spend()
        ident, at = _vint(data, start, keep_marker=True)
        size, at = _vint(data, at, keep_marker=False)
        stop = end if size < 0 else at + size
        if stop > end:
            findings.warn("The file ends in the middle of the recording; a part of it is missing.")
            stop = end
        yield Element(ident, at, stop)
        start = stop


def _vint(data: Data, at: int, *, keep_marker: bool) -> tuple[int, int]:
    """A variable-length number and the offset after it; -1 for the reserved "unknown"."""
    first = data[at]
    width = 9 - first.bit_length()
    if first == 0 or at + width > len(data):
        raise ValueError("not an EBML number")
    number = int.from_bytes(data[at : at + width], "big")
    if keep_marker:
        return number, at + width
    number &= (1 << 7 * width) - 1
    return (-1 if number == (1 << 7 * width) - 1 else number), at + width


class _Walk:
    def __init__(self, data: Data, findings: Findings) -> None:
        self.data = data
        self.findings = findings
        self.seen: set[int] = set()
        self.wanted: list[int] = []

    def segment(self, segment: Element) -> None:
        clusters = 0
        for element in elements(self.data, segment.start, segment.end, self.findings):
            if element.ident == _CLUSTER:
                clusters += 1
                if element.end == segment.end or clusters > _MAX_CLUSTERS or (self.wanted and clusters > 1):
                    break  # what stands after the clusters is found through the seek head
                self.findings.budget.left += 1
            self.level_1(element, segment.start)
        for place in self.wanted[:20]:
            if place < segment.end and place not in self.seen:
                with self.findings.guard("a part of the video that its index names"):
                    self.level_1(next(elements(self.data, place, segment.end, self.findings)), segment.start)

    def level_1(self, element: Element, base: int) -> None:
        if element.ident not in _LEVEL_1 or element.start in self.seen:
            return
        self.seen.add(element.start)
        with self.findings.guard("the description of the video"):
            if element.ident == _SEEK_HEAD:
                self.wanted += self._seek_positions(element, base)
            elif element.ident == _INFO:
                self._info(element)
            elif element.ident == _TRACKS:
                for track in elements(self.data, element.start, element.end, self.findings):
                    if track.ident == _TRACK:
                        self._track(track)
            else:
                self._tags(element, 0)

    def _seek_positions(self, element: Element, base: int) -> list[int]:
        places = []
        for seek in elements(self.data, element.start, element.end, self.findings):
            parts = self._values(seek)
            if seek.ident == _SEEK and self._number(parts.get(_SEEK_ID)) in (_INFO, _TRACKS, _TAGS):
                places.append(base + self._number(parts.get(_SEEK_POSITION)))
        return places

    def _values(self, parent: Element) -> dict[int, Element]:
        found: dict[int, Element] = {}
        for element in elements(self.data, parent.start, parent.end, self.findings):
            found.setdefault(element.ident, element)
        return found

    def _bytes(self, element: Element | None) -> bytes:
        return self.data[element.start : min(element.end, element.start + MAX_TEXT_BYTES)] if element else b""

    def _number(self, element: Element | None) -> int:
        return int.from_bytes(self._bytes(element)[:8], "big")

    def _float(self, element: Element | None) -> float:
        raw = self._bytes(element)
        return float(struct.unpack(">f" if len(raw) == 4 else ">d", raw)[0]) if len(raw) in (4, 8) else 0.0

    def _info(self, element: Element) -> None:
        parts = self._values(element)
        scale = self._number(parts.get(_SCALE)) or 1_000_000
        seconds = self._float(parts.get(_DURATION)) * scale / 1e9
        if 0 < seconds < 1e9:
            self.findings.offer("duration_s", round(seconds, 3))
        raw = self._bytes(parts.get(_DATE))
        if len(raw) == 8:
            nanoseconds = int.from_bytes(raw, "big", signed=True)
            if nanoseconds:
                self.findings.time(
                    utc_after(_EPOCH, nanoseconds / 1e9, "Matroska DateUTC", str(nanoseconds)), "capture", 30
                )
        for ident, name in ((_TITLE, "Title"), (_MUXER, "MuxingApp"), (_WRITER, "WritingApp")):
            if ident in parts:
                text = decode_text(self._bytes(parts[ident]))
                self.findings.tag("Matroska", name, text)
                if ident != _TITLE:
                    self.findings.program(text, f"The field {name}", 30 if ident == _WRITER else 40)

    def _track(self, track: Element) -> None:
        parts = self._values(track)
        codec = decode_text(self._bytes(parts.get(_CODEC)))
        kind = self._number(parts.get(_TRACK_TYPE))
        name = _CODECS.get(codec) or _CODECS.get("/".join(codec.split("/")[:1])) or codec
        if kind == 2:
            self.findings.offer("audio_codec", name)
            self.findings.offer("has_audio", True)
        elif kind == 1:
            self.findings.offer("video_codec", name)
            frame_ns = self._number(parts.get(_FRAME_NS))
            if frame_ns:
                self.findings.offer("frame_rate", round(1e9 / frame_ns, 3))
            if _VIDEO in parts:
                video = self._values(parts[_VIDEO])
                self.findings.offer("width", self._number(video.get(_WIDTH)) or None)
                self.findings.offer("height", self._number(video.get(_HEIGHT)) or None)

    def _tags(self, parent: Element, depth: int) -> None:
        name = text = ""
        for element in elements(self.data, parent.start, parent.end, self.findings):
            if element.ident in (_TAG, _SIMPLE_TAG) and depth < MAX_DEPTH:
                self._tags(element, depth + 1)
            elif element.ident == _TAG_NAME:
                name = decode_text(self._bytes(element))
            elif element.ident == _TAG_TEXT:
                text = decode_text(self._bytes(element))
        if name and text:
            self._tag(name, text)

    def _tag(self, name: str, text: str) -> None:
        self.findings.tag("Matroska", name, text)
        upper = name.upper()
        source = f"Matroska {upper}"
        if upper in _LOCATIONS or upper.startswith("LOCATION-"):
            self.findings.position(iso_6709(text, source), 14)
        elif upper in ("DATE_RECORDED", "COM.APPLE.QUICKTIME.CREATIONDATE", "DATE_DIGITIZED"):
            self.findings.time(camera_time(text, "", "", source), "capture", 10)
        elif upper == "CREATION_TIME":
            self.findings.time(utc_text(text, source), "capture", 28)
        elif upper in ("MAKE", "COM.APPLE.QUICKTIME.MAKE"):
            self.findings.offer("camera_make", text)
        elif upper in ("MODEL", "COM.APPLE.QUICKTIME.MODEL"):
            self.findings.offer("camera_model", text)
        elif upper in ("ENCODER", "COM.APPLE.QUICKTIME.SOFTWARE"):
            self.findings.program(text, f"The tag {upper}", 35)


def read_matroska(data: Data, findings: Findings) -> None:
    """Read a Matroska or WebM file."""
    walk = _Walk(data, findings)
    with findings.guard("the Matroska structure"):
        for element in elements(data, 0, len(data), findings):
            if element.ident == _SEGMENT:
                walk.segment(element)
    if findings.get("video_codec") is not None:
        findings.offer("has_audio", False)
    elif findings.get("has_audio") is None:
        findings.warn("The part that describes the recording is missing; the file may be incomplete.")
