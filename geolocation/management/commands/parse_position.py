"""Read texts as positions, one JSON line each. Uses no database."""

import json
import sys
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from geolocation.coordinates.outcome import Parsed, Refused
from geolocation.coordinates.parse import parse_position


def outcome_line(outcome: Parsed | Refused) -> str:
    """One outcome as one line of JSON: figures and reasons, without the sentences for people."""
    full = outcome.to_json()
    prose = {"sentence", "understood_as", "axis_note"}
    return json.dumps({key: value for key, value in full.items() if key not in prose}, ensure_ascii=False)


class Command(BaseCommand):
    help = "Read positions written in any usual notation; print one line of JSON for each."
    requires_system_checks: list[str] = []  # nothing here touches settings, models or files

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "text", nargs="+", help="a position as text, or - to read one a line from standard input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for text in _texts(options["text"]):
            self.stdout.write(outcome_line(parse_position(text)))


def _texts(arguments: list[str]) -> Iterator[str]:
    """Each argument, and each line of standard input in place of `-`; empty lines stay."""
    for argument in arguments:
        if argument != "-":
            yield argument
            continue
        for line in sys.stdin.buffer:
            yield line.decode("utf-8", errors="replace").rstrip("\r\n")
