"""The NonRealTimeMeta XML that Sony's cameras write beside a recording: date with offset, device, GPS."""

from __future__ import annotations

import xml.parsers.expat as expat

from .bounds import MAX_XMP_BYTES, MAX_XMP_ELEMENTS, PARTS_OF_A_BLOCK, Data, FileFault
from .findings import Findings
from .gps import join, text_axis
from .times import camera_time

_RANK = 14


def read_camcorder_xml(data: Data, start: int, end: int, findings: Findings) -> None:
    """Read the content of an ``xml `` box; XML of another kind only leaves its raw tags out."""
    if end - start > MAX_XMP_BYTES:
        raise FileFault("The XML beside the recording is larger than a real one; it was not read.")
    document = data[start:end].strip(b"\0 \r\n\t")
    if b"NonRealTimeMeta" not in document[:2_000]:
        return
    findings.budget.copy(len(document))
    findings.budget.spend(PARTS_OF_A_BLOCK)
    gps: dict[str, str] = {}
    elements = 0

    def refuse(*_: object) -> None:
        raise FileFault("The XML beside the recording declares a DOCTYPE; it was not read.")

    def element(name: str, attributes: dict[str, str]) -> None:
        nonlocal elements
        elements += 1
        if elements > MAX_XMP_ELEMENTS:
            raise FileFault("The XML beside the recording is larger than a real one; it was not read.")
        _element(name.rpartition(" ")[2], attributes, gps, findings)

    parser = expat.ParserCreate(None, " ")
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = element
    try:
        parser.Parse(document, True)
    except expat.ExpatError as error:
        findings.warn(f"The XML beside the recording is not well-formed ({error}).")
    _position(gps, findings)


def _element(name: str, attributes: dict[str, str], gps: dict[str, str], findings: Findings) -> None:
    value = attributes.get("value", "")
    if name == "CreationDate":
        findings.tag("Sony XML", name, value)
        findings.time(camera_time(value, "", "", "Sony XML CreationDate"), "capture", 9)
    elif name == "Device":
        findings.offer("camera_make", attributes.get("manufacturer"), 20)
        findings.offer("camera_model", attributes.get("modelName"), 20)
        findings.serial(attributes.get("serialNo", ""))
    elif name == "Item" and attributes.get("name"):
        findings.tag("Sony XML", attributes["name"], value)
        gps.setdefault(attributes["name"], value)


def _position(gps: dict[str, str], findings: Findings) -> None:
    latitude, longitude = gps.get("Latitude", ""), gps.get("Longitude", "")
    if latitude or longitude:
        fix = join(
            text_axis(latitude, gps.get("LatitudeRef", ""), "N", "S", 90),
            text_axis(longitude, gps.get("LongitudeRef", ""), "E", "W", 180),
            "Sony XML",
            f"{gps.get('LatitudeRef', '')} {latitude}; {gps.get('LongitudeRef', '')} {longitude}",
        )
        findings.position(fix, _RANK)
