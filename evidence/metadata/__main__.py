"""``python -m evidence.metadata PATH``: one JSON line, which MetadataReading.from_json reads.

Started as a child process with a memory limit, so that a hostile file can hurt nothing else.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from .registry import read_file


def main(arguments: list[str]) -> int:
    """Print the reading of one file; 2 when called wrongly."""
    if len(arguments) != 1:
        sys.stderr.write("Usage: python -m evidence.metadata PATH\n")
        return 2
    sys.stdout.write(json.dumps(read_file(Path(arguments[0])).to_json(), allow_nan=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
