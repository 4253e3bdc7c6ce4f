"""What exiftool says, from its JSON.

How it is asked, and why: ``-config ''`` runs no configuration of somebody else's; ``-n`` gives numbers, and
with it signed coordinates; ``-j`` JSON; ``-G1`` the place in the file; ``-a`` tags that occur twice;
``-api LargeFileSupport`` videos beyond 2 GiB. Never ``-fast2``: it leaves out most positions in HEIC and
video. ``-ee`` reads the timed track; as it prints one group a fix, the track is asked for by itself, one line
a fix, and only of videos.
Source: the documentation of Image::ExifTool 12.57.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from .base import Fix, Opinion, moment, number

ARGUMENTS = ("-config", "", "-n", "-j", "-G1", "-a", "-api", "LargeFileSupport=1")
_MARK = "fix:"
TRACK_ARGUMENTS = (
    "-config", "", "-n", "-m", "-q", "-q", "-ee", "-api", "LargeFileSupport=1",
    "-p", _MARK + "${GPSLatitude};${GPSLongitude}",
)  # fmt: skip
_MOST_TAGS = 20_000
_MOST_CHARACTERS = 2_000
_TIME = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?\s*$")
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)$")
# In the order of preference; the last word is the name, the others are groups that may hold it.
_TIMES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("DateTimeOriginal", ("ExifIFD", "IFD0", "SubIFD"), "OffsetTimeOriginal"),
    ("CreationDate", ("Keys", "UserData", "ItemList"), ""),
    ("DateTimeOriginal", ("XMP-exif", "XMP-xmp", "RIFF", "Matroska", "UserData", "Keys"), ""),
    ("ContentCreateDate", ("ItemList", "UserData"), ""),
    ("CreateDate", ("ExifIFD",), "OffsetTimeDigitized"),
    ("DateCreated", ("XMP-photoshop",), ""),
    ("CreateDate", ("XMP-xmp",), ""),
    ("CreateDate", ("QuickTime",), "UTC"),
)
_HEADING_REFERENCES = {"T": "true", "M": "magnetic"}
Json = Mapping[str, Any]


def tags_of_exiftool(answer: Json) -> Iterator[tuple[str, str, str]]:
    """Group, name and value of each tag, without what is about the stored file and not in it."""
    for key, value in list(answer.items())[:_MOST_TAGS]:
        group, _, name = key.rpartition(":")
        if group in ("System", "ExifTool", "") or key == "SourceFile":
            continue
        yield group, name, str(value)[:_MOST_CHARACTERS]


def track_of_exiftool(lines: str) -> list[Fix]:
    """The fixes of a timed track, in the order of the file.

    The first line is about the file as a whole: its own position, or none.
    """
    found = []
    for line in [each for each in lines.splitlines() if each.startswith(_MARK)][1:]:
        latitude, _, longitude = line.removeprefix(_MARK).partition(";")
        fix = _fix(latitude, longitude)
        if fix is not None:
            found.append(fix)
    return found


def opinion_of_exiftool(answer: Json, track: list[Fix]) -> Opinion:
    """The values that decide something, each with the tag it came from."""
    sources: dict[str, str] = {}
    values: dict[str, Any] = {}
    fix = _fix(answer.get("Composite:GPSLatitude"), answer.get("Composite:GPSLongitude"))
    if fix is not None:
        values["latitude"], values["longitude"] = fix
        sources["latitude"] = _where_of(answer, "GPSLatitude", fix.latitude) or "Composite:GPSLatitude"
    for name, value, source in (*_capture(answer), *_heading(answer), *_device(answer), *_extent(answer)):
        values[name] = value
        sources[name] = source
    if track:
        values |= {"track_fixes": len(track), "track_start": tuple(track[0]), "track_end": tuple(track[-1])}
    version = answer.get("ExifTool:ExifToolVersion")
    return Opinion(reader=f"exiftool {version}" if version else "exiftool", sources=sources, **values)


def _fix(latitude: Any, longitude: Any) -> Fix | None:
    north, east = number(latitude), number(longitude)
    if north is None or east is None or abs(north) > 90 or abs(east) > 180:
        return None
    return Fix(north, east)


def _where_of(answer: Json, name: str, value: float) -> str:
    """The first tag of this name that holds the value, apart from what exiftool puts together itself."""
    for key, held in answer.items():
        if key.endswith(f":{name}") and not key.startswith("Composite:"):
            found = number(held)
            if found is not None and abs(abs(found) - abs(value)) < 1e-9:
                return key
    return ""


def _first(answer: Json, name: str, groups: tuple[str, ...]) -> tuple[str, Any] | None:
    keys = (f"{group}:{name}" for group in groups)
    return next(((key, answer[key]) for key in keys if answer.get(key) not in (None, "")), None)


def _capture(answer: Json) -> Iterator[tuple[str, Any, str]]:
    for name, groups, offset_tag in _TIMES:
        found = _first(answer, name, groups)
        parsed = _TIME.match(str(found[1])) if found else None
        if found is None or parsed is None:
            continue
        try:
            local = datetime.fromisoformat("{}-{}-{}T{}:{}:{}".format(*parsed.groups()[:6]))
        except ValueError:
            continue
        yield "captured", moment(local), found[0]
        offset = parsed.group(7) or (
            "Z" if offset_tag == "UTC" else _offset_beside(answer, found[0], offset_tag)
        )
        if (minutes := _minutes(offset)) is not None:
            yield "offset_min", minutes, found[0]
        return


def _offset_beside(answer: Json, key: str, offset_tag: str) -> str:
    group = key.partition(":")[0]
    return (
        str(answer.get(f"{group}:{offset_tag}") or answer.get(f"{group}:OffsetTime") or "")
        if offset_tag
        else ""
    )


def _minutes(offset: str) -> int | None:
    if offset == "Z":
        return 0
    parsed = _OFFSET.match(offset.strip())
    if parsed is None:
        return None
    sign, hours, minutes = parsed.groups()
    return (int(hours) * 60 + int(minutes)) * (-1 if sign == "-" else 1)


def _heading(answer: Json) -> Iterator[tuple[str, Any, str]]:
    found = _first(answer, "GPSImgDirection", ("GPS", "XMP-exif", "Keys", "UserData"))
    degrees = number(found[1]) if found else None
    if found is None or degrees is None or not 0 <= degrees <= 360:
        return
    yield "heading_deg", degrees, found[0]
    reference = _HEADING_REFERENCES.get(str(answer.get(f"{found[0]}Ref", "")))
    if reference:
        yield "heading_reference", reference, found[0]


def _device(answer: Json) -> Iterator[tuple[str, Any, str]]:
    groups = ("IFD0", "Keys", "UserData", "QuickTime", "ItemList", "XMP-tiff", "Matroska", "RIFF")
    for field, name in (("camera_make", "Make"), ("camera_model", "Model")):
        found = _first(answer, name, groups)
        if found:
            yield field, str(found[1]).strip(), found[0]


def _extent(answer: Json) -> Iterator[tuple[str, Any, str]]:
    size = [number(part) for part in str(answer.get("Composite:ImageSize", "")).replace("x", " ").split()]
    match size:
        case [float(width), float(height)] if width > 0 and height > 0:
            yield "width", int(width), "Composite:ImageSize"
            yield "height", int(height), "Composite:ImageSize"
    found = _first(answer, "Duration", ("QuickTime", "Info", "Matroska", "Composite", "RIFF", "Segment"))
    seconds = _seconds(found[1]) if found else None
    if found and seconds is not None and seconds > 0:
        yield "duration_s", seconds, found[0]


def _seconds(value: Any) -> float | None:
    """A number, or Matroska's `00:00:03.000000000`."""
    parts = [number(part) for part in str(value).split(":")]
    if len(parts) != 3:
        return number(value)
    hours, minutes, seconds = parts
    return (
        None if None in parts else float(hours or 0) * 3600 + float(minutes or 0) * 60 + float(seconds or 0)
    )
