"""Archived copies over HTTP: attachments that nothing runs, refusals at the field, and who may."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from evidence.models import Appearance, ArchivedCopy, CustodyEvent, Investigation, MediaFile, MediaItem
from evidence.services.appearances import appearance_add
from evidence.services.archived_copies import archived_copy_add, archived_copy_read, archived_copy_store
from tests.evidence.archives.made import LINK, SAVED_PAGE, report, wacz
from tests.evidence.metadata.builders import movie
from tests.evidence.services.conftest import picture, queued

__all__ = ["queued"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def appearance(media_item: MediaItem, investigator: Any) -> Appearance:
    return appearance_add(actor=investigator, item=media_item, url=LINK)


@pytest.fixture
def kept(appearance: Appearance, investigator: Any) -> Callable[..., ArchivedCopy]:
    def keep(content: bytes, name: str = "copy") -> ArchivedCopy:
        stored = archived_copy_store(SimpleUploadedFile(name, content))
        copy = archived_copy_add(actor=investigator, appearance=appearance, stored=stored).copy
        archived_copy_read(copy_id=copy.pk)
        return copy

    return keep


def base(investigation: Investigation, item: MediaItem) -> str:
    return f"/{investigation.code}/media/{item.reference}/"


def content_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize(
    ("content", "mime_type"),
    [(SAVED_PAGE, "application/octet-stream"), (wacz(), "application/wacz"), (report(), "application/json")],
)
def test_a_copy_is_given_out_as_an_attachment_that_nothing_runs(
    client_of: Any,
    viewer: Any,
    investigation: Investigation,
    media_item: MediaItem,
    kept: Callable[..., ArchivedCopy],
    content: bytes,
    mime_type: str,
) -> None:
    copy = kept(content, 'a "page".html')
    address = f"{base(investigation, media_item)}copies/{copy.pk}/file/"
    # A copy that is no picture is never shown, whatever is asked.
    for asked in (address, f"{address}?show=1"):
        response = client_of(viewer).get(asked)
        assert content_of(response) == content
        assert response["Content-Type"] == mime_type
        assert response["Content-Disposition"].startswith("attachment")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    taken = CustodyEvent.objects.filter(investigation=investigation, action="copy.downloaded")
    assert [event.details["sha256"] for event in taken] == [copy.sha256] * 2


def test_a_screenshot_is_shown_and_showing_it_is_no_download(
    client_of: Any,
    viewer: Any,
    investigation: Investigation,
    media_item: MediaItem,
    kept: Callable[..., ArchivedCopy],
) -> None:
    copy = kept(picture("teal", "PNG"), "shot.png")
    address = f"{base(investigation, media_item)}copies/{copy.pk}/file/"
    shown = client_of(viewer).get(f"{address}?show=1")
    assert (shown["Content-Type"], shown["Content-Disposition"]) == (
        "image/png",
        'inline; filename="shot.png"',
    )
    assert content_of(shown) == picture("teal", "PNG")
    assert not CustodyEvent.objects.filter(action="copy.downloaded").exists()
    saved = client_of(viewer).get(address)
    assert saved["Content-Disposition"].startswith("attachment")
    assert content_of(saved) == picture("teal", "PNG")


def test_what_a_copy_says_is_text_on_the_page(
    client_of: Any,
    viewer: Any,
    investigation: Investigation,
    media_item: MediaItem,
    kept: Callable[..., ArchivedCopy],
) -> None:
    kept(b"<html><head><title><script>alert(1)</script>&lt;b&gt;</title></head></html>", "<i>.html")
    page = client_of(viewer).get(base(investigation, media_item)).content.decode()
    assert "<script>alert(1)" not in page
    assert "<i>.html" not in page
    assert "&lt;i&gt;.html" in page


def test_a_copy_of_another_item_or_investigation_does_not_exist(
    client_of: Any,
    viewer: Any,
    stranger: Any,
    investigation: Investigation,
    media_item: MediaItem,
    kept: Callable[..., ArchivedCopy],
) -> None:
    copy = kept(SAVED_PAGE)
    assert client_of(viewer).get(f"/{investigation.code}/media/M99/copies/{copy.pk}/file/").status_code == 404
    address = f"{base(investigation, media_item)}copies/{copy.pk}/file/"
    assert client_of(stranger).get(address).status_code == 404
    wrong = f"{base(investigation, media_item)}appearances/999999/copies/"
    assert client_of(media_item.created_by).post(wrong).status_code == 404


def test_a_refused_file_shows_the_page_again_with_the_sentence_at_its_field(
    client_of: Any,
    investigator: Any,
    investigation: Investigation,
    media_item: MediaItem,
    appearance: Appearance,
) -> None:
    address = f"{base(investigation, media_item)}appearances/{appearance.pk}/copies/"
    response = client_of(investigator).post(address, {"file": SimpleUploadedFile("a.exe", b"MZ\x90")})
    (line,) = response.context["appearances"]
    assert "not a copy of a kind" in line.form.errors["file"][0]
    empty = client_of(investigator).post(address)
    assert empty.context["appearances"][0].form.errors["file"] == ["Choose the file of the copy."]
    assert not ArchivedCopy.objects.exists()


def _report_of(**files: bytes) -> bytes:
    """auto-archiver's report of these files, each with its digest; a name's first word is its id."""
    said = json.loads(report())
    said["media"] = [
        {
            "filename": f"/tmp/run/{name.replace('_', '.')}",
            "properties": {
                "id": name.partition("_")[0],
                "hash": f"SHA-256:{hashlib.sha256(content).hexdigest()}",
            },
        }
        for name, content in files.items()
    ]
    return json.dumps(said).encode()


def test_a_report_and_all_it_names_are_taken_in_one_go(
    client_of: Any,
    investigator: Any,
    investigation: Investigation,
    media_item: MediaItem,
    appearance: Appearance,
    queued: list[int],
) -> None:
    shot, photo = picture("teal", "PNG"), picture("red")
    clip = movie(brand=b"isom")
    said = _report_of(screenshot_png=shot, photo_jpg=photo, clip_mp4=clip)
    files = [
        SimpleUploadedFile("metadata.json", said),
        SimpleUploadedFile("screenshot.png", shot),
        SimpleUploadedFile("photo.jpg", photo),
        SimpleUploadedFile("clip.mp4", clip),
        SimpleUploadedFile("page.html", SAVED_PAGE),
    ]
    address = f"{base(investigation, media_item)}appearances/{appearance.pk}/copies/"
    response = client_of(investigator).post(address, {"file": files}, follow=True)
    assert response.status_code == 200
    assert [str(message) for message in response.context["messages"]] == [
        "3 copies are kept. 2 files were added to the recording."
    ]
    assert set(ArchivedCopy.objects.values_list("original_name", "kind")) == {
        ("metadata.json", "auto_archiver"),
        ("screenshot.png", "picture"),
        ("page.html", "page"),
    }
    kept = MediaFile.objects.filter(media_item=media_item)
    assert set(kept.values_list("original_name", flat=True)) == {"photo.jpg", "clip.mp4"}


def test_a_recording_that_no_report_names_is_refused_and_then_nothing_is_taken(
    client_of: Any,
    investigator: Any,
    investigation: Investigation,
    media_item: MediaItem,
    appearance: Appearance,
) -> None:
    files = [
        SimpleUploadedFile("metadata.json", _report_of(photo_jpg=b"another")),
        SimpleUploadedFile("clip.mp4", movie(brand=b"isom")),
    ]
    address = f"{base(investigation, media_item)}appearances/{appearance.pk}/copies/"
    response = client_of(investigator).post(address, {"file": files})
    (line,) = response.context["appearances"]
    assert "clip.mp4" in line.form.errors["file"][0]
    assert "names it" in line.form.errors["file"][0]
    assert not ArchivedCopy.objects.exists()
    assert not MediaFile.objects.filter(media_item=media_item).exists()


def test_a_viewer_adds_no_set_of_files(
    client_of: Any, viewer: Any, investigation: Investigation, media_item: MediaItem, appearance: Appearance
) -> None:
    address = f"{base(investigation, media_item)}appearances/{appearance.pk}/copies/"
    files = [SimpleUploadedFile("a.html", SAVED_PAGE), SimpleUploadedFile("metadata.json", report())]
    assert client_of(viewer).post(address, {"file": files}).status_code == 403
    assert not ArchivedCopy.objects.exists()


def test_programs_list_add_and_fetch_copies(
    client: Any,
    investigation: Investigation,
    investigator: Any,
    appearance: Appearance,
    media_item: MediaItem,
) -> None:
    client.force_login(investigator)
    item = f"/api/v1/investigations/{investigation.code}/media/{media_item.reference}"
    (listed,) = client.get(item).json()["appearances"]
    address = f"{item}/appearances/{listed['id']}/copies"
    added = client.post(address, {"file": SimpleUploadedFile("post.wacz", wacz())})
    assert (added.status_code, added.json()["existed"]) == (201, False)
    archived_copy_read(copy_id=added.json()["copy"]["id"])
    (copy,) = client.get(address).json()["results"]
    assert copy["captured_at"] == "2023-09-21T06:01:02Z"
    assert copy["verdicts"][0] == {
        "key": "parts",
        "verdict": "right",
        "sentence": "The SHA-256 of all 3 listed parts was computed again and is right.",
    }
    fetched = client.get(added["Location"], headers={"accept": "application/zip"})
    assert content_of(fetched) == wacz()
    assert fetched["Content-Disposition"] == 'attachment; filename="post.wacz"'
    again = client.post(address, {"file": SimpleUploadedFile("b", wacz())})
    assert (again.status_code, again.json()["existed"]) == (200, True)
    refused = client.post(address, {"file": SimpleUploadedFile("a.exe", b"MZ\x90")})
    assert (refused.status_code, refused.json()["error"]["code"]) == (415, "file_kind_refused")
    assert client.post(address, {}).json()["error"]["fields"]["file"]
