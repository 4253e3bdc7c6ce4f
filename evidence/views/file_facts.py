"""The plain lines of what a file says: device, picture, sound, raster, what else is inside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.metadata.base import EditStep
from evidence.metadata.base import MetadataReading as Said
from evidence.models import MediaFile, MetadataReading
from evidence.views.file_where import altitude_text

_WGS_84 = 4326  # EPSG
_ORIENTATIONS: dict[int, str | Promise] = {
    2: gettext_lazy("mirrored"),
    3: gettext_lazy("turned by 180°"),
    4: gettext_lazy("mirrored top to bottom"),
    5: gettext_lazy("mirrored and turned by 90°"),
    6: gettext_lazy("turned by 90° to the right"),
    7: gettext_lazy("mirrored and turned by 270°"),
    8: gettext_lazy("turned by 90° to the left"),
}


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A plain line: a word and its value."""

    label: str
    value: str


@dataclass(frozen=True, kw_only=True)
class ShownEdit:
    """One entry of a program's history of its edits."""

    what: str
    when: str
    by: str


def facts_of(said: Said, media_file: MediaFile, pixels: MetadataReading | None) -> list[Fact]:
    """The plain lines, only those the file says something for. Serial numbers are not among them."""
    seen = pixels.fields if pixels and pixels.fields else {}
    width, height = said.width or seen.get("width"), said.height or seen.get("height")
    duration_s = said.duration_s if said.duration_s is not None else seen.get("duration_s")
    lines = [
        (_("Camera"), " ".join(part for part in (said.camera_make, said.camera_model) if part)),
        (_("Lens"), said.lens or ""),
        (_("Software"), said.software or ""),
        (_("Size"), f"{width} × {height} px" if width and height else ""),
        (_("Shown"), str(_ORIENTATIONS.get(said.orientation or 1, ""))),
        (_("Duration"), duration_text(duration_s) if duration_s is not None else ""),
        (_("Codec"), _codec(said, seen)),
        (_("Altitude"), _altitude(said)),
        (_("Covers"), covers(said)),
        (_("Coordinate system"), _raster(said)),
        (_("A pixel covers"), _ground_sampling(said)),
        (_("Format"), said.format or media_file.mime_type),
        (_("Also inside"), "; ".join(_inside(said))),
    ]
    return [Fact(label=label, value=value) for label, value in lines if value]


def edits_of(said: Said) -> tuple[ShownEdit, ...]:
    """The steps in the file's order."""
    return tuple(ShownEdit(what=_edit_words(step), when=step.when, by=step.software) for step in said.history)


def _edit_words(step: EditStep) -> str:
    more = ", ".join(part for part in (step.parameters, step.changed) if part)
    return f"{step.action} ({more})" if more else step.action


def duration_text(duration_s: float) -> str:
    """`0:06`, `12:41`, `1:02:03`; under ten seconds with a decimal where there is one."""
    whole = int(duration_s)
    hours, minutes, seconds = whole // 3600, whole // 60 % 60, whole % 60
    if whole < 10 and duration_s != whole:
        return f"{duration_s:.1f} s"
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def _inside(said: Said) -> list[str]:
    """What else lies in the file beside the picture."""
    found = []
    if said.maker_note:
        found.append(_("the maker's own notes"))
    for each in said.thumbnails:
        size = f" {each.width} × {each.height}" if each.width and each.height else ""
        found.append(_("a small picture%(size)s (%(source)s)") % {"size": size, "source": each.source})
    if said.motion_video is not None:
        found.append(
            _("a short video of %(size)s (Motion Photo)") % {"size": filesizeformat(said.motion_video.length)}
        )
    elif said.motion_photo:
        found.append(_("it says that a short video is appended, and none was found (Motion Photo)"))
    return found


def _codec(said: Said, seen: dict[str, Any]) -> str:
    if said.kind != "video":
        return ""
    video = said.video_codec or seen.get("codec") or ""
    rate = said.frame_rate or seen.get("frame_rate")
    parts = [video] if video else []
    if video and rate:
        parts.append(_("%(rate)s frames a second") % {"rate": f"{rate:.2f}".rstrip("0").rstrip(".")})
    if said.audio_codec:
        parts.append(_("sound %(codec)s") % {"codec": said.audio_codec})
    elif video and said.has_audio is False:
        parts.append(_("no sound"))
    return ", ".join(parts)


def _altitude(said: Said) -> str:
    return "" if said.altitude_m is None else altitude_text(said.altitude_m, said.altitude_reference)


def _raster(said: Said) -> str:
    if said.geotiff is None:
        return ""
    name = said.geotiff.citation or ""
    code = f"EPSG:{said.geotiff.epsg}" if said.geotiff.epsg else ""
    return f"{name} ({code})" if name and code else name or code or _("a system that the file does not name")


def _ground_sampling(said: Said) -> str:
    if said.geotiff is None or not said.geotiff.ground_sampling_x_m or not said.geotiff.ground_sampling_y_m:
        return ""
    return f"{said.geotiff.ground_sampling_x_m:.3g} × {said.geotiff.ground_sampling_y_m:.3g} m"


def covers(said: Said) -> str:
    """The rectangle of a raster in its own coordinates; nothing is reprojected here."""
    if said.geotiff is None or not said.geotiff.corners:
        return ""
    x = sorted(corner.x for corner in said.geotiff.corners)
    y = sorted(corner.y for corner in said.geotiff.corners)
    if said.geotiff.epsg == _WGS_84:
        return _("latitude %(south).6f to %(north).6f, longitude %(west).6f to %(east).6f") % {
            "south": y[0], "north": y[-1], "west": x[0], "east": x[-1],
        }  # fmt: skip
    return _("easting %(west).1f to %(east).1f, northing %(south).1f to %(north).1f") % {
        "south": y[0], "north": y[-1], "west": x[0], "east": x[-1],
    }  # fmt: skip
