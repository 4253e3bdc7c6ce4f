"""``python -m evidence.derivatives PATH OUTDIR --kind KIND``: one line of JSON on standard output.

Status 0 with a report (its ``warnings`` may have sentences), or 3 with ``{"error": sentence}``.
"""

from __future__ import annotations

import argparse
import json
import sys
import traceback
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import av.logging

from evidence.derivatives import (
    NotOpened,
    make_contact_sheet,
    make_photo_derivatives,
    make_proxy,
    make_video_derivatives,
    make_waveform,
)

REFUSED_STATUS = 3
UNEXPECTED = "The file could not be opened; it may be damaged. The original is kept."


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the derivatives and print what was made; the exit status as above."""
    parser = argparse.ArgumentParser(prog="python -m evidence.derivatives", description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("outdir", type=Path)
    makers = {
        "photo": make_photo_derivatives,
        "video": make_video_derivatives,
        "contact_sheet": make_contact_sheet,
        "proxy": make_proxy,
        "waveform": make_waveform,
    }
    parser.add_argument("--kind", choices=makers, required=True)
    options = parser.parse_args(arguments)
    av.logging.set_level(None)
    try:
        report = makers[options.kind](options.path, options.outdir)
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
    sys.stdout.write(json.dumps(asdict(report), default=str) + "\n")
    return 0


def _refuse(sentence: str) -> int:
    sys.stdout.write(json.dumps({"error": sentence}) + "\n")
    return REFUSED_STATUS


if __name__ == "__main__":
    sys.exit(main())
