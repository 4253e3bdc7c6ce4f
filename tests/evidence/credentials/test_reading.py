"""Credentials made by the tests themselves, read as they are and after each kind of damage."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import c2pa
import pytest

from evidence.credentials import SUPPORTED_TYPES, CredentialsReading, may_hold_credentials
from evidence.credentials.base import Action, CredentialsState, TimeBasis
from evidence.credentials.reading import read_credentials
from evidence.sandbox import Success, Watch, run_limited
from tests.evidence.credentials.signing import (
    ACTIONS,
    AI,
    authority,
    changed_claim,
    changed_pixel,
    picture,
    ruined_store,
    signed,
    stamping,
)

ROOT = Path(__file__).parents[3]


@pytest.fixture
def read(tmp_path: Path):
    def read_bytes(content: bytes, mime_type: str = "image/jpeg", **options: str) -> CredentialsReading:
        path = tmp_path / "file"
        path.write_bytes(content)
        return read_credentials(path, mime_type, **options)

    return read_bytes


def test_a_picture_without_credentials_says_so(read) -> None:
    assert read(picture()).state == CredentialsState.NONE


def test_valid_is_not_trusted_and_everything_signed_is_read(read) -> None:
    found = read(signed(parent=signed()))
    assert found.state == CredentialsState.VALID
    assert not found.has_trust_list
    assert (found.signer, found.signer_organisation) == ("Test Signer", "Test Newsroom")
    assert found.issuer == "Test Root, Test Authority"
    assert found.claim_generator == "Test Camera 1.0"
    assert [action.action for action in found.actions] == [each["action"] for each in ACTIONS]
    assert found.actions[1] == Action(
        "c2pa.color_adjustments", "2024-05-01T10:00:00Z", "Test Editor 3", None, "brightness"
    )
    assert found.source_types == ("digitalCapture",)
    (before,) = found.ingredients
    assert (before.title, before.relationship, before.has_credentials, before.signer) == (
        "The picture before", "parentOf", True, "Test Signer",
    )  # fmt: skip
    assert found.failures == ()
    # No time stamp was bought, so the signature says nothing of when.
    assert (found.signed_at, found.signed_at_basis) == (None, None)


def test_only_a_configured_list_makes_it_trusted(read) -> None:
    ours = authority().root.decode()
    other = authority("http://127.0.0.1:9/").root.decode()
    assert read(signed(), trust_list_pem=ours).state == CredentialsState.TRUSTED
    found = read(signed(), trust_list_pem=other)
    assert (found.state, found.has_trust_list) == (CredentialsState.VALID, True)


def test_a_trusted_signer_does_not_make_a_changed_file_good(read) -> None:
    found = read(changed_pixel(signed()), trust_list_pem=authority().root.decode())
    assert found.state == CredentialsState.INVALID


@pytest.mark.parametrize(
    ("damage", "code"),
    [(changed_pixel, "assertion.dataHash.mismatch"), (changed_claim, "claimSignature.mismatch")],
)
def test_a_change_after_signing_is_named_by_its_code(read, damage, code: str) -> None:
    found = read(damage(signed()))
    assert found.state == CredentialsState.INVALID
    assert code in [failure.code for failure in found.failures]
    assert "signingCredential.untrusted" not in [failure.code for failure in found.failures]
    assert found.signer == "Test Signer"


def test_credentials_that_cannot_be_read_are_there_and_unreadable(read) -> None:
    found = read(ruined_store(signed()))
    assert found.state == CredentialsState.UNREADABLE
    assert found.explanation


def test_a_picture_made_by_a_model_says_so_also_through_what_it_was_made_from(read) -> None:
    made = [{"action": "c2pa.created", "digitalSourceType": AI}]
    assert read(signed(actions=made)).source_types == ("trainedAlgorithmicMedia",)
    opened = [{"action": "c2pa.edited"}]
    assert read(signed(actions=opened, parent=signed(actions=made))).source_types == (
        "trainedAlgorithmicMedia",
    )


def test_a_time_stamp_gives_the_time_and_its_basis(read, tmp_path: Path) -> None:
    with stamping(tmp_path) as url:
        content = signed(stamp_url=url)
    found = read(content)
    assert found.signed_at is not None
    assert found.signed_at.endswith("+00:00")
    assert found.signed_at_basis == TimeBasis.STAMP
    trusted = read(content, trust_list_pem=authority().root.decode())
    assert trusted.signed_at_basis == TimeBasis.TRUSTED_STAMP


@pytest.mark.parametrize("mime_type", ["image/jpeg", "image/png", "image/webp", "image/tiff"])
def test_presence_is_told_by_bytes_in_every_container(read, tmp_path: Path, mime_type: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(picture(mime_type))
    assert not may_hold_credentials(path, mime_type)
    path.write_bytes(signed(mime_type=mime_type))
    assert may_hold_credentials(path, mime_type)
    assert read(path.read_bytes(), mime_type).state == CredentialsState.VALID


def _box(kind: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4, "big") + kind + content


def test_a_video_is_told_by_its_boxes_and_what_is_not_understood_counts_as_may(tmp_path: Path) -> None:
    path = tmp_path / "file"
    head = _box(b"ftyp", b"isom\0\0\0\0")
    store = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
    xmp = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
    for content, may in (
        (head + _box(b"mdat", b"jumb"), False),  # a chance run of letters in the pictures is no box
        (head + _box(b"uuid", store + b"\0" * 40) + _box(b"mdat", b""), True),
        (head + _box(b"uuid", xmp + b"<x/>"), False),
        (head + _box(b"uuid", xmp + b'dcterms:provenance="https://'), True),
        (head + b"\0\0\0\x03oops", True),
        (head + b"\0\0\0\x01mdat" + (1 << 40).to_bytes(8, "big"), False),
    ):
        path.write_bytes(content)
        assert may_hold_credentials(path, "video/mp4") is may, content


def test_a_mark_across_two_reads_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"\0" * ((1 << 20) - 2) + b"jumb")
    assert may_hold_credentials(path, "image/jpeg")


def test_the_library_looks_into_every_type_we_send_it() -> None:
    assert set(c2pa.Reader.get_supported_mime_types()) >= SUPPORTED_TYPES


@contextmanager
def _listener() -> Iterator[tuple[str, list[bytes]]]:
    """A server that answers nothing and remembers what it was asked."""
    asked: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        while True:
            connection, _ = server.accept()
            with connection:
                first = connection.recv(200)
                if first == b"stop":
                    return
                asked.append(first)

    thread = threading.Thread(target=listen)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/", asked
    finally:
        with socket.create_connection(server.getsockname()) as last:
            last.sendall(b"stop")
        thread.join()
        server.close()


def _command(path: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "evidence.credentials", "--type", "image/jpeg", *options, str(path)]


def test_an_address_in_the_file_is_never_asked(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with _listener() as (url, asked):
        path.write_bytes(signed(remote_url=f"{url}store.c2pa"))
        # The child has a network here: what keeps it off is the reader itself.
        answer = subprocess.run(_command(path), cwd=ROOT, capture_output=True, check=True)
        assert asked == []
        found = CredentialsReading.from_json(json.loads(answer.stdout))
        assert (found.state, found.remote_url) == (CredentialsState.ELSEWHERE, f"{url}store.c2pa")
        # The library as it comes would have asked, so the listener would have heard it.
        careless = f"import c2pa; c2pa.Reader('image/jpeg', open({str(path)!r}, 'rb'))"
        subprocess.run([sys.executable, "-c", careless], capture_output=True, check=False)
        assert asked


def test_a_revocation_server_named_in_the_certificate_is_never_asked(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with _listener() as (url, asked):
        path.write_bytes(signed(ocsp_url=url))
        trusted = tmp_path / "list.pem"
        trusted.write_bytes(authority(url).root)
        answer = subprocess.run(
            _command(path, "--trust-list", str(trusted)), cwd=ROOT, capture_output=True, check=True
        )
        assert json.loads(answer.stdout)["state"] == "trusted"
        assert asked == []
        careless = (
            "import c2pa; c = c2pa.Context(c2pa.Settings.from_dict({'verify': {'ocsp_fetch': True}}));"
            f"c2pa.Reader('image/jpeg', open({str(path)!r}, 'rb'), context=c)"
        )
        subprocess.run([sys.executable, "-c", careless], capture_output=True, check=False)
        assert asked


def test_it_runs_within_the_limits_of_the_sandbox(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(signed())
    told: list[int] = []
    outcome = run_limited(
        _command(path),
        memory_bytes=1 << 30,
        cpu_seconds=10,
        wall_seconds=30,
        file_size_bytes=1 << 20,
        cwd=ROOT,
        watch=Watch(told=told.append, silence_seconds=30),
    )
    assert isinstance(outcome, Success), outcome
    assert json.loads(outcome.stdout)["state"] == "valid"
    assert told, "it says how much of the file it has read"
    assert all(0 <= percent < 100 for percent in told)


def test_a_stored_reading_comes_back_the_same(read) -> None:
    found = read(changed_pixel(signed(parent=signed())))
    assert CredentialsReading.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_a_file_that_is_not_there_is_an_answer_with_a_sentence(tmp_path: Path) -> None:
    answer = subprocess.run(_command(tmp_path / "gone"), cwd=ROOT, capture_output=True, check=False)
    assert answer.returncode == 2
    assert "could not be opened" in json.loads(answer.stdout)["error"]


@pytest.mark.parametrize("keep", range(0, 3000, 150))
def test_credentials_cut_short_anywhere_are_an_answer(read, keep: int) -> None:
    content = signed()
    found = read(content[: len(content) * keep // 3000])
    assert found.state in (CredentialsState.UNREADABLE, CredentialsState.INVALID)
