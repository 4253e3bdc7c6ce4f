"""Files come straight to the storage's disk, only from who may send them, and leave nothing when refused."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from evidence.errors import FileKindRefused, FileRefused, FileTooLarge
from evidence.incoming import IncomingFile
from evidence.models import Investigation, MediaFile
from evidence.services.ingest import original_store
from evidence.storage import media_storage
from evidence.upload import IncomingUploadHandler
from osint_catalogue.accounts.models import ApiToken, User
from tests.evidence.services.conftest import picture

BOUNDARY = "a-boundary"


class Body(BytesIO):
    """A request's body that counts what was read of it."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.taken_bytes = 0

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self.taken_bytes += len(piece)
        return piece


def multipart(content: bytes, *, name: str = "photo.jpg", fields: dict[str, str] | None = None) -> bytes:
    parts = b""
    for key, value in (fields or {}).items():
        parts += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
    head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: image/jpeg'
    return parts + f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def request_with(body: BytesIO, length: int, handler: Any = None) -> HttpRequest:
    request = RequestFactory().generic(
        "POST",
        "/",
        **{
            "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}",
            "CONTENT_LENGTH": str(length),
            "wsgi.input": body,
        },
    )
    request.upload_handlers = [handler or IncomingUploadHandler(request)]
    return request


def incoming() -> list[Path]:
    folder = media_storage().incoming
    return list(folder.iterdir()) if folder.exists() else []


def upload_of(content: bytes, **named: Any) -> tuple[HttpRequest, Any]:
    body = multipart(content, **named)
    request = request_with(BytesIO(body), len(body))
    return request, request.FILES["file"]


@pytest.fixture(autouse=True)
def _no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("celery.Celery.send_task", lambda *args, **options: None)


def test_an_upload_is_hashed_on_the_way_and_kept_by_a_link_without_a_copy() -> None:
    content = picture() + os.urandom(3_000_000)
    request, upload = upload_of(content)
    (lying,) = incoming()
    inode = lying.stat().st_ino
    stored = original_store(upload)
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    kept = media_storage().path_of(stored.sha256)
    assert kept.stat().st_ino == inode
    assert kept.read_bytes() == content
    request.close()
    assert incoming() == []
    assert kept.exists()


def test_what_nobody_kept_is_gone_when_the_request_is_answered() -> None:
    request, _upload = upload_of(picture())
    assert len(incoming()) == 1
    request.close()
    assert incoming() == []


def test_the_same_bytes_again_keep_the_first_file() -> None:
    request, upload = upload_of(picture())
    first = original_store(upload)
    request.close()
    inode = media_storage().path_of(first.sha256).stat().st_ino
    request, upload = upload_of(picture(), name="other.jpg")
    assert original_store(upload).sha256 == first.sha256
    request.close()
    assert media_storage().path_of(first.sha256).stat().st_ino == inode
    assert incoming() == []


def test_a_kind_that_is_not_kept_is_refused_by_its_first_bytes_and_never_lies_on_the_disk() -> None:
    request, upload = upload_of(b"<html>" * 500_000, name="evil.jpg")
    assert incoming() == []
    with pytest.raises(FileKindRefused, match=r"“evil\.jpg” is not a picture or video"):
        original_store(upload)
    request.close()


def test_a_short_file_of_no_known_kind_is_refused_too() -> None:
    with pytest.raises(FileKindRefused):
        original_store(upload_of(b"hello")[1])
    assert incoming() == []


def test_a_refused_file_of_any_length_is_read_only_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidence.upload._DRAINED_BYTES", 1_000_000)
    content = multipart(b"nothing " * 2_000_000)
    body = Body(content)
    request = request_with(body, len(content))
    with pytest.raises(FileKindRefused):
        _ = request.FILES
    assert body.taken_bytes < 3_000_000
    assert incoming() == []


def test_the_limit_stops_the_stream_where_it_is_passed(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAX_UPLOAD_BYTES = 2_000_000
    monkeypatch.setattr("evidence.upload._DRAINED_BYTES", 0)
    monkeypatch.setattr("evidence.upload._AROUND_THE_FILE_BYTES", 100_000_000)
    content = multipart(picture() + bytes(20_000_000))
    body = Body(content)
    with pytest.raises(FileTooLarge, match=r"“photo\.jpg” is larger than 1\.9"):
        _ = request_with(body, len(content)).FILES
    assert body.taken_bytes < 4_000_000
    assert incoming() == []


def test_an_announced_length_over_the_limit_is_refused_before_anything_is_read(settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 1000
    body = Body(b"")
    with pytest.raises(FileTooLarge):
        _ = request_with(body, 50_000_000).FILES
    assert body.taken_bytes == 0


def test_a_client_that_goes_away_leaves_nothing_behind() -> None:
    content = multipart(picture(), fields={})[:-40]
    first = multipart(picture("red"))[: -len(f"--{BOUNDARY}--\r\n")]

    class Broken(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            piece = super().read(size)
            if not piece:
                raise OSError("the line went dead")
            return piece

    request = request_with(Broken(first + content), len(first) + len(content) + 5000)
    with pytest.raises(OSError, match="dead"):
        _ = request.FILES
    assert incoming() == []


def test_a_full_disk_is_a_sentence_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: IncomingFile, chunk: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(IncomingFile, "write", full)
    request, upload = upload_of(picture())
    with pytest.raises(FileRefused, match="could not be stored: No space left on device"):
        original_store(upload)
    request.close()
    assert incoming() == []


def test_the_sweep_removes_what_was_left_long_ago_and_nothing_else() -> None:
    storage = media_storage()
    storage.incoming.mkdir(parents=True)
    old, new, folder = (storage.incoming / name for name in ("old", "new", "read-old"))
    old.write_bytes(b"half of something")
    new.write_bytes(b"arriving")
    folder.mkdir()
    (folder / "part").write_bytes(b"x")
    long_ago = time.time() - 90_000
    for path in (old, folder / "part", folder):
        os.utime(path, (long_ago, long_ago))
    busy = storage.incoming / "read-busy"
    busy.mkdir()
    (busy / "growing").write_bytes(b"x")
    os.utime(busy, (long_ago, long_ago))  # a folder's own time stands still while a file in it grows
    assert storage.sweep(older_than_s=86_400) == 2
    assert {path.name for path in incoming()} == {"new", "read-busy"}


# --- through the pages and the API


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many bytes of each file reached the disk."""
    written: list[int] = []
    take = IncomingUploadHandler.receive_data_chunk

    def counted(self: IncomingUploadHandler, raw_data: bytes, start: int) -> None:
        written.append(len(raw_data))
        take(self, raw_data, start)

    monkeypatch.setattr(IncomingUploadHandler, "receive_data_chunk", counted)
    return written


def post(client: Client, path: str, content: bytes, **more: Any) -> Any:
    file = SimpleUploadedFile("photo.jpg", content, "image/jpeg")
    return client.post(path, {"file": file}, headers={"Accept": "application/json"}, **more)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["evidence:media-upload", "api-media-upload"])
def test_who_may_not_send_a_file_has_none_of_it_read(
    name: str, client: Client, investigation: Investigation, viewer: User, stranger: User, sent: list[int]
) -> None:
    path = reverse(name, args=[investigation.code])
    assert post(client, path, picture()).status_code in (302, 401)
    client.force_login(stranger)
    assert post(client, path, picture()).status_code == 404
    client.force_login(viewer)
    assert post(client, path, picture()).status_code == 403
    assert sent == []
    assert incoming() == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["evidence:media-upload", "evidence:media-log", "api-media-upload"])
def test_a_wrong_csrf_token_in_the_header_is_found_before_the_body(
    name: str, investigation: Investigation, investigator: User, sent: list[int]
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(investigator)
    client.cookies["csrftoken"] = "a" * 32
    path = reverse(name, args=[investigation.code])
    assert post(client, path, picture(), HTTP_X_CSRFTOKEN="b" * 32).status_code == 403
    assert sent == []
    assert not MediaFile.objects.exists()


@pytest.mark.django_db
def test_a_plain_form_without_its_token_stores_nothing(
    investigation: Investigation, investigator: User
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(investigator)
    client.cookies["csrftoken"] = "a" * 32
    assert post(client, reverse("evidence:media-upload", args=["TEST1"]), picture()).status_code == 403
    assert not MediaFile.objects.exists()
    assert incoming() == []


@pytest.mark.django_db
def test_a_plain_form_with_its_token_is_taken(investigation: Investigation, investigator: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(investigator)
    client.cookies["csrftoken"] = "a" * 32
    file = SimpleUploadedFile("photo.jpg", picture(), "image/jpeg")
    sent = {"csrfmiddlewaretoken": "a" * 32, "file": file}
    answer = client.post(reverse("evidence:media-upload", args=["TEST1"]), sent)
    assert answer.status_code == 302
    assert MediaFile.objects.count() == 1
    assert incoming() == []


@pytest.mark.django_db
@pytest.mark.parametrize("by", ["session", "token"])
def test_the_api_takes_a_file_from_a_session_with_the_header_and_from_a_token(
    by: str, investigation: Investigation, investigator: User
) -> None:
    client = Client(enforce_csrf_checks=True)
    headers = {"Accept": "application/json"}
    if by == "session":
        client.force_login(investigator)
        client.cookies["csrftoken"] = headers["X-CSRFToken"] = "a" * 32
    else:
        headers["Authorization"] = f"Bearer {ApiToken.issue(user=investigator, name='script')[1]}"
    content = picture()
    answer = client.post(
        reverse("api-media-upload", args=["TEST1"]),
        {"file": SimpleUploadedFile("photo.jpg", content, "image/jpeg")},
        headers=headers,
    )
    assert answer.status_code == 201, answer.content
    assert MediaFile.objects.get().sha256 == hashlib.sha256(content).hexdigest()
    assert incoming() == []


@pytest.mark.django_db
def test_an_address_that_takes_no_files_stops_where_one_begins(
    client: Client, investigation: Investigation, investigator: User, sent: list[int]
) -> None:
    client.force_login(investigator)
    for path in (reverse("account_login"), reverse("evidence:source-add", args=["TEST1"])):
        assert post(client, path, picture()).status_code < 500
    assert sent == []
    assert incoming() == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["evidence:media-upload", "api-media-upload"])
def test_a_refusal_in_the_middle_of_the_stream_is_answered_with_its_sentence(
    name: str, client: Client, investigation: Investigation, investigator: User, monkeypatch: Any
) -> None:
    monkeypatch.setattr("evidence.upload._DRAINED_BYTES", 100_000)
    client.force_login(investigator)
    answer = post(client, reverse(name, args=["TEST1"]), b"nothing " * 200_000)
    assert answer.status_code == 415
    assert "is not a picture or video" in answer.content.decode()
    assert incoming() == []


# --- constant memory

STREAM = """
import json, os, sys
import django
django.setup()
from benchmarks.intake import Generated, stream_in
stream_in(Generated(1_000_000), sys.argv[1])  # what is loaded once is not counted
import resource
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
stored = stream_in(Generated(int(sys.argv[2])), sys.argv[1])
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"sha256": stored.sha256, "grown_kb": after - before}))
"""


def test_hundreds_of_megabytes_come_in_in_constant_memory(tmp_path: Path) -> None:
    """In a process of its own whose address space has no room for half of the file."""
    size_bytes = 400 * 1024**2
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({1024**3}, {1024**3}))\n"
    run = subprocess.run(
        [sys.executable, "-c", limited + STREAM, str(tmp_path / "media"), str(size_bytes)],
        cwd=django_settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "osint_catalogue.settings"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    told = json.loads(run.stdout.splitlines()[-1])
    kept = next(path for path in (tmp_path / "media/sha256").rglob(told["sha256"]))
    assert kept.stat().st_size == size_bytes
    with kept.open("rb") as stream:
        assert hashlib.file_digest(stream, "sha256").hexdigest() == told["sha256"]
    assert told["grown_kb"] < 24 * 1024
