"""``python -m evidence.archives PATH KIND [LINK]``: one line of JSON, as `CopyReading.to_json` writes it.

Status 3 with ``{"error": sentence}`` for what is refused. Started as a child process with limits.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from evidence.archives.base import Refused, Wanted
from evidence.archives.kinds import CopyKind
from evidence.archives.registry import read_copy

REFUSED_STATUS = 3


def main(arguments: list[str]) -> int:
    """Print the reading of one copy; 2 when called wrongly."""
    if len(arguments) not in (2, 3) or arguments[1] not in set(CopyKind):
        sys.stderr.write("Usage: python -m evidence.archives PATH KIND [LINK]\n")
        return 2
    wanted = Wanted(arguments[2] if len(arguments) == 3 else "")
    try:
        reading = read_copy(Path(arguments[0]), CopyKind(arguments[1]), wanted)
    except Refused as refusal:
        sys.stdout.write(json.dumps({"error": refusal.sentence}) + "\n")
        return REFUSED_STATUS
    sys.stdout.write(json.dumps(reading.to_json(), allow_nan=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
