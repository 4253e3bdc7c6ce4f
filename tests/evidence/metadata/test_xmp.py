"""XMP: only what the top level says is about this picture."""

from __future__ import annotations

import pytest

from evidence.metadata import MetadataReading, read_bytes

from . import builders as b


def read(packet: bytes) -> MetadataReading:
    return read_bytes(b.jpeg(b.xmp_segment(packet)))


def test_a_place_shown_in_the_picture_is_not_the_cameras_position() -> None:
    shown = (
        "<Iptc4xmpExt:LocationShown><rdf:Bag><rdf:li><rdf:Description>"
        "<exif:GPSLatitude>10,0N</exif:GPSLatitude><exif:GPSLongitude>20,0E</exif:GPSLongitude>"
        "</rdf:Description></rdf:li></rdf:Bag></Iptc4xmpExt:LocationShown>"
        '<Iptc4xmpExt:LocationCreated><rdf:Description exif:GPSLatitude="11,0N" exif:GPSLongitude="21,0E"/>'
        "</Iptc4xmpExt:LocationCreated>"
    )
    reading = read(b.xmp(children=shown))
    assert reading.positions == ()
    assert ("Iptc4xmpExt:LocationShown/exif:GPSLatitude", "10,0N") in [
        (tag.name, tag.value) for tag in reading.raw_tags
    ]


def test_elements_say_the_same_as_attributes() -> None:
    children = "<exif:GPSLatitude>10,30.0S</exif:GPSLatitude><exif:GPSLongitude>20,15,36W</exif:GPSLongitude>"
    fix = read(b.xmp(children=children)).preferred_position
    assert fix is not None
    assert (fix.latitude, fix.longitude) == (pytest.approx(-10.5), pytest.approx(-20.26))


def test_decimal_degrees_without_letter_or_sign_are_not_guessed() -> None:
    (fix,) = read(b.xmp('exif:GPSLatitude="33.85" exif:GPSLongitude="151.21"')).positions
    assert fix.status == "missing_reference"
    (signed,) = read(b.xmp('exif:GPSLatitude="-33.85" exif:GPSLongitude="+151.21"')).positions
    assert (signed.latitude, signed.longitude) == (-33.85, 151.21)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-16"])
def test_wide_encodings_are_read(encoding: str) -> None:
    packet = b.xmp(b.xmp_position(10, -20) + ' tiff:Make="Ձեռք"').decode().encode(encoding)
    reading = read(packet)
    assert reading.camera_make == "Ձեռք"
    assert reading.preferred_position is not None


def test_a_doctype_is_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + b.xmp(
        b.xmp_position(10, 20)
    )
    reading = read(bomb)
    assert reading.positions == ()
    assert reading.warnings == ("The XMP packet declares a DOCTYPE, which XMP never has; it was not read.",)


def test_a_packet_cut_short_gives_what_came_before() -> None:
    packet = b.xmp(b.xmp_position(10, 20), "<tiff:Make>Canon</tiff:Make>")
    reading = read(packet[: packet.index(b"Canon")])
    assert reading.preferred_position is not None
    assert "not well-formed" in reading.warnings[0]


def test_two_packets_in_one_segment_are_both_read() -> None:
    reading = read(b.xmp('tiff:Make="Canon"') + b.xmp(b.xmp_position(10, 20)))
    assert reading.camera_make == "Canon"
    assert reading.preferred_position is not None


def test_extended_xmp_is_put_together_when_the_main_packet_names_it() -> None:
    extended = b.xmp(b.xmp_position(10, 20))
    name, segments = b.extended_xmp_segments(extended)
    main = b.xmp_segment(b.xmp(f'xmpNote:HasExtendedXMP="{name}"'))
    assert read_bytes(b.jpeg(main, *reversed(segments))).preferred_position is not None
    stranger = b.xmp_segment(b.xmp(f'xmpNote:HasExtendedXMP="{"0" * 32}"'))
    assert read_bytes(b.jpeg(stranger, *segments)).positions == ()


def test_a_drones_signed_degrees_are_a_source_of_their_own() -> None:
    packet = b.xmp('drone-dji:GpsLatitude="+39.815300" drone-dji:GpsLongtitude="-46.751900"')
    (fix,) = read(packet).positions
    assert (fix.latitude, fix.longitude, fix.source) == (39.8153, -46.7519, "XMP drone-dji")


def test_editing_history_is_told() -> None:
    history = (
        "<xmpMM:History><rdf:Seq>"
        '<rdf:li stEvt:action="created" stEvt:softwareAgent="Adobe Photoshop 24.0"/>'
        "<rdf:li rdf:parseType='Resource'><stEvt:action>saved</stEvt:action>"
        "<stEvt:when>2023-09-26T10:00:00+04:00</stEvt:when></rdf:li>"
        "</rdf:Seq></xmpMM:History>"
    )
    reading = read(b.xmp('xmp:CreatorTool="Adobe Photoshop 24.0"', history=history))
    assert reading.editing == (
        "XMP CreatorTool names Adobe Photoshop 24.0.",
        "XMP history: created, Adobe Photoshop 24.0.",
        "XMP history: saved, 2023-09-26T10:00:00+04:00.",
    )
