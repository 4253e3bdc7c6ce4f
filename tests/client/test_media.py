"""Logging posts and uploading files through the running service."""

import hashlib
import os
import tracemalloc

import pytest

from catalogue_client import (
    Invalid,
    InvalidArgument,
    LocalFileError,
    MediaDetails,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooLarge,
    UnexpectedAnswer,
    UnsupportedFile,
)
from catalogue_client.multipart import MultipartFile
from evidence.models import MediaFile, MediaItem
from tests.client.conftest import Told

pytestmark = pytest.mark.django_db(transaction=True)
LOGGED = (
    b'{"existed": false, "sentence": "Logged.", "given": "a.jpg", '
    b'"item": {"reference": "M1", "title": "", "kind": "image"}}'
)
POST = "https://t.me/somechannel/123"


@pytest.fixture
def picture(tmp_path):
    from PIL import Image

    path = tmp_path / 'quay "ե" 1.jpg'
    Image.new("RGB", (64, 48), "navy").save(path)
    return path


@pytest.fixture
def catalogue(catalogue_of, investigation, investigator):
    return catalogue_of(investigator)


def test_a_post_is_logged_once(catalogue):
    (first,) = catalogue.log_media("TEST1", POST, details=MediaDetails(title="Smoke", is_sensitive=True))
    assert (first.existed, first.reference, first.title, first.sha256) == (False, "M01", "Smoke", None)
    again, other = catalogue.log_media("TEST1", [POST, "https://t.me/somechannel/124"])
    assert (again.existed, again.reference) == (True, "M01")
    assert (other.existed, other.reference) == (False, "M02")
    assert MediaItem.objects.get(reference="M01").is_sensitive


def test_all_links_are_logged_or_none_and_the_field_is_named(catalogue):
    with pytest.raises(Invalid) as caught:
        catalogue.log_media("TEST1", [POST, "not a link"])
    assert "links" in " ".join(caught.value.fields) or "link" in str(caught.value).lower()
    assert caught.value.sentence
    assert MediaItem.objects.count() == 0
    with pytest.raises(InvalidArgument, match="no link"):
        catalogue.log_media("TEST1", [])


def test_a_file_is_stored_byte_by_byte_and_once(catalogue, picture):
    steps = []
    first = catalogue.upload(
        "TEST1", picture, details=MediaDetails(title="Quay"), progress=lambda *step: steps.append(step)
    )
    size = picture.stat().st_size
    assert (first.existed, first.reference, first.title) == (False, "M01", "Quay")
    assert first.sha256 == hashlib.sha256(picture.read_bytes()).hexdigest()
    assert steps[-1] == (size, size)
    stored = MediaFile.objects.get()
    assert (stored.sha256, stored.size_bytes) == (first.sha256, size)
    assert catalogue.media("TEST1", "M01")["files"][0]["sha256"] == first.sha256
    again = catalogue.upload("TEST1", picture)
    assert (again.existed, again.reference) == (True, "M01")
    assert MediaItem.objects.count() == 1


def test_a_file_is_added_to_a_recording_that_is_there(catalogue, picture):
    catalogue.log_media("TEST1", POST)
    assert catalogue.upload("TEST1", picture, item="M01").reference == "M01"
    with pytest.raises((Invalid, NotFound)):
        catalogue.upload("TEST1", picture, item="M77")


def test_who_may_not_is_told_so(catalogue_of, investigation, viewer, stranger, picture):
    with pytest.raises(NotAllowed):
        catalogue_of(viewer).log_media("TEST1", POST)
    with pytest.raises(NotFound):
        catalogue_of(stranger).log_media("TEST1", POST)
    with pytest.raises(NotSignedIn):
        catalogue_of().log_media("TEST1", POST)
    with pytest.raises(NotAllowed):
        catalogue_of(viewer).upload("TEST1", picture)
    assert MediaFile.objects.count() == 0


def test_what_is_not_taken_is_refused_with_its_type(catalogue, tmp_path, picture, settings):
    program = tmp_path / "program.exe"
    program.write_bytes(b"MZ" + b"\x00" * 500)
    with pytest.raises((UnsupportedFile, Invalid)) as caught:
        catalogue.upload("TEST1", program)
    assert caught.value.sentence
    settings.MAX_UPLOAD_BYTES = 100
    with pytest.raises(TooLarge):
        catalogue.upload("TEST1", picture)
    with pytest.raises(LocalFileError, match="cannot be read"):
        catalogue.upload("TEST1", tmp_path / "nothing.jpg")


def test_a_code_that_would_lead_elsewhere_stays_one_part_of_the_address(catalogue):
    with pytest.raises(NotFound):
        catalogue.media("../..", "M01")
    with pytest.raises(InvalidArgument, match="by its code"):
        catalogue.log_media("", POST)


def test_an_upload_that_broke_off_is_made_again_from_its_beginning(scripted, tmp_path):
    from tests.client.test_transport import client

    path = tmp_path / "a.jpg"
    path.write_bytes(b"abc")
    digest = hashlib.sha256(b"abc").hexdigest()
    server = scripted()
    server.answers = [
        Told(status=502),
        Told(body=LOGGED),
        Told(body=b'{"files": [{"sha256": "%s"}]}' % digest.encode()),
    ]
    with client(server, token="t") as catalogue:
        assert catalogue.upload("NK23", path).sha256 == digest
    lengths = [headers["Content-Length"] for method, _path, headers in server.asked if method == "POST"]
    assert len(lengths) == 2
    assert lengths[0] == lengths[1]
    assert "Transfer-Encoding" not in server.asked[0][2]


def test_a_server_that_holds_other_bytes_is_found_out(scripted, tmp_path):
    from tests.client.test_transport import client

    path = tmp_path / "a.jpg"
    path.write_bytes(b"abc")
    server = scripted()
    server.answers = [Told(body=LOGGED), Told(body=b'{"files": [{"sha256": "00"}]}')]
    with (
        client(server, token="t") as catalogue,
        pytest.raises(UnexpectedAnswer, match="does not hold the bytes"),
    ):
        catalogue.upload("NK23", path)


def test_a_large_file_is_never_in_memory(tmp_path):
    path = tmp_path / "large.mp4"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    tracemalloc.start()
    body = MultipartFile(path, fields={"title": "x"}, boundary="b")
    read = 0
    while piece := body.read(64 * 1024):
        read += len(piece)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    body.close()
    assert read == len(body)
    assert peak < 2 * 1024 * 1024


def test_a_file_that_grows_while_it_is_sent_is_not_sent_as_the_whole(tmp_path):
    path = tmp_path / "growing.mp4"
    path.write_bytes(os.urandom(1000))
    body = MultipartFile(path, fields={}, boundary="b")
    body.read(300)
    with path.open("ab") as file:
        file.write(b"more")
    with pytest.raises(LocalFileError, match="changed while it was sent"):
        body.read()
    body.close()
