"""``manage.py read_metadata FILE...``: what files say of themselves, a JSON line each. Needs no database."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext_lazy as _

from evidence.metadata.batch import line_of, listed_paths


class Command(BaseCommand):
    help = str(_("Print what each file says of itself as one JSON line; - reads paths from standard input."))
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="FILE", help=str(_("a file, or - for a list")))

    def handle(self, *args: Any, **options: Any) -> None:
        for path in listed_paths(options["paths"], sys.stdin.buffer):
            self.stdout.write(line_of(path).decode())
