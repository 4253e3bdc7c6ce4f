"""Many files in one go: a JSON line each, as fast as they can be hashed. Needs no Django and no database."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import orjson

from .base import MetadataReading
from .lines import json_line
from .registry import WHOLE_BYTES, open_regular, read_bytes, read_file, unopened


def listed_paths(arguments: Iterable[str], listing: BinaryIO) -> Iterator[str]:
    """The paths among the arguments; for ``-`` those of ``listing``, one a line, in any bytes."""
    for argument in arguments:
        if argument != "-":
            yield argument
            continue
        for line in listing:
            if path := os.fsdecode(line.rstrip(b"\r\n")):
                yield path


def line_of(path: str) -> bytes:
    """The JSON line of one file. What cannot be read has no digest, and its warnings say why."""
    reading, sha256 = _read(path)
    line = json_line(reading, path=path, sha256=sha256)
    try:
        return orjson.dumps(line)
    except TypeError:  # a file name that is no valid text
        return json.dumps(line, allow_nan=False).encode()


def _read(path: str) -> tuple[MetadataReading, str | None]:
    """A small file is read once, for the digest and for the walker; a large one is not held in memory."""
    try:
        with open_regular(path) as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            if size > WHOLE_BYTES:
                return read_file(Path(path)), hashlib.file_digest(file, "sha256").hexdigest()
            content = file.read(size)
    except (OSError, ValueError) as error:
        return unopened(error), None
    reading = read_bytes(content, os.path.basename(path), raw_tags=False)
    return reading, hashlib.sha256(content).hexdigest()


def write_lines(paths: Iterable[str], out: BinaryIO) -> None:
    """Write the line of each path as soon as it is known, so that a program at the other end may wait."""
    for path in paths:
        out.write(line_of(path) + b"\n")
        out.flush()
