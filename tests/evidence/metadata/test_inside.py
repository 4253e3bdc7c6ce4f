"""What lies inside a file beside the picture: thumbnails, the video of a Motion Photo, editing history."""

from __future__ import annotations

import struct

import pytest

from evidence.metadata import MetadataReading, read_bytes
from evidence.metadata.base import EditStep

from . import builders as b

VIDEO = b.movie(brand=b"mp42")
CONTAINER = "http://ns.google.com/photos/1.0/container/"


def test_a_thumbnail_is_found_where_it_lies() -> None:
    thumbnail = b.jpeg(width=160, height=120)
    content = b.jpeg(b.exif_segment(b.with_thumbnail(b.tiff(b.camera_fields()), thumbnail)))
    (found,) = read_bytes(content).thumbnails
    assert found.offset is not None
    assert content[found.offset : found.offset + found.length] == thumbnail
    assert (found.source, found.width, found.height) == ("EXIF IFD1", 160, 120)


@pytest.mark.parametrize("container", ["png", "webp", "heic", "tif"])
def test_a_thumbnails_place_counts_from_the_files_beginning(container: str) -> None:
    thumbnail = b.jpeg(width=160, height=120)
    block = b.with_thumbnail(b.tiff(b.camera_fields()), thumbnail)
    files = {
        "png": b.png(b.chunk(b"eXIf", block)),
        "webp": b.webp((b"EXIF", block)),
        "heic": b.heif(block),
        "tif": block,
    }
    content = files[container]
    (found,) = read_bytes(content).thumbnails
    assert found.offset is not None
    assert content[found.offset : found.offset + found.length] == thumbnail


def test_a_thumbnail_outside_of_the_file_is_a_warning() -> None:
    block = b.with_thumbnail(b.tiff({}), b.jpeg())[:-20]
    reading = read_bytes(b.jpeg(b.exif_segment(block)))
    assert reading.thumbnails == ()
    assert reading.warnings == ("The embedded thumbnail lies outside of the file.",)


def motion_packet(length: int, padding: int = 0) -> bytes:
    items = (
        '<rdf:li rdf:parseType="Resource"><Container:Item Item:Mime="image/jpeg" Item:Semantic="Primary" '
        f'Item:Length="0" Item:Padding="{padding}"/></rdf:li>'
        '<rdf:li rdf:parseType="Resource"><Container:Item Item:Mime="video/mp4" Item:Semantic="MotionPhoto" '
        f'Item:Length="{length}"/></rdf:li>'
    )
    children = (
        f'<Container:Directory xmlns:Container="{CONTAINER}" xmlns:Item="{CONTAINER}item/">'
        f"<rdf:Seq>{items}</rdf:Seq></Container:Directory>"
    )
    return b.xmp('GCamera:MotionPhoto="1"', children)


def test_the_directory_of_a_motion_photo_gives_the_videos_place() -> None:
    content = b.jpeg(b.xmp_segment(motion_packet(len(VIDEO)))) + VIDEO
    assert_video(read_bytes(content), content, "XMP")


def test_the_older_distance_from_the_end_does_too() -> None:
    packet = b.xmp(f'GCamera:MicroVideo="1" GCamera:MicroVideoOffset="{len(VIDEO)}"')
    content = b.jpeg(b.xmp_segment(packet)) + VIDEO
    assert_video(read_bytes(content), content, "XMP")


def test_samsungs_trailer_is_read() -> None:
    name = b"MotionPhoto_Data"
    block = struct.pack("<HHI", 0, 0x0A30, len(name)) + name + VIDEO
    directory = b"SEFH" + struct.pack("<II", 106, 1) + struct.pack("<HHII", 0, 0x0A30, len(block), len(block))
    content = b.jpeg() + block + directory + struct.pack("<I", len(directory)) + b"SEFT"
    assert_video(read_bytes(content), content, "Samsung trailer")


def test_a_heic_keeps_its_video_in_a_box() -> None:
    content = b.heif(b.tiff({})) + b.box(b"mpvd", VIDEO)
    assert_video(read_bytes(content), content, "mpvd box")


def assert_video(reading: MetadataReading, content: bytes, source: str) -> None:
    assert reading.motion_photo is True
    video = reading.motion_video
    assert video is not None
    assert video.source == source
    assert content[video.offset : video.offset + video.length] == VIDEO
    assert MetadataReading.from_json(reading.to_json()) == reading


def test_a_video_that_is_missing_is_a_warning() -> None:
    reading = read_bytes(b.jpeg(b.xmp_segment(motion_packet(len(VIDEO)))))
    assert reading.motion_video is None
    assert reading.warnings == ("The picture names an appended video, but the file does not hold it.",)


def test_the_history_is_kept_step_by_step() -> None:
    history = (
        '<xmpMM:History xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" '
        'xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#"><rdf:Seq>'
        '<rdf:li stEvt:action="saved" stEvt:when="2023-09-26T10:00:00+04:00" '
        'stEvt:softwareAgent="Adobe Photoshop 24.0" stEvt:changed="/"/>'
        '<rdf:li rdf:parseType="Resource"><stEvt:action>derived</stEvt:action>'
        "<stEvt:parameters>converted from image/heic</stEvt:parameters></rdf:li>"
        "</rdf:Seq></xmpMM:History>"
    )
    reading = read_bytes(b.jpeg(b.xmp_segment(b.xmp(children=history))))
    assert reading.history == (
        EditStep("saved", "2023-09-26T10:00:00+04:00", "Adobe Photoshop 24.0", "/"),
        EditStep("derived", "", "", "", "converted from image/heic"),
    )
    assert MetadataReading.from_json(reading.to_json()) == reading


def test_where_the_camera_pointed_and_how_it_moved_is_kept() -> None:
    gps = b.gps_fields(39.8, 46.7) | {
        0x0E: b.text("T"), 0x0F: b.rationals((905, 10)), 0x13: b.text("S"), 0x14: b.dms(12.5),
        0x15: b.text("W"), 0x16: b.dms(13.25), 0x17: b.text("M"), 0x18: b.rationals((33, 1)),
        0x19: b.text("K"), 0x1A: b.rationals((25, 10)),
    }  # fmt: skip
    reading = read_bytes(b.jpeg(b.exif_segment(b.tiff({}, {}, gps))))
    assert (reading.destination_latitude, reading.destination_longitude) == (-12.5, -13.25)
    assert (reading.destination_bearing_deg, reading.destination_bearing_reference) == (33, "magnetic")
    assert reading.destination_distance_m == 2_500
    assert (reading.movement_deg, reading.movement_reference) == (90.5, "true")
