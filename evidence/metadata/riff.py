"""RIFF: WebP pictures (EXIF and XMP chunks) and the header of AVI videos."""

from __future__ import annotations

import struct

from .bounds import MAX_EXIF_BYTES, MAX_XMP_BYTES, Data, FileFault, take
from .exif import read_exif
from .findings import Findings
from .tiff import decode_text
from .times import camera_time, from_ctime
from .xmp import read_xmp


def read_webp(data: Data, findings: Findings) -> None:
    """Read the chunks of a WebP picture, which may be an animation."""
    milliseconds = 0
    with findings.guard("the WebP"):
        for kind, at, length in _chunks(data, 12, _riff_end(data, findings), findings):
            with findings.guard("a chunk of the WebP"):
                if kind in (b"VP8X", b"VP8 ", b"VP8L"):
                    _webp_size(kind, take(data, at, min(length, 10), "the WebP header"), findings)
                elif kind == b"ANMF":
                    milliseconds += int.from_bytes(data[at + 12 : at + 15], "little")
                elif kind == b"EXIF" and length <= MAX_EXIF_BYTES:
                    read_exif(take(data, at, length, "the EXIF chunk"), findings, file_offset=at)
                elif kind in (b"XMP ", b"XMP\0") and length <= MAX_XMP_BYTES:
                    read_xmp(take(data, at, length, "the XMP chunk"), findings)

    findings.offer("duration_s", milliseconds / 1000 or None)


def _riff_end(data: Data, findings: Findings) -> int:
    (length,) = struct.unpack_from("<I", data, 4)
    if 8 + length > len(data):
        findings.warn("The file ends in the middle of the picture or video; a part of it is missing.")
    return len(data)


def _chunks(data: Data, at: int, end: int, findings: Findings) -> list[tuple[bytes, int, int]]:
    found = []
    while at + 8 <= end:
        findings.budget.spend()
        kind, length = struct.unpack_from("<4sI", data, at)
        found.append((kind, at + 8, length))
        at += 8 + length + length % 2
    return found


def _webp_size(kind: bytes, head: bytes, findings: Findings) -> None:
    if kind == b"VP8X":
        width = 1 + int.from_bytes(head[4:7], "little")
        height = 1 + int.from_bytes(head[7:10], "little")
        rank = 4
    elif kind == b"VP8 ":
        if head[3:6] != b"\x9d\x01\x2a":
            raise FileFault("The WebP holds no picture that begins as one.")
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", head, 6))
        rank = 5
    else:
        (bits,) = struct.unpack_from("<I", head, 1)
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        rank = 5
    findings.offer("width", width, rank)
    findings.offer("height", height, rank)


def read_avi(data: Data, findings: Findings) -> None:
    """Read the headers of an AVI: size, duration, codecs, date, EXIF and XMP."""
    with findings.guard("the AVI"):
        _avi_list(data, 12, _riff_end(data, findings), findings, 0)
    if findings.get("video_codec") is not None:
        findings.offer("has_audio", findings.get("audio_codec") is not None)


def _avi_list(data: Data, start: int, end: int, findings: Findings, depth: int) -> None:
    stream = b""
    for kind, at, length in _chunks(data, start, min(end, len(data)), findings):
        if kind == b"LIST" and depth < 5 and data[at : at + 4] != b"movi":
            _avi_list(data, at + 4, at + length, findings, depth + 1)
        elif length <= MAX_XMP_BYTES:
            body = data[at : at + length] if kind in _AVI_KINDS else b""
            stream = body[:4] if kind == b"strh" else stream
            with findings.guard("a header of the AVI"):
                _avi_chunk(kind, body, stream, findings)


_AVI_KINDS = (b"avih", b"strh", b"strf", b"strd", b"IDIT", b"ICRD", b"ISFT", b"_PMX")


def _avi_chunk(kind: bytes, body: bytes, stream: bytes, findings: Findings) -> None:
    if kind == b"avih":
        frame_us, frames, width, height = struct.unpack_from("<I12xI12xII", body)
        findings.offer("width", width or None)
        findings.offer("height", height or None)
        if frame_us and frames:
            findings.offer("duration_s", round(frame_us * frames / 1e6, 3))
            findings.offer("frame_rate", round(1e6 / frame_us, 3))
    elif kind == b"strf" and stream == b"vids":
        findings.offer("video_codec", decode_text(body[16:20]).strip().lower())
    elif kind == b"strf" and stream == b"auds":
        findings.offer("audio_codec", f"wave format {struct.unpack_from('<H', body)[0]}")
    elif kind == b"strd" and body.startswith(b"AVIF"):
        read_exif(body, findings, start=8)
    elif kind in (b"IDIT", b"ICRD"):
        findings.tag("RIFF", kind.decode(), decode_text(body))
        text = from_ctime(decode_text(body))
        findings.time(camera_time(text, "", "", f"RIFF {kind.decode()}"), "capture", 50)
    elif kind == b"ISFT":
        findings.program(decode_text(body), "The RIFF field ISFT", 40)
    elif kind == b"_PMX":
        read_xmp(body, findings)
