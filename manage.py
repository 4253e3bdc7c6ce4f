#!/usr/bin/env python
"""Django's command line for the catalogue.

With no settings in the environment it uses those of `make run` (var/env). Commands that only read texts and
files need neither servers nor secrets, so they run on a bare checkout too.
"""

import os
import sys
from pathlib import Path

from evidence.metadata.batch import listed_paths, write_lines

LOCAL_SETTINGS = Path(__file__).parent / "var" / "env"
NEED_NO_SERVERS = {"parse_position", "read_link", "read_metadata"}


def main(arguments: list[str]) -> None:
    """Run one command. Metadata is read without Django, whose start takes longer than a thousand files."""
    paths = arguments[2:]
    has_options = any(path.startswith("-") and path != "-" for path in paths)
    if arguments[1:2] == ["read_metadata"] and paths and not has_options:
        write_lines(listed_paths(paths, sys.stdin.buffer), sys.stdout.buffer)
    else:
        run_by_django(arguments)


def run_by_django(arguments: list[str]) -> None:
    """Run a command of the applications."""
    from django.core.management import execute_from_command_line  # not needed above, and slow
    from environs import Env

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "osint_catalogue.settings")
    if "DATABASE_URL" not in os.environ and LOCAL_SETTINGS.exists():
        Env.read_env(str(LOCAL_SETTINGS), recurse=False)
    if NEED_NO_SERVERS.intersection(arguments[1:2]):
        os.environ.setdefault("SECRET_KEY", "signs nothing: this command only reads")
        os.environ.setdefault("DATABASE_URL", "postgis://localhost/none")
    execute_from_command_line(arguments)


if __name__ == "__main__":
    main(sys.argv)
