"""``manage.py read_metadata FILE...``: what files say of themselves, a JSON line each. Needs no database."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext_lazy as _

from evidence.metadata import read_file
from evidence.metadata.lines import json_line


class Command(BaseCommand):
    help = str(_("Print what each file says of itself as one JSON line; - reads paths from standard input."))
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="FILE", help=str(_("a file, or - for a list")))

    def handle(self, *args: Any, **options: Any) -> None:
        for path in _paths(options["paths"]):
            line = json_line(read_file(Path(path)), path=path, sha256=_sha256(path))
            self.stdout.write(json.dumps(line, allow_nan=False))


def _paths(arguments: list[str]) -> Iterator[str]:
    for argument in arguments:
        if argument != "-":
            yield argument
            continue
        for line in sys.stdin.buffer:  # bytes: a file name need not be valid text
            if path := os.fsdecode(line.rstrip(b"\r\n")):
                yield path


def _sha256(path: str) -> str | None:
    """The digest of the file, or None when it cannot be read (the line's warnings say why)."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
