"""The files of the training exercise, one function each, and what a reader should find in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image

from evidence.training import clips, shots, track
from evidence.training.light import noon, overcast
from evidence.training.overhead import draw_overhead
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


def all_makers() -> tuple[Callable[[Path], TrainingFile], ...]:
    """What makes each file, in order; HEIC only where its optional writer is installed."""
    heic = (t08,) if HAS_HEIC_WRITER else ()
    return (t01, t02, t03, t04, t05, t06, t07, *heic, t09, t10, t11)


def t01(outdir: Path) -> TrainingFile:
    """The photo that says everything."""
    stamp = Stamp(
        at=shots.T01_VIEW.at,
        taken="2025:06:14 20:35:12",
        offset="+02:00",
        altitude_m=6.0,
        heading_deg=shots.T01_VIEW.heading_deg,
        horizontal_error_m=4.74,
        gps_date="2025:06:14",
        gps_time_s=18 * 3600 + 35 * 60 + 12,
    )
    picture = with_banner(draw_scene(shots.T01_VIEW, shots.T01_LIGHT, seed=1), "T01")
    picture.save(outdir / "T01_lighthouse_evening.jpg", quality=86, exif=exif_of(stamp))
    return TrainingFile(
        "T01",
        "T01_lighthouse_evening.jpg",
        "photo",
        "Evening at the lighthouse",
        "A photo with everything: position, its error, true heading, capture time with its offset, camera.",
        {
            **_position(shots.T01_VIEW.at),
            "altitude_m": 6.0,
            "heading_deg": 296.0,
            "heading_reference": "true",
            "horizontal_error_m": 4.74,
            "captured_at": "2025-06-14T20:35:12+02:00",
            "captured_at_utc": "2025-06-14T18:35:12Z",
            **_camera(),
            "truth": _truth(shots.T01_VIEW),
        },
    )


def t02(outdir: Path) -> TrainingFile:
    """The photo that says nothing."""
    picture = with_banner(draw_scene(shots.T02_VIEW, overcast(), seed=2), "T02")
    picture.save(outdir / "T02_from_the_pier.jpg", quality=86)
    return TrainingFile(
        "T02",
        "T02_from_the_pier.jpg",
        "photo",
        "Grey day, from the pier",
        "A photo without any metadata, as messengers send them: it is placed by what it shows.",
        {"truth": _truth(shots.T02_VIEW)},
    )


def t03(outdir: Path) -> TrainingFile:
    """The photo whose clock is wrong."""
    stamp = Stamp(
        at=shots.T03_VIEW.at,
        taken="2025:06:15 09:12:44",
        gps_date="2025:06:14",
        gps_time_s=18 * 3600 + 52 * 60 + 10,
        horizontal_error_m=8.5,
    )
    picture = with_banner(draw_scene(shots.T03_VIEW, shots.T03_LIGHT, seed=3), "T03")
    picture.save(outdir / "T03_wrong_clock.jpg", quality=86, exif=exif_of(stamp))
    return TrainingFile(
        "T03",
        "T03_wrong_clock.jpg",
        "photo",
        "A camera whose clock is wrong",
        "The camera's clock says the morning of 15 June, without an offset; the satellites' time in the same "
        "file says the evening of 14 June, and so does the low sun over the water.",
        {
            **_position(shots.T03_VIEW.at),
            "horizontal_error_m": 8.5,
            "captured_at": "2025-06-15T09:12:44",
            "gps_time_utc": "2025-06-14T18:52:10Z",
            **_camera(),
            "truth": {**_truth(shots.T03_VIEW), "captured_at_utc": "2025-06-14T18:52:10Z"},
        },
    )


def t04(outdir: Path) -> TrainingFile:
    """The video with a position."""
    created = "2025-06-14T18:21:30Z"
    boat, path = Spot(-190.0, 100.0), outdir / "T04_panorama.mp4"
    view, light = shots.T04_VIEW, shots.T04_LIGHT
    frames = clips.pan(view, light, key="T04", seed=4, width_px=640, seconds=6.0, boat=boat)
    clips.write_mp4(path, frames, at=view.at, altitude_m=6.0, created=created)
    return TrainingFile(
        "T04",
        "T04_panorama.mp4",
        "video",
        "A turn along the shore",
        "A video with its position as phones write it, to four decimals, and its creation time.",
        {
            "latitude": round(shots.T04_VIEW.at.latitude, 4),
            "longitude": round(shots.T04_VIEW.at.longitude, 4),
            "altitude_m": 6.0,
            "captured_at_utc": created,
            "duration_s": 6.0,
            "width_px": 640,
            "height_px": 360,
            "codec": "h264",
            "truth": _truth(shots.T04_VIEW),
        },
    )


def t05(outdir: Path) -> TrainingFile:
    """The aerial picture."""
    picture = with_banner(draw_overhead(shots.T05_AERIAL, shots.T05_LIGHT, seed=5), "T05")
    tags = geotiff_tags(shots.T05_AERIAL, "2025:06:14 10:02:00")
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
            "north": shots.T05_AERIAL.corner.latitude,
            "south": south_east.latitude,
            "west": Spot(shots.T05_AERIAL.corner.east_m, 0.0).longitude,
            "east": Spot(south_east.east_m, 0.0).longitude,
            "truth": {"latitude": middle.latitude, "longitude": middle.longitude},
        },
    )


def t06(outdir: Path) -> TrainingFile:
    """The PNG with an eXIf block."""
    stamp = Stamp(at=shots.T06_VIEW.at, taken="2025:06:15 07:40:05", offset="+02:00", horizontal_error_m=12.0)
    picture = with_banner(draw_scene(shots.T06_VIEW, shots.T06_LIGHT, seed=6), "T06")
    picture = picture.quantize(256, dither=Image.Dither.NONE)
    picture.save(outdir / "T06_morning_from_the_north.png", exif=exif_of(stamp))
    return TrainingFile(
        "T06",
        "T06_morning_from_the_north.png",
        "photo",
        "Morning from the north",
        "A PNG whose position is in its eXIf block, where few readers look.",
        {
            **_position(shots.T06_VIEW.at),
            "horizontal_error_m": 12.0,
            "captured_at": "2025-06-15T07:40:05+02:00",
            "captured_at_utc": "2025-06-15T05:40:05Z",
            **_camera(),
            "truth": _truth(shots.T06_VIEW),
        },
    )


def t07(outdir: Path) -> TrainingFile:
    """The photo that is broken on purpose."""
    path = outdir / "T07_cut_short.jpg"
    stamp = Stamp(at=shots.T07_VIEW.at, taken="2025:06:14 12:02:00", offset="+02:00")
    # The words go above: what is below will be lost.
    picture = with_banner(draw_scene(shots.T07_VIEW, shots.T05_LIGHT, seed=7), "T07", above=True)
    picture.save(path, quality=86, exif=exif_of(stamp))
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 58 // 100])
    return TrainingFile(
        "T07",
        "T07_cut_short.jpg",
        "photo",
        "A photo cut short",
        "Broken on purpose: the file ends in the middle of its picture. Its position is still there.",
        {**_position(shots.T07_VIEW.at), "damaged": True, "truth": _truth(shots.T07_VIEW)},
    )


def t08(outdir: Path) -> TrainingFile:
    """The photo as newer phones write it."""
    stamp = Stamp(at=shots.T08_VIEW.at, taken="2025:06:15 14:30:00", offset="+02:00", horizontal_error_m=6.0)
    picture = with_banner(draw_scene(shots.T08_VIEW, shots.T08_LIGHT, seed=8), "T08")
    heif = pillow_heif.from_pillow(picture)
    heif.save(outdir / "T08_over_the_fields.heic", quality=60, exif=exif_of(stamp).tobytes())
    return TrainingFile(
        "T08",
        "T08_over_the_fields.heic",
        "photo",
        "Over the fields",
        "A HEIC photo with its position, as newer phones write it.",
        {
            **_position(shots.T08_VIEW.at),
            "horizontal_error_m": 6.0,
            "captured_at": "2025-06-15T14:30:00+02:00",
            "captured_at_utc": "2025-06-15T12:30:00Z",
            **_camera(),
            "truth": _truth(shots.T08_VIEW),
        },
    )


def t09(outdir: Path) -> TrainingFile:
    """The WebP with a position."""
    stamp = Stamp(at=shots.T09_VIEW.at, taken="2025:06:15 13:15:40", offset="+02:00", heading_deg=2.0)
    picture = with_banner(draw_scene(shots.T09_VIEW, shots.T09_LIGHT, seed=9), "T09")
    picture.save(outdir / "T09_noon_from_the_south.webp", quality=82, method=4, exif=exif_of(stamp))
    return TrainingFile(
        "T09",
        "T09_noon_from_the_south.webp",
        "photo",
        "Noon from the south",
        "A WebP with position and heading.",
        {
            **_position(shots.T09_VIEW.at),
            "heading_deg": 2.0,
            "heading_reference": "true",
            "captured_at": "2025-06-15T13:15:40+02:00",
            "captured_at_utc": "2025-06-15T11:15:40Z",
            **_camera(),
            "truth": _truth(shots.T09_VIEW),
        },
    )


def t10(outdir: Path) -> TrainingFile:
    """The video that says nothing."""
    frames = clips.pan(
        shots.T10_VIEW, noon(200.0, 55.0), key="T10", seed=10, width_px=480, seconds=3.0, boat=Spot(-170, 30)
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
            "truth": _truth(shots.T10_VIEW),
        },
    )


def t11(outdir: Path) -> TrainingFile:
    """The video that says where it was at each half second."""
    created, path = "2025-06-15T10:58:20Z", outdir / "T11_on_the_way.mp4"
    view = shots.T11_VIEW
    frames = clips.pan(
        view, shots.T11_LIGHT, key="T11", seed=11, width_px=480, seconds=6.0, boat=Spot(-170, 30)
    )
    clips.write_mp4(path, frames, at=view.at, altitude_m=6.0, created=created)
    spots = track.along(view.at, shots.T11_END, 12)
    path.write_bytes(track.with_track(path.read_bytes(), spots, step_s=0.5, altitude_m=6.0))
    return TrainingFile(
        "T11",
        path.name,
        "video",
        "On the way along the shore",
        "A video with a track of positions, one every half second, as some cameras write them.",
        {
            "latitude": round(view.at.latitude, 4),
            "longitude": round(view.at.longitude, 4),
            "altitude_m": 6.0,
            "captured_at_utc": created,
            "duration_s": 6.0,
            "track": [_position(spot) for spot in spots],
            "truth": _truth(view),
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
