"""Digests against the examples that NIST publishes for SHA-256 (FIPS 180-4 and CAVP SHA256ShortMsg)."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.integrity.hashing import SHA256_PATTERN, Digests, HashingWriter, hash_stream

NIST_EXAMPLES = [
    (b"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    (b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
        b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ),
    (b"\xd3", "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1"),
    (b"a" * 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
]


@pytest.mark.parametrize(("content", "digest"), NIST_EXAMPLES)
def test_published_examples_have_their_published_digest(content: bytes, digest: str) -> None:
    assert hash_stream([content]) == Digests(sha256=digest, size_bytes=len(content))


@given(st.lists(st.binary(max_size=40)))
def test_the_cut_into_chunks_makes_no_difference(chunks: list[bytes]) -> None:
    assert hash_stream(chunks) == hash_stream([b"".join(chunks)])


@given(st.lists(st.binary(max_size=40)))
def test_a_writer_passes_on_every_byte_and_digests_it(chunks: list[bytes]) -> None:
    sink = io.BytesIO()
    writer = HashingWriter(sink)
    for chunk in chunks:
        assert writer.write(chunk) == len(chunk)
    assert sink.getvalue() == b"".join(chunks)
    assert writer.digests == hash_stream(chunks)


def test_a_chunk_that_the_sink_did_not_take_is_not_counted() -> None:
    class FullDisk:
        def __init__(self) -> None:
            self.chunks: list[bytes] = []

        def write(self, chunk: bytes) -> int:
            if self.chunks:
                raise OSError("No space left on device")
            self.chunks.append(chunk)
            return len(chunk)

    writer = HashingWriter(FullDisk())
    writer.write(b"abc")
    with pytest.raises(OSError, match="No space left"):
        writer.write(b"def")
    assert writer.digests == hash_stream([b"abc"])


def test_a_short_write_is_an_error_and_not_a_wrong_digest() -> None:
    class ShortFile:
        def write(self, chunk: bytes) -> int:
            return len(chunk) - 1

    with pytest.raises(OSError, match="Only 2 of 3 bytes"):
        HashingWriter(ShortFile()).write(b"abc")


def test_every_digest_matches_the_pattern_and_nothing_else_does() -> None:
    digest = hash_stream([b"abc"]).sha256
    assert re.fullmatch(SHA256_PATTERN, digest)
    for other in (digest.upper(), digest[:-1], digest + "0", "g" * 64, ""):
        assert re.search(SHA256_PATTERN, other) is None
