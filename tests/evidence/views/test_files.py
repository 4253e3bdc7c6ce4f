"""Stored files: whom they are handed to, under which headers, and in ranges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from evidence.models import CustodyEvent, Investigation, MediaFile
from evidence.ranges import ByteRange, Unsatisfiable, range_parse
from evidence.services.ingest import original_store
from evidence.services.investigations import investigation_open
from evidence.services.media import media_log_file
from evidence.storage import media_storage
from osint_catalogue.accounts.models import User
from tests.evidence.services.conftest import picture

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Any], Client]
CONTENT = picture(size=(640, 480))


def _stored(
    investigation: Investigation, actor: User, content: bytes = CONTENT, name: str = "a.jpg"
) -> MediaFile:
    stored = original_store(SimpleUploadedFile(name, content))
    logged = media_log_file(actor=actor, investigation=investigation, stored=stored)
    assert logged.media_file is not None
    return logged.media_file


@pytest.fixture
def stored(investigation: Investigation, investigator: User) -> MediaFile:
    return _stored(investigation, investigator)


def _url(file: MediaFile) -> str:
    return reverse("evidence:file", args=[file.investigation.code, file.sha256])


def _body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_viewer_gets_the_very_bytes_with_headers_that_let_nothing_run(
    stored: MediaFile, viewer: User, client_of: ClientOf
) -> None:
    response = client_of(viewer).get(_url(stored))
    assert response.status_code == 200
    assert _body(response) == CONTENT
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Length"] == str(len(CONTENT))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Content-Disposition"] == 'inline; filename="a.jpg"'
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"
    assert response["ETag"] == f'"{stored.sha256}"'
    assert response["Accept-Ranges"] == "bytes"


def test_a_stranger_learns_nothing_and_nobody_is_sent_to_sign_in(
    stored: MediaFile, stranger: User, client_of: ClientOf
) -> None:
    assert client_of(stranger).get(_url(stored)).status_code == 404
    response = client_of(None).get(_url(stored))
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


def test_a_member_of_another_investigation_cannot_fetch_it_through_theirs(
    stored: MediaFile, stranger: User, client_of: ClientOf
) -> None:
    investigation_open(actor=stranger, code="OTHER", title="Another case")
    response = client_of(stranger).get(reverse("evidence:file", args=["OTHER", stored.sha256]))
    assert response.status_code == 404


def test_a_download_carries_its_own_name_and_leaves_a_line_in_the_log(
    investigation: Investigation, investigator: User, viewer: User, client_of: ClientOf
) -> None:
    file = _stored(investigation, investigator, name='Ստեփանակերտ "1".jpg')
    response = client_of(viewer).get(_url(file) + "?download=1")
    assert _body(response) == CONTENT
    # RFC 5987: the name in UTF-8, percent-encoded.
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%D5%8D%D5%BF")
    assert response["Cache-Control"] == "private, no-store"
    event = CustodyEvent.objects.get(action="file.downloaded")
    assert (event.actor, event.details["sha256"]) == (viewer, file.sha256)


def test_looking_is_not_downloading(stored: MediaFile, viewer: User, client_of: ClientOf) -> None:
    client = client_of(viewer)
    _body(client.get(_url(stored)))
    client.head(_url(stored) + "?download=1")
    _body(client.get(_url(stored) + "?download=1", headers={"Range": "bytes=5-9"}))
    assert not CustodyEvent.objects.filter(action="file.downloaded").exists()


def test_what_browsers_do_not_show_is_only_ever_saved(
    investigation: Investigation, investigator: User, client_of: ClientOf
) -> None:
    file = _stored(investigation, investigator, picture(format="TIFF"), "scan.tif")
    response = client_of(investigator).get(_url(file))
    assert _body(response) == picture(format="TIFF")
    assert response["Content-Disposition"] == 'attachment; filename="scan.tif"'
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize(
    ("asked", "content_range", "expected"),
    [
        ("bytes=0-99", f"bytes 0-99/{len(CONTENT)}", CONTENT[:100]),
        ("bytes=100-", f"bytes 100-{len(CONTENT) - 1}/{len(CONTENT)}", CONTENT[100:]),
        ("bytes=-10", f"bytes {len(CONTENT) - 10}-{len(CONTENT) - 1}/{len(CONTENT)}", CONTENT[-10:]),
        ("bytes=5-999999", f"bytes 5-{len(CONTENT) - 1}/{len(CONTENT)}", CONTENT[5:]),
    ],
    ids=["both ends", "from a byte on", "the last ten", "beyond the end"],
)
def test_one_range_is_answered_with_206(
    stored: MediaFile, viewer: User, client_of: ClientOf, asked: str, content_range: str, expected: bytes
) -> None:
    response = client_of(viewer).get(_url(stored), headers={"Range": asked})
    assert response.status_code == 206
    assert response["Content-Range"] == content_range
    assert response["Content-Length"] == str(len(expected))
    assert _body(response) == expected


def test_a_range_behind_the_end_is_answered_with_416(
    stored: MediaFile, viewer: User, client_of: ClientOf
) -> None:
    response = client_of(viewer).get(_url(stored), headers={"Range": "bytes=999999-"})
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(CONTENT)}"


def test_a_range_of_something_else_gets_the_whole_file(
    stored: MediaFile, viewer: User, client_of: ClientOf
) -> None:
    client = client_of(viewer)
    other = client.get(_url(stored), headers={"Range": "bytes=0-9", "If-Range": '"older"'})
    assert (other.status_code, len(_body(other))) == (200, len(CONTENT))
    same = client.get(_url(stored), headers={"Range": "bytes=0-9", "If-Range": f'"{stored.sha256}"'})
    assert (same.status_code, len(_body(same))) == (206, 10)


def test_a_known_copy_is_not_sent_again(stored: MediaFile, viewer: User, client_of: ClientOf) -> None:
    response = client_of(viewer).get(_url(stored), headers={"If-None-Match": f'"{stored.sha256}"'})
    assert response.status_code == 304


def test_head_says_the_length_and_sends_nothing(stored: MediaFile, viewer: User, client_of: ClientOf) -> None:
    response = client_of(viewer).head(_url(stored))
    assert (response.status_code, response["Content-Length"]) == (200, str(len(CONTENT)))
    assert response.content == b""


def test_bytes_that_are_gone_are_said_to_be_gone(
    stored: MediaFile, viewer: User, client_of: ClientOf
) -> None:
    media_storage().path_of(stored.sha256).unlink()
    response = client_of(viewer).get(_url(stored))
    assert response.status_code == 404
    assert "not in the storage" in response.content.decode()


# RFC 9110, section 14.1.2, with its own examples for 10,000 bytes.
@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-499", ByteRange(0, 499)),
        ("bytes=500-999", ByteRange(500, 999)),
        ("bytes=-500", ByteRange(9500, 9999)),
        ("bytes=9500-", ByteRange(9500, 9999)),
        ("bytes=-20000", ByteRange(0, 9999)),
        ("bytes=0-0,-1", None),
        ("bytes=500-499", None),
        ("bytes=-", None),
        ("items=0-5", None),
        ("bytes=٠-٩", None),
        ("bytes=" + "9" * 400 + "-", None),
    ],
)
def test_ranges_are_read_as_the_rfc_says(header: str, expected: ByteRange | None) -> None:
    assert range_parse(header, size_bytes=10_000) == expected


@pytest.mark.parametrize("header", ["bytes=10000-", "bytes=-0"])
def test_a_range_without_a_byte_cannot_be_satisfied(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        range_parse(header, size_bytes=10_000)
