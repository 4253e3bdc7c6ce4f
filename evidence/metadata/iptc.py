"""Photoshop resource blocks and the IPTC records in them."""

from __future__ import annotations

import struct

from .bounds import MAX_EXIF_BYTES, MAX_TEXT_BYTES, Data
from .findings import Findings
from .tiff import decode_text
from .times import camera_time

_NAMES = {
    5: "ObjectName", 25: "Keywords", 26: "ContentLocationCode", 27: "ContentLocationName",
    40: "SpecialInstructions", 55: "DateCreated", 60: "TimeCreated", 62: "DigitalCreationDate",
    63: "DigitalCreationTime", 65: "OriginatingProgram", 70: "ProgramVersion", 80: "By-line",
    85: "By-lineTitle", 90: "City", 92: "Sub-location", 95: "Province-State", 100: "Country-Code",
    101: "Country", 103: "TransmissionReference", 105: "Headline", 110: "Credit", 115: "Source",
    116: "CopyrightNotice", 118: "Contact", 120: "Caption", 122: "Writer-Editor",
}  # fmt: skip
IPTC_RESOURCE, EXIF_RESOURCE, XMP_RESOURCE = 0x0404, 0x0422, 0x0424


def photoshop_resources(
    data: Data, findings: Findings, start: int = 0, end: int | None = None
) -> dict[int, bytes]:
    """The resource blocks between two offsets that hold metadata, by their number; the first of each."""
    found: dict[int, bytes] = {}
    at, end = start, len(data) if end is None else end
    while at + 12 <= end and data[at : at + 4] in (b"8BIM", b"MeSa", b"PHUT", b"AgHg", b"DCSR"):
        findings.budget.spend()
        (number,) = struct.unpack_from(">H", data, at + 4)
        name_length = data[at + 6] + 1
        at += 6 + name_length + name_length % 2
        if at + 4 > end:
            break
        (length,) = struct.unpack_from(">I", data, at)
        at += 4
        if at + length > end:
            findings.warn("The file ends in the middle of a Photoshop resource block.")
        if number in (IPTC_RESOURCE, EXIF_RESOURCE, XMP_RESOURCE):
            if length > MAX_EXIF_BYTES:
                findings.warn("A Photoshop resource block is larger than real ones; it was not read.")
            elif number not in found:
                findings.budget.copy(length)
                found[number] = data[at : min(at + length, end)]
        at += length + length % 2
    return found


def read_photoshop(data: bytes, findings: Findings) -> None:
    """The IPTC record of a chain of Photoshop resource blocks."""
    record = photoshop_resources(data, findings).get(IPTC_RESOURCE)
    if record is not None:
        read_iptc(record, findings)


def read_iptc(data: bytes, findings: Findings) -> None:
    """IPTC-IIM application records: raw tags, date and time of creation, program."""
    held: dict[int, str] = {}
    at = 0
    while at + 5 <= len(data) and data[at] == 0x1C:
        findings.budget.spend()
        record, dataset, length = struct.unpack_from(">BBH", data, at + 1)
        at += 5
        if length & 0x8000:  # an extended length: the low bits count the bytes that hold it
            width = length & 0x7FFF
            if width > 4 or at + width > len(data):
                break
            length = int.from_bytes(data[at : at + width], "big")
            at += width
        if at + length > len(data):
            findings.warn("The file ends in the middle of the IPTC record.")
            break
        if record == 2 and dataset in _NAMES:
            text = decode_text(data[at : at + min(length, MAX_TEXT_BYTES)])
            findings.tag("IPTC", _NAMES[dataset], text)
            held.setdefault(dataset, text)
        at += length
    _created(held, findings, 55, 60, "IPTC DateCreated", 36)
    _created(held, findings, 62, 63, "IPTC DigitalCreationDate", 52)
    findings.program(held.get(65), "The IPTC record", 40)


def _created(held: dict[int, str], findings: Findings, date: int, time: int, source: str, rank: int) -> None:
    """CCYYMMDD and HHMMSS±HHMM; a date without its time says nothing about the hour and is not a time."""
    day = held.get(date, "").replace("-", "").replace(":", "")  # some write it with hyphens
    clock = held.get(time, "").replace(":", "")
    if len(day) == 8 and len(clock) >= 6:
        text = f"{day[:4]}:{day[4:6]}:{day[6:]} {clock[:2]}:{clock[2:4]}:{clock[4:6]}"
        findings.time(camera_time(text, "", clock[6:], source), "capture", rank)
