"""Metadata that is a guest in another container, and cameras with containers of their own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from evidence.metadata import MetadataReading, TimeBasis, read_bytes
from evidence.metadata.sniffing import sniff

from . import builders as b
from . import corpus
from . import guest_builders as g

LOCAL = datetime(2023, 9, 25, 14, 3, 11)
PLACE = (-33.8568, 151.2153)
BLOCK = corpus.exif_block(*PLACE)
PACKET = b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>' + b.xmp(
    'xmp:CreateDate="2023-09-25T14:03:11+04:00"'
)
PACKET += b'<?xpacket end="w"?>'
CAMERAS = {
    "a.raw": g.kyocera("2023:09:25 14:03:11"),
    "a.fpf": g.fpf((2023, 9, 25, 14, 3, 11, 250)),
    "a.r3d": g.red((0x1006, "A123"), (0x1005, "20230925140311")),
    "b.r3d": g.red((0x1023, "20230925"), (0x1024, "140311")),
    "a.dv": g.dv(bytes.fromhex("ff250923"), bytes.fromhex("ff110314")),
    "casio.jpg": b.jpeg(g.casio("2023.09.25.14:03:11")),
}
GUESTS = {
    "a.eps": g.eps(PACKET, g.photoshop_exif(BLOCK)),
    "a.pgf": g.pgf(b.png(b.chunk(b"eXIf", BLOCK))),
    "a.bpg": g.bpg(BLOCK, PACKET),
    "a.mie": g.mie(BLOCK, "2023:09:25 14:03:11"),
}


def _read(name: str, content: bytes) -> MetadataReading:
    return read_bytes(content, name)


@pytest.mark.parametrize("name", CAMERAS)
def test_the_date_of_an_old_camera_is_its_clock(name: str) -> None:
    reading = _read(name, CAMERAS[name])
    assert reading.warnings == ()
    assert reading.captured is not None
    assert reading.captured.local is not None
    assert reading.captured.local.replace(microsecond=0) == LOCAL
    assert reading.captured.utc is None


@pytest.mark.parametrize("name", GUESTS)
def test_exif_is_read_wherever_it_is_a_guest(name: str) -> None:
    reading = _read(name, GUESTS[name])
    assert reading.warnings == ()
    fix = reading.preferred_position
    assert fix is not None
    assert (fix.latitude, fix.longitude) == pytest.approx(PLACE, abs=1e-6)
    assert reading.captured is not None
    assert (reading.captured.local, reading.captured.offset_min) == (LOCAL, 240)


@pytest.mark.parametrize("name", [*CAMERAS, *GUESTS])
def test_what_browsers_and_workers_cannot_show_is_read_but_not_accepted(name: str) -> None:
    if name != "casio.jpg":
        assert sniff({**CAMERAS, **GUESTS}[name]) is None


def test_an_eps_without_exif_has_the_date_of_its_xmp_and_without_both_that_of_its_comment() -> None:
    assert _read("a.eps", g.eps(PACKET)).captured == _read("a.bpg", g.bpg(b"", PACKET)).captured
    alone = _read("a.eps", g.eps(b"")).captured
    assert alone is not None
    assert (alone.local, alone.source) == (datetime(2001, 2, 3, 4, 5, 6), "PostScript CreationDate")


def test_an_illustrator_file_that_is_a_pdf_has_the_date_of_its_xmp() -> None:
    reading = _read("a.ai", b"%PDF-1.5\n1 0 obj\nstream\n" + PACKET + b"\nendstream\n%%EOF")
    assert reading.warnings == ()
    assert reading.captured is not None
    assert (reading.captured.local, reading.captured.offset_min) == (LOCAL, 240)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pcd", g.photo_cd(1_695_636_191)),
        ("a.psp", g.psp(1_695_636_191)),
        ("a.lfp", g.lytro("2023-09-25T10:03:11.000Z")),
        ("a.mxf", g.mxf(bytes.fromhex("07e709190a030b00"))),
    ],
)
def test_a_date_that_its_format_defines_as_utc_is_utc(name: str, content: bytes) -> None:
    reading = _read(name, content)
    assert reading.warnings == ()
    assert reading.captured is not None
    assert reading.captured.utc == datetime(2023, 9, 25, 10, 3, 11, tzinfo=UTC)
    assert reading.captured.basis is TimeBasis.UTC_CONTAINER


def test_an_mxf_gives_its_size_and_the_cameras_xml_with_date_and_position() -> None:
    xml = (
        b'<?xml version="1.0"?><NonRealTimeMeta xmlns="urn:x">'
        b'<CreationDate value="2023-09-25T14:03:11+04:00"/>'
        b'<AcquisitionRecord><Group><Item name="LatitudeRef" value="S"/>'
        b'<Item name="Latitude" value="33:51:24.48"/>'
        b'<Item name="LongitudeRef" value="E"/><Item name="Longitude" value="151:12:55.08"/></Group>'
        b"</AcquisitionRecord></NonRealTimeMeta>"
    )
    reading = _read("a.mxf", g.mxf(bytes.fromhex("07e709190a030b00"), xml))
    assert (reading.width, reading.height) == (1920, 1080)
    assert reading.captured is not None
    assert (reading.captured.local, reading.captured.offset_min) == (LOCAL, 240)
    assert reading.preferred_position is not None
    assert reading.preferred_position.latitude == pytest.approx(PLACE[0])


def test_a_thermal_cameras_record_gives_the_offset_that_exif_lacks() -> None:
    exif = b.exif_segment(b.tiff({}, exif=b.time_fields(offset=None)))
    reading = _read("a.jpg", b.jpeg(exif, g.thermal(1_695_636_191, 250, -240)))
    assert reading.captured is not None
    assert (reading.captured.local, reading.captured.offset_min) == (LOCAL, 240)
    assert "FLIR" in reading.captured.source
    assert reading.positions == ()


@pytest.mark.parametrize("place", corpus.PLACES)
def test_a_thermal_cameras_receiver_gives_the_place(place: tuple[float, float]) -> None:
    fix = _read("a.jpg", b.jpeg(g.thermal(1_695_636_191, 250, -240, place))).preferred_position
    assert fix is not None
    assert (fix.latitude, fix.longitude) == place


@pytest.mark.parametrize("name", [*CAMERAS, *GUESTS])
def test_a_file_that_ends_anywhere_is_read_as_far_as_it_goes(name: str) -> None:
    content = {**CAMERAS, **GUESTS}[name]
    for length in range(1, len(content), max(1, len(content) // 60)):
        warnings = _read(name, content[:length]).warnings
        assert not any("unexpected" in warning for warning in warnings)
