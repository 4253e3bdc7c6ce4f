"""``python -m evidence.fingerprints PATH --kind photo|video``: one line of JSON on standard output.

Status 0 with a report (its ``warnings`` may have sentences), or 3 with ``{"error": sentence}``.
"""

from __future__ import annotations

import argparse
import json
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import av.logging

from evidence.derivatives import NotOpened
from evidence.fingerprints import FingerprintReport
from evidence.fingerprints.keyframes import keyframe_fingerprints
from evidence.fingerprints.pictures import picture_fingerprints

REFUSED_STATUS = 3
UNEXPECTED = "The file could not be opened; it may be damaged. The original is kept."


def main(arguments: Sequence[str] | None = None) -> int:
    """Compute the fingerprints and print them; the exit status as above."""
    parser = argparse.ArgumentParser(prog="python -m evidence.fingerprints", description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--kind", choices=("photo", "video"), required=True)
    options = parser.parse_args(arguments)
    av.logging.set_level(None)
    compute = picture_fingerprints if options.kind == "photo" else keyframe_fingerprints
    try:
        report = compute(options.path)
    except NotOpened as refusal:
        return _refuse(refusal.sentence)
    except MemoryError:
        raise  # the sandbox tells it apart from damage
    except FileNotFoundError:
        return _refuse("The file is not there.")
    except Exception:
        # Decoders of hostile files raise anything; the traceback is for the log, the sentence for the page.
        traceback.print_exc()
        return _refuse(UNEXPECTED)
    sys.stdout.write(json.dumps(as_json(report)) + "\n")
    return 0


def as_json(report: FingerprintReport) -> dict[str, Any]:
    """The report as JSON values: hashes in hexadecimal, unknown as null."""
    return {
        "duration_s": report.duration_s,
        "keyframes": report.keyframes,
        "warnings": list(report.warnings),
        "fingerprints": [
            {
                "algorithm": str(each.algorithm),
                "is_mirrored": each.is_mirrored,
                "quality": each.quality,
                "hash": each.hash_bytes.hex(),
                "time_s": each.time_s,
                "until_s": each.until_s,
            }
            for each in report.fingerprints
        ],
    }


def _refuse(sentence: str) -> int:
    sys.stdout.write(json.dumps({"error": sentence}) + "\n")
    return REFUSED_STATUS


if __name__ == "__main__":
    sys.exit(main())
