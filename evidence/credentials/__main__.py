"""``python -m evidence.credentials [--type MIME] [--trust-list PEM] PATH``: one JSON object.

This is what a worker runs in a child process with limits.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from evidence.metadata import sniff

from .reading import read_credentials

_HEAD_BYTES = 4096


def main(arguments: list[str]) -> int:
    """Read and print. 0, or 2 with `{"error": sentence}` when there is nothing to read."""
    parser = argparse.ArgumentParser(prog="python -m evidence.credentials")
    parser.add_argument("path", type=Path)
    parser.add_argument("--type", default="")
    parser.add_argument("--trust-list", type=Path)
    given = parser.parse_args(arguments)
    try:
        mime_type = given.type or _sniffed(given.path)
        trusted = given.trust_list.read_text("ascii") if given.trust_list else ""
        reading = read_credentials(given.path, mime_type, trust_list_pem=trusted)
    except (OSError, UnicodeDecodeError) as error:
        print(json.dumps({"error": f"A file could not be opened: {error}."}))  # noqa: T201
        return 2
    print(json.dumps(reading.to_json(), ensure_ascii=True))  # noqa: T201
    return 0


def _sniffed(path: Path) -> str:
    with path.open("rb") as file:
        found = sniff(file.read(_HEAD_BYTES))
    return found.mime_type if found else "application/octet-stream"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
