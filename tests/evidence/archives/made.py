"""Archives made for tests, by the specifications' own words: every digest is computed here, by hashlib."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping

LINK = "https://x.com/marutvanian/status/1704733065673687175"
PAGE = (
    b"<!doctype html><html><head><title>Smoke &amp; ashes  over the quay</title></head><body>x</body></html>"
)
WHEN = "2023-09-21T06:01:02Z"


def http(body: bytes, *, status: str = "200 OK", **header: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html; charset=utf-8"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in header.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def sha1(payload: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(payload, usedforsecurity=False).digest()).decode()


def record(
    block: bytes,
    *,
    kind: str = "response",
    url: str = LINK,
    date: str = WHEN,
    version: str = "1.1",
    header: Mapping[str, str] | None = None,
) -> bytes:
    """One record; its block digest is right unless `header` says something else."""
    fields = {
        "WARC-Type": kind,
        "WARC-Record-ID": "<urn:uuid:11111111-1111-4111-8111-111111111111>",
        "WARC-Date": date,
        "WARC-Target-URI": url,
        "WARC-Block-Digest": sha1(block),
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
        **(header or {}),
    }
    lines = [f"WARC/{version}", *(f"{name}: {value}" for name, value in fields.items() if value)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def answer(body: bytes = PAGE, **more: str) -> bytes:
    """A record of an answered page with both digests."""
    changed = {"WARC-Payload-Digest": sha1(body)}
    return record(http(body), header=changed, **more)


def warc(*records: bytes, packed: bool = True) -> bytes:
    info = record(b"software: made for a test\r\n", kind="warcinfo", url="", header={"WARC-Target-URI": ""})
    every = [info, *records]
    return b"".join(gzip.compress(each, mtime=0) for each in every) if packed else b"".join(every)


def wacz(
    parts: Mapping[str, bytes] | None = None,
    *,
    listed: Mapping[str, bytes] | None = None,
    extra: Mapping[str, bytes] | None = None,
    package: Mapping[str, object] | None = None,
    compression: int = zipfile.ZIP_DEFLATED,
    sign: Callable[[str], object] | None = None,
) -> bytes:
    """A WACZ of these parts; `listed` are what the package says they are, `extra` is not listed at all.

    `sign` is given the digest of the list as it is written, and gives what stands beside it as signed.
    """
    parts = parts if parts is not None else usual_parts()
    resources = [
        {
            "name": name.rsplit("/", 1)[-1],
            "path": name,
            "hash": "sha256:" + hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
        }
        for name, content in (listed or parts).items()
    ]
    text = json.dumps(
        {"profile": "data-package", "wacz_version": "1.1.1", "resources": resources, **(package or {})}
    ).encode()
    digest: dict[str, object] = {
        "path": "datapackage.json",
        "hash": "sha256:" + hashlib.sha256(text).hexdigest(),
    }
    if sign is not None:
        digest["signedData"] = sign(str(digest["hash"]))
    every = {
        **parts,
        "datapackage.json": text,
        "datapackage-digest.json": json.dumps(digest).encode(),
        **(extra or {}),
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in every.items():
            # A fixed date, so that the same parts are the same file.
            archive.writestr(zipfile.ZipInfo(name, (2023, 9, 21, 6, 1, 2)), content, compression)
    return stream.getvalue()


def usual_parts() -> dict[str, bytes]:
    pages = [
        {"format": "json-pages-1.0", "id": "pages", "title": "All pages"},
        {"id": "1", "url": LINK, "ts": "2023-09-21T06:01:02.500Z", "title": "Smoke over the quay"},
    ]
    index = {"url": LINK, "mime": "text/html", "status": "200", "filename": "data.warc.gz"}
    return {
        "archive/data.warc.gz": warc(answer()),
        "pages/pages.jsonl": "\n".join(map(json.dumps, pages)).encode(),
        "indexes/index.cdx": f"com,x)/marutvanian 20230921060102 {json.dumps(index)}\n".encode(),
    }


SAVED_PAGE = b"""<!DOCTYPE html>
<!-- saved from url=(0052)https://x.com/marutvanian/status/1704733065673687175 -->
<html><head><meta charset="utf-8"><title>Smoke over the quay</title>
<link rel="canonical" href="https://x.com/marutvanian/status/1704733065673687175">
<meta property="og:url" content="https://twitter.com/marutvanian/status/1704733065673687175?s=20">
<meta property="article:published_time" content="2023-09-21T09:43:29+04:00">
<script>alert(1)</script></head><body onload="alert(1)">Smoke</body></html>
"""
SINGLE_FILE = b"""<!DOCTYPE html><html><!--
 Page saved with SingleFile
 url: https://x.com/marutvanian/status/1704733065673687175
 saved date: Thu Sep 21 2023 10:01:02 GMT+0400 (Armenia Standard Time)
--><head><title>Smoke</title></head></html>"""


def report(**more: object) -> bytes:
    """auto-archiver's metadata.json, with one file and the thumbnail that stands in its properties."""
    shot = {
        "filename": "/tmp/x/screenshot.png",
        "_key": "a/screenshot.png",
        "urls": [],
        "_mimetype": "image/png",
        "properties": {"id": "screenshot", "hash": "SHA-256:" + "ab" * 32, "pdq_hash": "f" * 60},
    }
    video = {
        "filename": "video.mp4",
        "urls": ["https://store.example/video.mp4"],
        "_mimetype": "video/mp4",
        "properties": {"hash": "SHA-256:" + "CD" * 32, "thumbnails": [shot]},
    }
    metadata = {
        "url": LINK,
        "title": "Smoke over the quay",
        "timestamp": "2023-09-21 09:43:29+00:00",
        "_processed_at": "2023-09-21 06:01:02.123456+00:00",
    }
    return json.dumps({"status": "success", "metadata": {**metadata, **more}, "media": [video]}).encode()
