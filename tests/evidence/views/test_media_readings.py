"""Tags on their own, the other half of a Live Photo, and what a viewer is not shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from evidence.models import Investigation, MediaFile, MetadataReading, ReadingState
from evidence.services.ingest import original_store
from evidence.services.media import MediaDetails, media_log_file
from evidence.services.serials import fields_without_serials, tags_without_serials
from tests.evidence.credentials.signing import picture

pytestmark = pytest.mark.django_db
SERIAL = "EXR-004711"
TAGS = [
    {"group": "IFD0", "name": "Make", "value": "Exercise"},
    {"group": "ExifIFD", "name": "BodySerialNumber", "value": SERIAL},
    {"group": "XMP-aux", "name": "OwnerNote", "value": f"camera {SERIAL}"},
]
SAID = {"format": "JPEG", "mime_type": "image/jpeg", "kind": "photo", "serials": [SERIAL]}


@pytest.fixture
def log(investigation: Investigation, investigator: Any) -> Callable[..., MediaFile]:
    """A file whose walker said what the test wants."""

    def log_one(mime_type: str = "image/jpeg", **said: Any) -> MediaFile:
        logged = media_log_file(
            actor=investigator,
            investigation=investigation,
            stored=original_store(SimpleUploadedFile("x", picture(mime_type))),
            details=MediaDetails(title=f"A picture {mime_type}"),
        )
        assert logged.media_file is not None
        MetadataReading.objects.filter(media_file=logged.media_file, reader="walker").update(
            state=ReadingState.DONE, fields={**SAID, **said}, raw_tags=TAGS
        )
        return logged.media_file

    return log_one


def _address(media_file: MediaFile, rest: str = "") -> str:
    item = media_file.media_item
    return f"/{item.investigation.code}/media/{item.reference}/{rest}"


def test_the_page_does_not_carry_the_tags_and_the_fragment_carries_all(
    log: Any, client_of: Callable[[Any], Client], investigator: Any
) -> None:
    media_file = log()
    client = client_of(investigator)
    page = client.get(_address(media_file)).content.decode()
    assert "All 3 tags as the file holds them" in page
    assert "OwnerNote" not in page
    fragment = client.get(_address(media_file, "tags/"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert fragment.count("<tr><td>") == 3


def test_tags_are_found_by_group_name_and_value(
    log: Any, client_of: Callable[[Any], Client], investigator: Any
) -> None:
    client, media_file = client_of(investigator), log()
    for wanted, count in (("exercise", 1), ("XMP", 1), ("serial", 1), (SERIAL.lower(), 2), ("nothing", 0)):
        page = client.get(_address(media_file, "tags/"), {"q": wanted}).content.decode()
        assert page.count("<tr><td>") == count, wanted
    assert client.get(_address(media_file, "tags/"), {"reader": "oracle"}).status_code == 404
    assert client.get(_address(media_file, "tags/"), {"file": "0" * 64}).status_code == 404


def test_a_viewer_is_told_of_serial_numbers_and_not_shown_them(
    log: Any, client_of: Callable[[Any], Client], viewer: Any, investigator: Any
) -> None:
    media_file, client = log(), client_of(viewer)
    for address in (
        _address(media_file),
        _address(media_file, "tags/"),
        _address(media_file, f"tags/?q={SERIAL}"),
    ):
        page = client.get(address).content.decode().replace(f'value="{SERIAL}"', "")
        assert SERIAL not in page, address
    assert "They are shown to members who may edit" in client.get(_address(media_file)).content.decode()
    # Asking for a number does not give away whether it is there.
    assert "<tr><td>" not in client.get(_address(media_file, "tags/"), {"q": SERIAL}).content.decode()
    assert SERIAL in client_of(investigator).get(_address(media_file)).content.decode()


def test_the_api_gives_serial_numbers_to_those_who_may_edit(
    log: Any, client_of: Callable[[Any], Client], viewer: Any, investigator: Any
) -> None:
    item = log().media_item
    address = f"/api/v1/investigations/{item.investigation.code}/media/{item.reference}"
    for user, serials in ((viewer, []), (investigator, [SERIAL])):
        (found,) = client_of(user).get(address).json()["files"]
        said = {reading["reader"]: reading["found"] for reading in found["readings"]}
        assert said["walker"]["serials"] == serials
        assert found["second_opinion"] is None
        assert set(said) >= {"walker", "pixels", "credentials"}


def test_the_api_gives_the_second_opinion_once_it_was_asked(
    log: Any, client_of: Callable[[Any], Client], viewer: Any
) -> None:
    media_file = log(width=320, height=200)
    MetadataReading.objects.create(
        media_file=media_file,
        reader="exiftool",
        state=ReadingState.DONE,
        fields={"reader": "exiftool 13", "width": 320, "height": 201},
    )
    item = media_file.media_item
    address = f"/api/v1/investigations/{item.investigation.code}/media/{item.reference}"
    (row,) = client_of(viewer).get(address).json()["files"][0]["second_opinion"]
    assert (row["key"], row["verdict"]) == ("size", "differs")
    assert (row["first"]["shown"], row["second"]["shown"]) == ("320 × 200", "320 × 201")


def test_the_halves_of_a_live_photo_lead_to_each_other(
    log: Any, client_of: Callable[[Any], Client], viewer: Any
) -> None:
    still = log(content_identifier="A1B2")
    client = client_of(viewer)
    assert "the other is not in this investigation" in client.get(_address(still)).content.decode()
    moving = log("image/png", content_identifier="A1B2")
    stranger = log("image/webp", content_identifier="C3D4")
    page = client.get(_address(still)).content.decode()
    assert f"{_address(moving)}?file={moving.sha256}" in page
    assert f"{_address(stranger)}?file" not in page


def test_masking_leaves_everything_else_as_it_is() -> None:
    assert fields_without_serials({"camera_make": "x"}) == {"camera_make": "x"}
    masked = tags_without_serials(TAGS, [SERIAL])
    assert masked[0] == TAGS[0]
    assert all(SERIAL not in tag["value"] for tag in masked)
    assert [tag["name"] for tag in masked] == [tag["name"] for tag in TAGS]
