"""The records of a WARC one by one, each with its digests computed again while its bytes go by."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from evidence.archives.base import moment, shortened
from evidence.archives.streams import CHUNK_BYTES, Bytes

KEPT_BODY_BYTES = 2 * 1024 * 1024
_MAX_HEADER_BYTES = 64 * 1024
_MAX_LINE_BYTES = 16 * 1024
_VERSION = re.compile(rb"WARC/1\.[01]\r?\n")
_HASHES = {"sha1": "sha1", "sha-1": "sha1", "sha256": "sha256", "sha-256": "sha256", "md5": "md5"}
_DIGEST_BYTES = {"sha1": 20, "sha256": 32, "md5": 16}


@dataclass(slots=True)
class Record:
    """One record after its bytes went by: its header, what was computed, the beginning of its body."""

    header: dict[str, str]
    http_header: dict[str, str] = field(default_factory=dict)
    http_status: int | None = None
    body: bytes = b""
    payload_is_right: bool | None = None
    block_is_right: bool | None = None

    @property
    def kind(self) -> str:
        return self.header.get("warc-type", "").lower()

    @property
    def url(self) -> str:
        return self.header.get("warc-target-uri", "").strip().strip("<>")

    @property
    def captured_at_utc(self) -> datetime | None:
        return moment(self.header.get("warc-date"))

    @property
    def is_page(self) -> bool:
        kind = self.http_header.get("content-type") or self.header.get("content-type", "")
        return "html" in kind.lower()


def records_of(stream: Bytes) -> Iterator[Record]:
    """Every record of a plain stream. Raises ValueError or EOFError where it is damaged or cut short."""
    while True:
        line = stream.readline(_MAX_LINE_BYTES)
        while line in {b"\r\n", b"\n"}:
            line = stream.readline(_MAX_LINE_BYTES)
        if not line:
            return
        if not _VERSION.fullmatch(line):
            raise ValueError("no record begins here")
        yield _record(stream)


def _record(stream: Bytes) -> Record:
    record = Record(_header_lines(stream))
    length = record.header.get("content-length", "")
    if not re.fullmatch(r"\d{1,15}", length, re.ASCII):
        raise ValueError("a record does not say how long it is")
    left = int(length)
    block = _hash(record.header.get("warc-block-digest"))
    payload = _hash(record.header.get("warc-payload-digest"))
    body = _Body(record, payload)
    while left:
        chunk = stream.read(min(left, CHUNK_BYTES))
        if not chunk:
            raise EOFError
        left -= len(chunk)
        if block:
            block[0].update(chunk)
        body.feed(chunk)
    body.close()
    record.block_is_right = block[0].digest() == block[1] if block else None
    return record


class _Body:
    """The block of a record as it goes by: an HTTP answer's header apart from its payload."""

    def __init__(self, record: Record, digest: tuple[Any, bytes] | None) -> None:
        self._record = record
        # A revisit names the digest of a payload that stands in another record.
        self._digest = digest if record.kind in {"response", "resource", "conversion"} else None
        self._is_http = record.kind in {"response", "revisit"} and record.url.lower().startswith("http")
        self._head = bytearray()
        self._kept = bytearray()
        self._in_header = self._is_http

    def feed(self, chunk: bytes) -> None:
        if self._in_header:
            self._head += chunk
            end = re.search(rb"\r?\n\r?\n", self._head)
            if end is None:
                if len(self._head) > _MAX_HEADER_BYTES:
                    self._in_header = False
                return
            self._in_header = False
            self._record.http_status, self._record.http_header = _http_header(
                bytes(self._head[: end.start()])
            )
            chunk = bytes(self._head[end.end() :])
        if self._digest:
            self._digest[0].update(chunk)
        if len(self._kept) < KEPT_BODY_BYTES:
            self._kept += chunk[: KEPT_BODY_BYTES - len(self._kept)]

    def close(self) -> None:
        self._record.body = bytes(self._kept) if self._record.kind != "request" else b""
        if self._digest is None:
            return
        right = self._digest[0].digest() == self._digest[1]
        is_chunked = "chunked" in self._record.http_header.get("transfer-encoding", "").lower()
        # Some programs digest what was sent, others what was meant; the second is checked for short bodies.
        if not right and is_chunked and len(self._kept) < KEPT_BODY_BYTES:
            again = hashlib.new(self._digest[0].name, usedforsecurity=False)
            again.update(_without_chunks(bytes(self._kept)))
            right = again.digest() == self._digest[1]
        self._record.payload_is_right = right


def _header_lines(stream: Bytes) -> dict[str, str]:
    header: dict[str, str] = {}
    used = 0
    while True:
        line = stream.readline(_MAX_LINE_BYTES)
        used += len(line)
        if not line.endswith(b"\n") or used > _MAX_HEADER_BYTES:
            raise ValueError("a record's header does not end")
        if line in {b"\r\n", b"\n"}:
            return header
        name, colon, value = line.decode("utf-8", "replace").partition(":")
        if colon:
            header.setdefault(name.strip().lower(), value.strip())


def _http_header(head: bytes) -> tuple[int | None, dict[str, str]]:
    lines = head.decode("latin-1").splitlines()
    found = re.match(r"HTTP/[\d.]{1,4} (\d{3})\b", lines[0]) if lines else None
    header: dict[str, str] = {}
    for line in lines[1:200]:
        name, colon, value = line.partition(":")
        if colon:
            header.setdefault(name.strip().lower(), shortened(value))
    return (int(found[1]) if found else None), header


def _hash(written: str | None) -> tuple[Any, bytes] | None:
    """The hash to feed and the digest to expect: `sha1:` in base 32 or hex; None when it is no such thing."""
    name, _, text = (written or "").partition(":")
    algorithm = _HASHES.get(name.strip().lower())
    if algorithm is None:
        return None
    text, size = text.strip(), _DIGEST_BYTES[algorithm]
    try:
        if len(text) == size * 2:
            expected = bytes.fromhex(text)
        else:
            expected = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except (ValueError, binascii.Error):
        return None
    if len(expected) != size:
        return None
    return hashlib.new(algorithm, usedforsecurity=False), expected


def _without_chunks(body: bytes) -> bytes:
    """The body of an answer that was sent in pieces (RFC 9112, section 7.1); what is no piece ends it."""
    whole, at = bytearray(), 0
    while True:
        end = body.find(b"\r\n", at, at + 64)
        size = re.match(rb"[0-9A-Fa-f]{1,8}", body[at:end]) if end >= 0 else None
        if size is None or int(size[0], 16) == 0:
            return bytes(whole)
        start = end + 2
        whole += body[start : start + int(size[0], 16)]
        at = start + int(size[0], 16) + 2
