"""EXIF: walks the directories of a TIFF block and writes position, times, camera and raw tags down."""

from __future__ import annotations

from .apple import apple_maker_note
from .bounds import MAX_EXIF_BYTES, MAX_IFDS, MAX_TEXT_BYTES, MAX_XMP_BYTES, PARTS_OF_A_BLOCK, Data
from .exif_gps import Tags, normalise_gps
from .findings import Findings
from .geotiff import read_geotiff
from .iptc import read_iptc, read_photoshop
from .tag_names import EXIF_ALL, GPS, IMAGE
from .thumbnails import add_thumbnail
from .tiff import Entry, TiffBlock, first_number, numbers, printed, text_of
from .times import camera_time, parse_offset
from .xmp import read_xmp

_SUB_DIRECTORIES = {0x8769: "ExifIFD", 0x8825: "GPS", 0xA005: "InteropIFD", 0x014A: "SubIFD"}
_SERIALS = (0xA431, 0xA435, 0xC62F)
_PROGRAMS = (0x0131, 0x000B, 0xA438, 0xA43A, 0xA43B, 0xA43C)
_UTF_16 = range(0x9C9B, 0x9CA0)  # what Windows writes
_WANTED_ELSEWHERE = (0x02BC, 0x83BB, 0x8649)


def read_exif(
    data: Data,
    findings: Findings,
    *,
    start: int = 0,
    rank: int = 10,
    first_name: str = "IFD0",
    file_offset: int | None = None,
    of_whole: bool = False,
) -> None:
    """Read the TIFF block of an embedded EXIF. ``rank`` orders its position among the file's other ones.

    ``file_offset`` is where ``data`` begins in the file, when that is known. ``of_whole`` says that the width
    and height of the first directory are the picture's.
    """
    if data[start : start + 6] in (b"Exif\0\0", b"Exif\0\xff"):
        start += 6
    with findings.guard("the EXIF block"):
        findings.budget.spend(PARTS_OF_A_BLOCK)
        block = TiffBlock(data, start)
        walk = ExifWalk(block, findings, rank, is_file=False, file_offset=file_offset)
        walk.walk(first_name)
        if of_whole:
            for name, tag in (("width", 0x0100), ("height", 0x0101)):
                side = first_number(walk.image.get(tag))
                findings.offer(name, int(side) if side and side > 0 else None, 10)


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
        """The size of a TIFF is that of its first page, or where that is a preview of its largest picture."""
        if not self.image:
            self.image = tags
        if not self.is_file:
            return
        self._raw_size(tags)
        width, height = first_number(tags.get(0x0100)), first_number(tags.get(0x0101))
        if width and height and width > 0 and height > 0:
            reduced = int(first_number(tags.get(0x00FE)) or 0) & 1
            first_page = tags is self.image and not reduced
            rank = 15 if first_page else 1_000_000_000_000_000 - int(width) * int(height)
            self.findings.offer("width", int(width), rank)
            self.findings.offer("height", int(height), rank)
        if 0x87AF in tags or 0x830E in tags or 0x85D8 in tags:
            with self.findings.guard("the georeference"):
                self.findings.offer("geotiff", read_geotiff(tags, self.findings))

    def _raw_size(self, tags: Tags) -> None:
        """Panasonic's raw photos give the borders of the picture on the sensor instead of its size."""
        borders = [first_number(tags.get(tag)) for tag in (0x04, 0x05, 0x06, 0x07)]
        if 0x0100 in tags or None in borders:
            return
        top, left, bottom, right = (int(border or 0) for border in borders)
        if bottom > top and right > left:
            self.findings.offer("width", right - left, 20)
            self.findings.offer("height", bottom - top, 20)

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
