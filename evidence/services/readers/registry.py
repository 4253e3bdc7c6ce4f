"""Every reader there is, in the order in which they are asked for. Keys are permanent."""

from __future__ import annotations

from evidence.models import MediaFile
from evidence.services.readers import credentials, exiftool, likeness, pixels, videos, walker
from evidence.services.readers.base import Reader

_ALL = (
    walker.READER,
    pixels.READER,
    videos.CONTACT_SHEET,
    videos.WAVEFORM,
    videos.PROXY,
    likeness.READER,
    credentials.READER,
    exiftool.READER,
)
READERS: dict[str, Reader] = {reader.key: reader for reader in _ALL}
WALKER, PIXELS = walker.READER.key, pixels.READER.key
CREDENTIALS, EXIFTOOL = credentials.READER.key, exiftool.READER.key


def reader_of(key: str) -> Reader:
    """The reader with this key. KeyError for one that never existed."""
    return READERS[key]


def readers_for(media_file: MediaFile) -> list[Reader]:
    """The readers that read this file without being asked."""
    return [reader for reader in _ALL if reader.is_automatic and reader.is_wanted(media_file)]
