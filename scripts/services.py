"""Start, stop and show the private PostGIS and Redis: `python -m scripts.services start|stop|status`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scripts import environment, postgres, redis
from scripts.layout import VAR, Layout, SetupError, layout_for
from scripts.locking import only_one


def start(layout: Layout) -> None:
    """Start both servers and write `env`; what runs already is left alone."""
    with only_one(layout.home / "services.lock", wait=True):
        postgres.start(layout)
        redis.start(layout)
        environment.write(layout)


def stop(layout: Layout) -> None:
    with only_one(layout.home / "services.lock", wait=True):
        redis.stop(layout)
        postgres.stop(layout)


def stop_unless_kept(layout: Layout) -> None:
    """Stop them, except where somebody started them with `make services` to keep them."""
    if not (layout.home / "services.keep").exists():
        stop(layout)


def describe(layout: Layout) -> str:
    """Two lines for people: is it running, as which process, where."""
    database = postgres.pid(layout) if postgres.is_running(layout) else None
    broker = redis.pid(layout) if redis.answers(layout) else None
    return "\n".join(
        f"{name:<8} {f'running, process {number}, in {layout.sockets}' if number else 'stopped'}"
        for name, number in (("PostGIS", database), ("Redis", broker))
    )


HOW_TO_USE = """\
Settings: var/env. Run a command with them: scripts/with-env COMMAND ...
Tests, with a database of your own beside other people's:
  TEST_DATABASE_NAME=test_yourname scripts/with-env .venv/bin/python -m pytest tests/..."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=["start", "stop", "status"])
    parser.add_argument("--home", type=Path, default=VAR, help="where the servers keep their files (var/)")
    options = parser.parse_args(arguments)
    layout = layout_for(home=options.home.resolve(), durable=True)
    if options.action == "start":
        start(layout)
        postgres.allow_emptying(layout)
        (layout.home / "services.keep").touch()
    elif options.action == "stop":
        stop(layout)
        (layout.home / "services.keep").unlink(missing_ok=True)
    print(describe(layout))
    if options.action == "start":
        print(HOW_TO_USE)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as error:
        sys.exit(str(error))
