"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

HEAD_BYTES = 4096  # enough for every signature here

_PHOTO_BRANDS = {
    b"heic": "HEIC", b"heix": "HEIC", b"heim": "HEIC", b"heis": "HEIC", b"hevc": "HEIC", b"hevx": "HEIC",
    b"avif": "AVIF", b"avis": "AVIF", b"crx ": "CR3",
}  # fmt: skip
_HEIF_BRANDS = (b"mif1", b"msf1", b"mif2")
_AUDIO_BRANDS = (b"M4A ", b"M4B ", b"M4P ")
_QUICKTIME_ATOMS = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_TIFF_HEADS = (b"II*\0", b"MM\0*", b"II+\0\x08\0\0\0", b"MM\0+\0\x08\0\0")
_OTHER_HEADS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"\xff\x0a", "JXL"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "JXL"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "JP2"),
    (b"8BPS", "PSD"),
    (b"FUJIFILMCCD-RAW", "RAF"),
    (b"IIRO", "ORF"),
    (b"IIRS", "ORF"),
    (b"MMOR", "ORF"),
    (b"IIU\0", "RW2"),
    (b"II\xbc\x01", "JXR"),
    (bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"), "ASF"),
    (b"\0MRM", "MRW"),
    (b"\0MRI", "MRW"),
    (b"FOVb", "X3F"),
    (b"\xff\x01Exiv2", "EXV"),
    (b"%!PS", "EPS"),
    (b"\xc5\xd0\xd3\xc6", "EPS"),
    (b"%PDF-", "PDF"),
    (b"PGF6", "PGF"),
    (b"BPG\xfb", "BPG"),
    (b"Paint Shop Pro Image File\n\x1a", "PSP"),
    (b"~\x10\x04\xfe0MIE", "MIE"),
    (b"~\x18\x04\xfe0MIE", "MIE"),
    (b"\x89LFP\r\n\x1a\n", "LFP"),
    (b"FPF Public Image Format\0", "FPF"),
    (b"\x1f\x07\0\x3f", "DV"),
    (b"\x1f\x07\0\xbf", "DV"),
    (bytes.fromhex("060e2b34020501010d010201"), "MXF"),
)


@dataclass(frozen=True, slots=True)
class SniffedType:
    """A type that may be kept and served. ``extension`` has no dot."""

    mime_type: str
    extension: str
    kind: Literal["photo", "video"]


_ACCEPTED = {
    "JPEG": SniffedType("image/jpeg", "jpg", "photo"),
    "PNG": SniffedType("image/png", "png", "photo"),
    "WebP": SniffedType("image/webp", "webp", "photo"),
    "HEIC": SniffedType("image/heic", "heic", "photo"),
    "AVIF": SniffedType("image/avif", "avif", "photo"),
    "TIFF": SniffedType("image/tiff", "tif", "photo"),
    "GIF": SniffedType("image/gif", "gif", "photo"),
    "MP4": SniffedType("video/mp4", "mp4", "video"),
    "MOV": SniffedType("video/quicktime", "mov", "video"),
    "MKV": SniffedType("video/x-matroska", "mkv", "video"),
    "WebM": SniffedType("video/webm", "webm", "video"),
}


def sniff(head: bytes) -> SniffedType | None:
    """The accepted type of a file that begins with ``head`` (4 kB are enough), or None.

    Audio-only MP4 and formats that browsers and the workers cannot show (raw photos, JPEG XL) are None.
    """
    return _ACCEPTED.get(recognise(head))


def recognise(head: bytes) -> str:
    """The name of the container, also of those that are read but not accepted; "" when unknown."""
    for signature, name in _OTHER_HEADS:
        if head.startswith(signature):
            return name
    if head.startswith(_TIFF_HEADS):
        return "TIFF"
    if head[6:14] == b"HEAPCCDR" and head[:2] in (b"II", b"MM"):
        return "CRW"
    if head[:4] == b"RIFF":
        return {b"WEBP": "WebP", b"AVI ": "AVI"}.get(head[8:12], "")
    if head.startswith(b"\x1aE\xdf\xa3"):
        return _matroska(head)
    if head[4:8] == b"ftyp":
        return _iso_brand(head)
    if _is_transport_stream(head):
        return "M2TS"
    if _is_sidecar(head):
        return "XMP"
    if head[4:8] in _QUICKTIME_ATOMS and _plausible_atom(head):
        return "MOV"
    return _by_inner_mark(head)


def _by_inner_mark(head: bytes) -> str:
    """What only a mark further inside tells."""
    if head[25:32] == b"ARECOYK":
        return "Kyocera"
    if head[4:8] in (b"RED1", b"RED2") and head[:2] == b"\0\0":
        return "R3D"
    if head[8:12] == b"\0\0\0\x7c" and head[124:128] == b"\xff\xd8\xff\xdb":
        return "PMP"
    return "PhotoCD" if head[2048:2055] == b"PCD_IPI" else ""


def _matroska(head: bytes) -> str:
    """By the DocType element, whose length is a number of one to eight bytes."""
    place = head.find(b"\x42\x82", 0, 512) + 2
    if place < 2 or place >= len(head) or not head[place]:
        return ""
    width = 9 - head[place].bit_length()
    length = int.from_bytes(head[place : place + width], "big") & ((1 << 7 * width) - 1)
    doc_type = head[place + width : place + width + min(length, 20)]
    return {b"webm": "WebM", b"matroska": "MKV"}.get(doc_type.rstrip(b"\0"), "")


def _iso_brand(head: bytes) -> str:
    size = int.from_bytes(head[:4], "big")
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, min(size, len(head), 256), 4))]
    if brands[0] in _PHOTO_BRANDS:
        return _PHOTO_BRANDS[brands[0]]
    if brands[0] in _HEIF_BRANDS:
        return next((_PHOTO_BRANDS[brand] for brand in brands if brand in _PHOTO_BRANDS), "HEIC")
    if brands[0] in _AUDIO_BRANDS:
        return "M4A"
    return "MOV" if brands[0] == b"qt  " else "MP4"


def _is_sidecar(head: bytes) -> bool:
    """XML whose root is that of XMP; a byte order mark and comments may stand before it."""
    start = head[:1024].lstrip(b"\xef\xbb\xbf \r\n\t")
    if not start.startswith(b"<"):
        return False
    return any(root in start for root in (b"<x:xmpmeta", b"<x:xapmeta", b"<rdf:RDF", b"<?xpacket begin"))


def _is_transport_stream(head: bytes) -> bool:
    """Packets of 188 bytes, of 192 in AVCHD: each begins with the same letter."""
    return any(
        len(head) > start + 3 * step and all(byte == 0x47 for byte in head[start : start + 8 * step : step])
        for start, step in ((0, 188), (4, 192))
    )


def _plausible_atom(head: bytes) -> bool:
    size = int.from_bytes(head[:4], "big")
    return size >= 8 or size in (0, 1)
