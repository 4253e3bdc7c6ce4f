"""Which kind of copy a file is, by its first bytes; never by its name."""

from __future__ import annotations

import re
from enum import StrEnum

from evidence.metadata import sniff

HEAD_BYTES = 4096
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_HTML_AFTER_COMMENT = re.compile(rb"\s*<!--.{0,4000}(?:saved from url|singlefile)", re.IGNORECASE | re.DOTALL)


class CopyKind(StrEnum):
    """Permanent keys: copies are stored with them."""

    warc = "warc"
    wacz = "wacz"
    page = "page"
    picture = "picture"
    auto_archiver = "auto_archiver"


def kind_of(head: bytes) -> tuple[CopyKind, str] | None:
    """The kind and the media type of a file that begins with `head`; None when no copy begins like that."""
    if head.startswith(b"WARC/1."):
        return CopyKind.warc, "application/warc"
    if head.startswith(b"\x1f\x8b\x08"):
        return CopyKind.warc, "application/gzip"
    if head.startswith(b"PK\x03\x04"):
        return CopyKind.wacz, "application/wacz"
    picture = sniff(head)
    if picture is not None:
        is_picture = picture.mime_type in {"image/png", "image/jpeg", "image/webp"}
        return (CopyKind.picture, picture.mime_type) if is_picture else None
    text = head.removeprefix(b"\xef\xbb\xbf")
    if text.lstrip()[:1] == b"{":
        return CopyKind.auto_archiver, "application/json"
    if _HTML.match(text) or _HTML_AFTER_COMMENT.match(text):
        return CopyKind.page, "text/html"
    return None
