"""Read post links, one a line, and print one line of JSON for each. Needs no database and no network."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from evidence.platforms import read_link
from evidence.platforms.lines import link_record


class Command(BaseCommand):
    """`manage.py read_link -` reads standard input; `manage.py read_link LINK...` reads its arguments."""

    help = "Print what each link says: platform, canonical link, post id, and the time hidden in that id."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "links", nargs="+", metavar="LINK", help="a link, or - for one a line on standard input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for text in _texts(options["links"]):
            # Written at once, so that a program on the other end of a pipe can go on asking.
            self.stdout.write(json.dumps(link_record(read_link(text)), ensure_ascii=False))
            self.stdout.flush()


def _texts(links: list[str]) -> Iterator[str]:
    for link in links:
        if link != "-":
            yield link
            continue
        # Bytes, because a list of links may come in any encoding and one bad line must not stop the others.
        for line in sys.stdin.buffer:
            # A blank line is answered too, so that the answers stand beside the questions.
            yield line.decode("utf-8", errors="replace").strip("\ufeff\r\n\t ")
