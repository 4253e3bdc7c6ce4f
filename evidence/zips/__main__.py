"""``python -m evidence.zips list PATH --most N`` and ``extract PATH OUTDIR --limit-bytes N ... INDEX``.

Prints one line of JSON an entry, as soon as it is done. Status 3 with ``{"error": sentence}`` when the whole
ZIP is refused. How far it is goes into the pipe for progress.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from evidence.progress import Progress
from evidence.zips import ArchiveRefused, zip_entries, zip_extract
from evidence.zips.reading import decode_names_here

REFUSED_STATUS = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """List or extract; the exit status as above."""
    options = _parser().parse_args(arguments)
    progress = Progress()
    try:
        if options.action == "list":
            for entry in zip_entries(options.path, most=options.most):
                _say(asdict(entry))
            return 0
        results = zip_extract(
            options.path,
            options.outdir,
            options.indexes,
            limit_bytes=options.limit_bytes,
            most_bytes=options.most_bytes,
            most_seconds=options.most_seconds,
            written=lambda size_bytes: progress.say(size_bytes / options.limit_bytes),
        )
        for result in results:
            _say(asdict(result))
    except ArchiveRefused as refusal:
        _say({"error": refusal.sentence})
        return REFUSED_STATUS
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evidence.zips", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    listing = actions.add_parser("list")
    listing.add_argument("path", type=Path)
    listing.add_argument("--most", type=int, required=True)
    extracting = actions.add_parser("extract")
    extracting.add_argument("path", type=Path)
    extracting.add_argument("outdir", type=Path)
    extracting.add_argument("--limit-bytes", type=int, required=True)
    extracting.add_argument("--most-bytes", type=int, required=True)
    extracting.add_argument("--most-seconds", type=float, required=True)
    extracting.add_argument("indexes", type=int, nargs="+")
    return parser


def _say(found: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    decode_names_here()
    sys.exit(main())
