"""The content decides what a file is, never its name."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from evidence.metadata import SniffedType, sniff

from . import builders as b


@pytest.mark.parametrize(
    ("content", "mime_type", "extension", "kind"),
    [
        (b.jpeg(), "image/jpeg", "jpg", "photo"),
        (b.png(), "image/png", "png", "photo"),
        (b.webp(), "image/webp", "webp", "photo"),
        (b.gif(b""), "image/gif", "gif", "photo"),
        (b.tiff({}), "image/tiff", "tif", "photo"),
        (b.tiff({}, order=">"), "image/tiff", "tif", "photo"),
        (b.tiff({}, big=True), "image/tiff", "tif", "photo"),
        (b.heif(), "image/heic", "heic", "photo"),
        (b.heif(brand=b"avif"), "image/avif", "avif", "photo"),
        (b.movie(), "video/quicktime", "mov", "video"),
        (b.movie(brand=b"isom"), "video/mp4", "mp4", "video"),
        (b.movie(brand=b"3gp4"), "video/mp4", "mp4", "video"),
        (b.box(b"moov", b"\0" * 20), "video/quicktime", "mov", "video"),
        (b.matroska({}), "video/x-matroska", "mkv", "video"),
        (b.matroska({}, doc_type=b"webm"), "video/webm", "webm", "video"),
    ],
)
def test_accepted_types_are_known_by_their_first_bytes(
    content: bytes, mime_type: str, extension: str, kind: str
) -> None:
    found = sniff(content[:4096])
    assert found is not None
    assert (found.mime_type, found.extension, found.kind) == (mime_type, extension, kind)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html>",
        b"%PDF-1.7",
        b"PK\3\4",
        b"RIFF\0\0\0\0WAVEfmt ",
        b.box(b"ftyp", b"M4A \0\0\0\0"),
        b"\x1aE\xdf\xa3\x80",
        b"\xff\xd8",
        b"\0\0\0\1moo",
    ],
)
def test_other_content_is_refused(content: bytes) -> None:
    assert sniff(content) is None


def test_a_mif1_brand_is_what_its_compatible_brands_say() -> None:
    found = sniff(b.box(b"ftyp", b"mif1\0\0\0\0mif1avif"))
    assert found == SniffedType("image/avif", "avif", "photo")


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "AVIF"])
def test_what_pillow_writes_is_recognised(name: str) -> None:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, name)
    found = sniff(file.getvalue()[:4096])
    assert found is not None
    assert found.mime_type == f"image/{name.lower()}"
