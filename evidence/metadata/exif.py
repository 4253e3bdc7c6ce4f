"""EXIF: walks the directories of a TIFF block and writes position, times, camera and raw tags down."""

from __future__ import annotations

from .apple import apple_maker_note
from .base import FilePosition
from .bounds import MAX_EXIF_BYTES, MAX_IFDS, MAX_TEXT_BYTES, MAX_XMP_BYTES, PARTS_OF_A_BLOCK, Data
from .findings import Findings
from .geotiff import read_geotiff
from .gps import SPEEDS_MPS, Axis, axis, join, text_axis
from .iptc import read_iptc, read_photoshop
from .tag_names import EXIF_ALL, GPS, IMAGE
from .thumbnails import add_thumbnail
from .tiff import Entry, TiffBlock, Value, first_number, numbers, printed, text_of
from .times import camera_time, gps_time, parse_offset
from .xmp import read_xmp

_SUB_DIRECTORIES = {0x8769: "ExifIFD", 0x8825: "GPS", 0xA005: "InteropIFD", 0x014A: "SubIFD"}
_DISTANCES_M = {"K": 1000.0, "M": 1609.344, "N": 1852.0}
_SERIALS = (0xA431, 0xA435, 0xC62F)
_PROGRAMS = (0x0131, 0x000B, 0xA438, 0xA43A, 0xA43B, 0xA43C)
_UTF_16 = range(0x9C9B, 0x9CA0)  # what Windows writes
_WANTED_ELSEWHERE = (0x02BC, 0x83BB, 0x8649)

Tags = dict[int, Value]


def read_exif(
    data: Data,
    findings: Findings,
    *,
    start: int = 0,
    rank: int = 10,
    first_name: str = "IFD0",
    file_offset: int | None = None,
) -> None:
    """Read the TIFF block of an embedded EXIF. ``rank`` orders its position among the file's other ones.

    ``file_offset`` is where ``data`` begins in the file, when that is known.
    """
    if data[start : start + 6] in (b"Exif\0\0", b"Exif\0\xff"):
        start += 6
    with findings.guard("the EXIF block"):
        findings.budget.spend(PARTS_OF_A_BLOCK)
        block = TiffBlock(data, start)
        ExifWalk(block, findings, rank, is_file=False, file_offset=file_offset).walk(first_name)


class ExifWalk:
    """One walk over all directories; each is visited once."""

    def __init__(
        self, block: TiffBlock, findings: Findings, rank: int, *, is_file: bool, file_offset: int | None = 0
    ) -> None:
        self.block = block
        self.findings = findings
        self.rank = rank
        self.file_offset = file_offset
        self.is_file = is_file  # a TIFF file, whose directories are its pictures
        self.image: Tags = {}  # of IFD0
        self.seen: set[int] = set()

    def walk(self, first_name: str) -> None:
        """Walk the chain of directories from the header on, then normalise what they held."""
        waiting = [(self.block.first_ifd, first_name)]
        exif: Tags = {}
        gps: list[Tags] = []
        while waiting and len(self.seen) < MAX_IFDS:
            offset, name = waiting.pop(0)
            if offset in self.seen or offset == 0:
                continue
            self.seen.add(offset)
            with self.findings.guard(f"the directory {name}"):
                tags, more = self._directory(offset, name)
                waiting += more
                if 0x0201 in tags and 0x0202 in tags and name != "GPS":
                    self._thumbnail(tags, name)
                if name == "GPS":
                    gps.append(tags)
                elif name in ("IFD0", "ExifIFD"):
                    for tag, value in tags.items():
                        exif.setdefault(tag, value)
        for tags in gps:
            normalise_gps(tags, self.findings, self.rank)
        normalise_camera(exif, self.findings)

    def _directory(self, offset: int, name: str) -> tuple[Tags, list[tuple[int, str]]]:
        entries, following, cut = self.block.directory(offset, self.findings.budget)
        if cut:
            self.findings.warn(f"The directory {name} of the EXIF block is cut short.")
        tags: Tags = {}
        more: list[tuple[int, str]] = []
        for entry in entries:
            if entry.tag in _SUB_DIRECTORIES and entry.kind in (3, 4, 9, 13, 16, 18):
                more += self._pointers(entry)
            elif entry.tag in _WANTED_ELSEWHERE and name != "GPS":
                self._embedded(entry)
            else:
                self._keep(entry, name, tags)
        if name == "IFD0" or (self.is_file and name.startswith(("IFD", "SubIFD"))):
            self._picture(tags)
        if following and name.startswith("IFD"):
            more.append((following, f"IFD{int(name[3:]) + 1}"))
        return tags, more

    def _thumbnail(self, tags: Tags, name: str) -> None:
        offset, length = first_number(tags[0x0201]), first_number(tags[0x0202])
        if offset and length:
            start = self.block.start + int(offset)
            source = f"EXIF {name}"
            add_thumbnail(self.block.data, start, int(length), source, self.file_offset, self.findings)

    def _pointers(self, entry: Entry) -> list[tuple[int, str]]:
        """Offsets of the directories below, in the order they are listed."""
        with self.findings.guard("the EXIF block"):
            offsets = numbers(self.block.value(entry))[:16]
            return [(int(offset), _SUB_DIRECTORIES[entry.tag]) for offset in offsets]
        return []

    def _keep(self, entry: Entry, name: str, tags: Tags) -> None:
        if not self.block.inside(entry):
            self.findings.warn(f"The EXIF value {_label(entry.tag, name)} lies outside of the file.")
            return
        self.findings.budget.copy(min(entry.length, MAX_TEXT_BYTES))
        value = self.block.value(entry)
        if entry.tag == 0x927C and name != "GPS":
            self.findings.offer("maker_note", True)
            apple_maker_note(self.block, entry, self.findings)
        tags.setdefault(entry.tag, value)
        if not self.findings.keeps_tags:
            return
        if entry.tag in _UTF_16 and name != "GPS":
            value = self.block.whole(entry, MAX_TEXT_BYTES).decode("utf-16-le", "replace").replace("\0", "")
        self.findings.tag(f"EXIF {name}", _label(entry.tag, name), printed(value, entry.length))

    def _picture(self, tags: Tags) -> None:
        """The size of a TIFF file is that of its largest picture; its georeference that of its first."""
        if not self.image:
            self.image = tags
        if not self.is_file:
            return
        width, height = first_number(tags.get(0x0100)), first_number(tags.get(0x0101))
        if width and height and width > 0 and height > 0:
            rank = 1_000_000_000_000_000 - int(width) * int(height)
            self.findings.offer("width", int(width), rank)
            self.findings.offer("height", int(height), rank)
        if 0x87AF in tags or 0x830E in tags or 0x85D8 in tags:
            with self.findings.guard("the georeference"):
                self.findings.offer("geotiff", read_geotiff(tags, self.findings))

    def _embedded(self, entry: Entry) -> None:
        with self.findings.guard("the EXIF block"):
            if entry.tag == 0x02BC:
                read_xmp(self.block.whole(entry, MAX_XMP_BYTES), self.findings)
            elif entry.tag == 0x83BB:
                read_iptc(self.block.whole(entry, MAX_EXIF_BYTES), self.findings)
            else:
                read_photoshop(self.block.whole(entry, MAX_EXIF_BYTES), self.findings)


def _label(tag: int, directory: str) -> str:
    names = GPS if directory == "GPS" else EXIF_ALL if directory == "ExifIFD" else IMAGE
    return names.get(tag) or EXIF_ALL.get(tag) or f"0x{tag:04x}"


def normalise_camera(tags: Tags, findings: Findings) -> None:
    """Camera, software, orientation and times of IFD0 and the Exif directory."""
    findings.offer("camera_make", text_of(tags.get(0x010F)).strip(), 10)
    findings.offer("camera_model", (text_of(tags.get(0x0110)) or text_of(tags.get(0xC614))).strip(), 10)
    findings.offer("lens", text_of(tags.get(0xA434)).strip(), 10)
    orientation = first_number(tags.get(0x0112))
    if orientation is not None and orientation in range(1, 9):
        findings.offer("orientation", int(orientation), 10)
    for tag in _SERIALS:
        findings.serial(text_of(tags.get(tag)))
    for tag in _PROGRAMS:
        findings.program(text_of(tags.get(tag)).strip(), f"The EXIF field {EXIF_ALL[tag]}", 10)
    _times(tags, findings)


def _times(tags: Tags, findings: Findings) -> None:
    texts = {tag: text_of(tags.get(tag)) for tag in (0x9003, 0x9004, 0x0132, 0x9010, 0x9011, 0x9012)}
    rows = (
        (0x9003, 0x9291, 0x9011, "EXIF DateTimeOriginal", 10),
        (0x9004, 0x9292, 0x9012, "EXIF CreateDate", 30),
        (0x0132, 0x9290, 0x9010, "EXIF ModifyDate", 90),
    )
    for tag, subseconds, offset_tag, source, rank in rows:
        if texts[tag]:
            offset = _offset(tag, offset_tag, texts, tags)
            time = camera_time(texts[tag], text_of(tags.get(subseconds)), offset, source)
            findings.time(time, "change" if tag == 0x0132 else "capture", rank)


def _offset(tag: int, offset_tag: int, texts: dict[int, str], tags: Tags) -> str:
    """The time's own offset tag, or that of another time which reads the same second."""
    if parse_offset(texts[offset_tag]) is not None:
        return texts[offset_tag]
    for other, its_offset in ((0x9003, 0x9011), (0x9004, 0x9012), (0x0132, 0x9010)):
        if other != tag and texts[other] == texts[tag] and parse_offset(texts[its_offset]) is not None:
            return texts[its_offset]
    hours = first_number(tags.get(0x882A))
    if hours is not None and tag != 0x0132 and -12 <= hours <= 14 and hours == int(hours):
        return f"{'-' if hours < 0 else '+'}{abs(int(hours)):02d}:00"
    return ""


def normalise_gps(tags: Tags, findings: Findings, rank: int, source: str = "EXIF GPS") -> None:
    """Position, GPS time, heading, speed and destination of a GPS directory."""
    if 2 in tags or 4 in tags:
        findings.position(_fix(tags, source), rank)
    stamp = numbers(tags.get(7))
    findings.time(gps_time(text_of(tags.get(0x1D)), stamp, f"{source} time"), "gps", 70)
    heading = _bearing(first_number(tags.get(0x11)))
    findings.offer("heading_deg", heading, rank)
    if heading is not None:
        findings.offer("heading_reference", _reference(tags.get(0x10)), rank)
    _destination(tags, findings, rank, source)
    movement = _bearing(first_number(tags.get(0x0F)))
    findings.offer("movement_deg", movement, rank)
    if movement is not None:
        findings.offer("movement_reference", _reference(tags.get(0x0E)), rank)
    speed, unit = first_number(tags.get(0x0D)), text_of(tags.get(0x0C)).strip().upper()[:1]
    if speed is not None and speed >= 0 and unit in SPEEDS_MPS:
        findings.offer("speed_mps", round(speed * SPEEDS_MPS[unit], 4), rank)
    if text_of(tags.get(0x09)).strip().upper()[:1] == "V":
        findings.warn("The GPS receiver marked its measurement as void.")
    datum = text_of(tags.get(0x12)).strip()
    if datum and "84" not in datum and datum.upper() != "UNKNOWN":
        findings.warn(f"The position refers to the datum {datum[:40]}, not WGS 84.")


def _destination(tags: Tags, findings: Findings, rank: int, source: str) -> None:
    """What the camera was told to point at: its position, its bearing and how far it is."""
    place = join(_half(tags, 0x14, "NS", 90), _half(tags, 0x16, "EW", 180), source, "")
    if place.status == "ok":
        findings.offer("destination_latitude", place.latitude, rank)
        findings.offer("destination_longitude", place.longitude, rank)
    bearing = _bearing(first_number(tags.get(0x18)))
    findings.offer("destination_bearing_deg", bearing, rank)
    if bearing is not None:
        findings.offer("destination_bearing_reference", _reference(tags.get(0x17)), rank)
    distance, unit = first_number(tags.get(0x1A)), text_of(tags.get(0x19)).strip().upper()[:1]
    if distance is not None and distance >= 0 and unit in _DISTANCES_M:
        findings.offer("destination_distance_m", round(distance * _DISTANCES_M[unit], 3), rank)


def _reference(letter: Value | None) -> str | None:
    """Whether a direction counts from true or from magnetic north."""
    return {"T": "true", "M": "magnetic"}.get(text_of(letter).strip().upper()[:1])


def _half(tags: Tags, tag: int, letters: str, limit: float) -> Axis:
    """Latitude or longitude of a tag; its hemisphere letter is the tag before."""
    reference = text_of(tags.get(tag - 1))
    value = tags.get(tag)
    if isinstance(value, str | bytes):  # against the standard, but found in real files
        return text_axis(text_of(value), reference, letters[0], letters[1], limit)
    return axis(numbers(value), reference, letters[0], letters[1], limit)


def _fix(tags: Tags, source: str) -> FilePosition:
    altitude = first_number(tags.get(0x06))
    level = first_number(tags.get(0x05))
    if altitude is not None and level in (1, 3) and altitude > 0:
        altitude = -altitude
    error_m, dilution = first_number(tags.get(0x1F)), first_number(tags.get(0x0B))
    raw = "; ".join(
        f"{text_of(tags.get(tag - 1)) or '(no reference)'} {_shown(tags.get(tag))}" for tag in (0x02, 0x04)
    )
    return join(
        _half(tags, 0x02, "NS", 90),
        _half(tags, 0x04, "EW", 180),
        source,
        raw,
        horizontal_error_m=error_m if error_m is not None and error_m > 0 else None,
        dilution=dilution if dilution is not None and dilution > 0 else None,
        altitude_m=altitude,
        altitude_reference={0: "sea_level", 1: "sea_level", 2: "ellipsoid", 3: "ellipsoid"}.get(
            int(level) if level is not None else -1
        ),
    )


def _shown(value: Value | None) -> str:
    return "(missing)" if value is None else printed(value, 0)


def _bearing(degrees: float | None) -> float | None:
    if degrees is None or not 0 <= degrees <= 360:
        return None
    return degrees % 360
