"""The files of the training exercise, one function each, and what a reader should find in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image

from evidence.training import clips
from evidence.training.light import evening, morning, noon, overcast
from evidence.training.overhead import Aerial, draw_overhead
from evidence.training.place import LIGHTHOUSE, Spot
from evidence.training.scene import draw_scene
from evidence.training.stamps import MAKE, MODEL, Stamp, exif_of, geotiff_tags, with_banner
from evidence.training.view import View

try:
    import pillow_heif
except ImportError:  # an optional extra, `heic` in pyproject.toml
    HAS_HEIC_WRITER = False
else:
    HAS_HEIC_WRITER = True

Kind = Literal["photo", "video", "satellite"]
Expected = dict[str, object]
EYE_M = 5.0


@dataclass(frozen=True, slots=True)
class TrainingFile:
    """One made-up file: what a person is told about it, and what its metadata and its picture hold.

    ``expected`` has what the file says (``latitude``, ``longitude`` in degrees on WGS 84, ``heading_deg``
    from true north, ``horizontal_error_m``, times as ISO 8601 text) and, under ``truth``, where it was
    "made". A key is absent where the file says nothing.
    """

    key: str
    filename: str
    kind: Kind
    title: str
    says: str
    expected: Expected


T01_VIEW = View(Spot(159.7477, -58.1434), EYE_M, 296.0, 60.0, 1600, 1067)
T02_VIEW = View(Spot(-64.0, 98.0), EYE_M, 118.0, 66.0, 1280, 853)
T03_VIEW = View(Spot(152.0, 62.0), EYE_M, 299.0, 58.0, 1280, 853)
T04_VIEW = View(Spot(62.0, -176.0), EYE_M, 342.0, 81.4, 1180, 360)
T05_AERIAL = Aerial(Spot(-190.0, 225.0), 0.5, 900, 900)
T06_VIEW = View(Spot(52.0, 214.0), EYE_M, 204.0, 60.0, 900, 600)
T07_VIEW = View(Spot(112.0, -40.0), EYE_M, 268.0, 62.0, 1280, 853)
T08_VIEW = View(Spot(176.0, 108.0), EYE_M, 244.0, 58.0, 1280, 853)
T09_VIEW = View(Spot(16.0, -128.0), EYE_M, 2.0, 64.0, 1280, 853)
T10_VIEW = View(Spot(30.0, 168.0), EYE_M, 205.0, 78.0, 900, 300)

# Sun at each moment: azimuth and apparent elevation in degrees, by NREL's SPA (tested against pvlib).
T01_LIGHT = evening(303.165, 6.648)  # 2025-06-14 18:35:12 UTC
T03_LIGHT = evening(306.566, 4.762)  # 2025-06-14 18:52:10 UTC
T04_LIGHT = evening(300.442, 8.237)  # 2025-06-14 18:21:30 UTC
T05_LIGHT = noon(158.286, 55.542)  # 2025-06-14 10:02:00 UTC
T06_LIGHT = morning(85.594, 25.454)  # 2025-06-15 05:40:05 UTC
T08_LIGHT = noon(217.605, 52.681)  # 2025-06-15 12:30:00 UTC
T09_LIGHT = noon(188.702, 56.748)  # 2025-06-15 11:15:40 UTC


def all_makers() -> tuple[Callable[[Path], TrainingFile], ...]:
    """What makes each file, in order; HEIC only where its optional writer is installed."""
    heic = (t08,) if HAS_HEIC_WRITER else ()
    return (t01, t02, t03, t04, t05, t06, t07, *heic, t09, t10)


def t01(outdir: Path) -> TrainingFile:
    """The photo that says everything."""
    stamp = Stamp(
        at=T01_VIEW.at,
        taken="2025:06:14 20:35:12",
        offset="+02:00",
        altitude_m=6.0,
        heading_deg=T01_VIEW.heading_deg,
        horizontal_error_m=4.74,
        gps_date="2025:06:14",
        gps_time_s=18 * 3600 + 35 * 60 + 12,
    )
    picture = with_banner(draw_scene(T01_VIEW, T01_LIGHT, seed=1), "T01")
    picture.save(outdir / "T01_lighthouse_evening.jpg", quality=86, exif=exif_of(stamp))
    return TrainingFile(
        "T01",
        "T01_lighthouse_evening.jpg",
        "photo",
        "Evening at the lighthouse",
        "A photo with everything: position, its error, true heading, capture time with its offset, camera.",
        {
            **_position(T01_VIEW.at),
            "altitude_m": 6.0,
            "heading_deg": 296.0,
            "heading_reference": "true",
            "horizontal_error_m": 4.74,
            "captured_at": "2025-06-14T20:35:12+02:00",
            "captured_at_utc": "2025-06-14T18:35:12Z",
            **_camera(),
            "truth": _truth(T01_VIEW),
        },
    )


def t02(outdir: Path) -> TrainingFile:
    """The photo that says nothing."""
    picture = with_banner(draw_scene(T02_VIEW, overcast(), seed=2), "T02")
    picture.save(outdir / "T02_from_the_pier.jpg", quality=86)
    return TrainingFile(
        "T02",
        "T02_from_the_pier.jpg",
        "photo",
        "Grey day, from the pier",
        "A photo without any metadata, as messengers send them: it is placed by what it shows.",
        {"truth": _truth(T02_VIEW)},
    )


def t03(outdir: Path) -> TrainingFile:
    """The photo whose clock is wrong."""
    stamp = Stamp(
        at=T03_VIEW.at,
        taken="2025:06:15 09:12:44",
        gps_date="2025:06:14",
        gps_time_s=18 * 3600 + 52 * 60 + 10,
        horizontal_error_m=8.5,
    )
    picture = with_banner(draw_scene(T03_VIEW, T03_LIGHT, seed=3), "T03")
    picture.save(outdir / "T03_wrong_clock.jpg", quality=86, exif=exif_of(stamp))
    return TrainingFile(
        "T03",
        "T03_wrong_clock.jpg",
        "photo",
        "A camera whose clock is wrong",
        "The camera's clock says the morning of 15 June, without an offset; the satellites' time in the same "
        "file says the evening of 14 June, and so does the low sun over the water.",
        {
            **_position(T03_VIEW.at),
            "horizontal_error_m": 8.5,
            "captured_at": "2025-06-15T09:12:44",
            "gps_time_utc": "2025-06-14T18:52:10Z",
            **_camera(),
            "truth": {**_truth(T03_VIEW), "captured_at_utc": "2025-06-14T18:52:10Z"},
        },
    )


def t04(outdir: Path) -> TrainingFile:
    """The video with a position."""
    created = "2025-06-14T18:21:30Z"
    frames = clips.pan(
        T04_VIEW, T04_LIGHT, key="T04", seed=4, width_px=640, seconds=6.0, boat=Spot(-190.0, 100.0)
    )
    clips.write_mp4(
        outdir / "T04_panorama.mp4", frames, at=T04_VIEW.at, altitude_m=6.0, created="2025-06-14T18:21:30Z"
    )
    return TrainingFile(
        "T04",
        "T04_panorama.mp4",
        "video",
        "A turn along the shore",
        "A video with its position as phones write it, to four decimals, and its creation time.",
        {
            "latitude": round(T04_VIEW.at.latitude, 4),
            "longitude": round(T04_VIEW.at.longitude, 4),
            "altitude_m": 6.0,
            "captured_at_utc": created,
            "duration_s": 6.0,
            "width_px": 640,
            "height_px": 360,
            "codec": "h264",
            "truth": _truth(T04_VIEW),
        },
    )


def t05(outdir: Path) -> TrainingFile:
    """The aerial picture."""
    picture = with_banner(draw_overhead(T05_AERIAL, T05_LIGHT, seed=5), "T05")
    tags = geotiff_tags(T05_AERIAL, "2025:06:14 10:02:00")
    picture.save(outdir / "T05_from_above.tif", compression="tiff_adobe_deflate", tiffinfo=tags)
    south_east = Spot(260.0, -225.0)
    middle = Spot(35.0, 0.0)
    return TrainingFile(
        "T05",
        "T05_from_above.tif",
        "satellite",
        "The place from above",
        "A GeoTIFF in EPSG:4326, half a metre a pixel: it can be laid on the map.",
        {
            "epsg": 4326,
            "width_px": 900,
            "height_px": 900,
            "north": T05_AERIAL.corner.latitude,
            "south": south_east.latitude,
            "west": Spot(T05_AERIAL.corner.east_m, 0.0).longitude,
            "east": Spot(south_east.east_m, 0.0).longitude,
            "truth": {"latitude": middle.latitude, "longitude": middle.longitude},
        },
    )


def t06(outdir: Path) -> TrainingFile:
    """The PNG with an eXIf block."""
    stamp = Stamp(at=T06_VIEW.at, taken="2025:06:15 07:40:05", offset="+02:00", horizontal_error_m=12.0)
    picture = with_banner(draw_scene(T06_VIEW, T06_LIGHT, seed=6), "T06")
    picture = picture.quantize(256, dither=Image.Dither.NONE)
    picture.save(outdir / "T06_morning_from_the_north.png", exif=exif_of(stamp))
    return TrainingFile(
        "T06",
        "T06_morning_from_the_north.png",
        "photo",
        "Morning from the north",
        "A PNG whose position is in its eXIf block, where few readers look.",
        {
            **_position(T06_VIEW.at),
            "horizontal_error_m": 12.0,
            "captured_at": "2025-06-15T07:40:05+02:00",
            "captured_at_utc": "2025-06-15T05:40:05Z",
            **_camera(),
            "truth": _truth(T06_VIEW),
        },
    )


def t07(outdir: Path) -> TrainingFile:
    """The photo that is broken on purpose."""
    path = outdir / "T07_cut_short.jpg"
    stamp = Stamp(at=T07_VIEW.at, taken="2025:06:14 12:02:00", offset="+02:00")
    # The words go above: what is below will be lost.
    picture = with_banner(draw_scene(T07_VIEW, T05_LIGHT, seed=7), "T07", above=True)
    picture.save(path, quality=86, exif=exif_of(stamp))
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 58 // 100])
    return TrainingFile(
        "T07",
        "T07_cut_short.jpg",
        "photo",
        "A photo cut short",
        "Broken on purpose: the file ends in the middle of its picture. Its position is still there.",
        {**_position(T07_VIEW.at), "damaged": True, "truth": _truth(T07_VIEW)},
    )


def t08(outdir: Path) -> TrainingFile:
    """The photo as newer phones write it."""
    stamp = Stamp(at=T08_VIEW.at, taken="2025:06:15 14:30:00", offset="+02:00", horizontal_error_m=6.0)
    picture = with_banner(draw_scene(T08_VIEW, T08_LIGHT, seed=8), "T08")
    heif = pillow_heif.from_pillow(picture)
    heif.save(outdir / "T08_over_the_fields.heic", quality=60, exif=exif_of(stamp).tobytes())
    return TrainingFile(
        "T08",
        "T08_over_the_fields.heic",
        "photo",
        "Over the fields",
        "A HEIC photo with its position, as newer phones write it.",
        {
            **_position(T08_VIEW.at),
            "horizontal_error_m": 6.0,
            "captured_at": "2025-06-15T14:30:00+02:00",
            "captured_at_utc": "2025-06-15T12:30:00Z",
            **_camera(),
            "truth": _truth(T08_VIEW),
        },
    )


def t09(outdir: Path) -> TrainingFile:
    """The WebP with a position."""
    stamp = Stamp(at=T09_VIEW.at, taken="2025:06:15 13:15:40", offset="+02:00", heading_deg=2.0)
    picture = with_banner(draw_scene(T09_VIEW, T09_LIGHT, seed=9), "T09")
    picture.save(outdir / "T09_noon_from_the_south.webp", quality=82, method=4, exif=exif_of(stamp))
    return TrainingFile(
        "T09",
        "T09_noon_from_the_south.webp",
        "photo",
        "Noon from the south",
        "A WebP with position and heading.",
        {
            **_position(T09_VIEW.at),
            "heading_deg": 2.0,
            "heading_reference": "true",
            "captured_at": "2025-06-15T13:15:40+02:00",
            "captured_at_utc": "2025-06-15T11:15:40Z",
            **_camera(),
            "truth": _truth(T09_VIEW),
        },
    )


def t10(outdir: Path) -> TrainingFile:
    """The video that says nothing."""
    frames = clips.pan(
        T10_VIEW, noon(200.0, 55.0), key="T10", seed=10, width_px=480, seconds=3.0, boat=Spot(-170, 30)
    )
    clips.write_webm(outdir / "T10_harbour.webm", frames)
    return TrainingFile(
        "T10",
        "T10_harbour.webm",
        "video",
        "Above the harbour",
        "A short WebM without position or time, as platforms hand them out.",
        {
            "duration_s": 3.0,
            "width_px": 480,
            "height_px": 300,
            "codec": "vp8",
            "truth": _truth(T10_VIEW),
        },
    )


def _position(spot: Spot) -> Expected:
    return {"latitude": spot.latitude, "longitude": spot.longitude}


def _camera() -> Expected:
    return {"camera_make": MAKE, "camera_model": MODEL}


def _truth(view: View) -> Expected:
    """Where the camera stood, which way it looked, and the lighthouse as its subject."""
    return {
        **_position(view.at),
        "heading_deg": view.heading_deg,
        "field_of_view_deg": view.field_of_view_deg,
        "subject": _position(LIGHTHOUSE),
        "subject_azimuth_deg": round(view.at.azimuth_deg_to(LIGHTHOUSE), 3),
    }
