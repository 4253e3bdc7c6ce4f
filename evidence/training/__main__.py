"""``python -m evidence.training OUTDIR`` writes the media of the training exercise and lists them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from evidence.training import generate


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files and print a line for each."""
    parser = argparse.ArgumentParser(prog="python -m evidence.training", description=__doc__)
    parser.add_argument("outdir", type=Path)
    options = parser.parse_args(arguments)
    for made in generate(options.outdir):
        size_kb = (options.outdir / made.filename).stat().st_size / 1000
        sys.stdout.write(f"{made.key}  {made.filename:34} {size_kb:7.0f} kB  {made.says}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
