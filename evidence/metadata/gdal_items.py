"""When a raster was acquired: items that GDAL and providers of satellite pictures write into TIFF files."""

from __future__ import annotations

import xml.parsers.expat as expat

from .base import FileTime
from .bounds import MAX_XMP_BYTES, FileFault
from .findings import Findings
from .times import camera_time, utc_text

# Letters and digits only, in capitals: providers differ in the rest. The first that is found counts.
_ACQUIRED = (
    "ACQUISITIONDATETIME", "ACQUISITIONTIME", "ACQUISITIONDATE", "ACQUIRED", "COLLECTSTART",
    "COLLECTIONSTART", "COLLECTIONTIME", "COLLECTIONDATETIME", "STARTATUTC", "STARTDATETIME",
    "SENSINGTIME", "SENSINGSTART", "SCENECENTERTIME", "IMAGEDATETIME", "FIRSTLINETIME", "DATETIME",
    "PRODUCTSTARTTIME", "CENTERTIME",
)  # fmt: skip
_MAX_ITEMS = 2_000


def read_gdal_items(text: str, findings: Findings) -> dict[str, str]:
    """The items of the XML in tag 42112 by name; the first of a name counts."""
    items: dict[str, str] = {}
    document = text.strip("\0 \r\n").encode()
    if len(document) > MAX_XMP_BYTES or not document.startswith(b"<"):
        return items
    name: str | None = None
    words: list[str] = []
    seen = 0

    def refuse(*_: object) -> None:
        raise FileFault("The XML of the raster declares a DOCTYPE; it was not read.")

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal name, seen
        seen += 1
        if seen > _MAX_ITEMS:
            raise FileFault("The raster holds more items than a real one; the rest was not read.")
        name = attributes.get("name") if element == "Item" else None
        words.clear()

    def end(element: str) -> None:
        nonlocal name
        if name is not None and name not in items:
            items[name] = "".join(words).strip()
            findings.tag("GDAL", name, items[name])
        name = None

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = words.append
    try:
        parser.Parse(document, True)
    except expat.ExpatError as error:
        findings.warn(f"The XML of the raster is not well-formed ({error}).")
    return items


def acquisition_time(items: dict[str, str]) -> FileTime | None:
    """The time of acquisition among the items; a date alone is none."""
    plain = {"".join(filter(str.isalnum, name.upper())): (name, text) for name, text in items.items()}
    for wanted in _ACQUIRED:
        for key in (wanted, f"TIFFTAG{wanted}"):
            if key in plain:
                name, text = plain[key]
                time = tag_time(text, f"GDAL {name}")
                if time is not None:
                    return time
    return None


def tag_time(text: str, source: str) -> FileTime | None:
    """A written time: UTC when it says so, with its offset, or naive."""
    if text.rstrip("\0 ").upper().endswith(("Z", "UTC")):
        return utc_text(text, source)
    return camera_time(text, "", "", source)
