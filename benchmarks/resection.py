"""How far off resected cameras are, and how often their 95 % ellipse holds the truth.

    python benchmarks/resection.py [--scenes 400]

Draws scenes with a known camera from a fixed seed, spoils pixels and positions with errors of known size,
and solves each as the page does. Prints for every kind of scene how many were solved, weak or had more than
one answer, the coverage of the ellipse over the solved ones with its standard error, percentiles of the
errors, and processor time a scene.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

# One thread: the matrices are tiny, and a pool of threads costs more than it gives.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from geolocation.resection.campaign import RECIPES, Tally, binomial_error, run
from geolocation.resection.outcome import Status

SEED = 20230919


def report(name: str, tally: Tally, scenes: int, seconds: float) -> None:
    count = {status: tally.statuses[status] for status in Status}
    error = binomial_error(tally.coverage, tally.solved)
    print(f"{name}: {scenes} scenes, {1000 * seconds / scenes:.0f} ms of processor time each")
    print("  " + ", ".join(f"{status.value} {number}" for status, number in count.items() if number))
    print(f"  95 % ellipse holds the truth in {100 * tally.coverage:.1f} % ± {100 * error:.1f} of the solved")
    if count[Status.WEAK]:
        print(f"  and in {100 * tally.held_when_weak / count[Status.WEAK]:.1f} % of those called weak")
    for title, values, unit in (
        ("position", tally.errors_m, "m"),
        ("heading", tally.heading_errors_deg, "°"),
        ("field of view", tally.field_errors_deg, "°"),
    ):
        at = np.percentile(values, [50, 90, 99])
        print(f"  {title} off by {at[0]:.2f} {unit} (median), {at[1]:.2f} (90 %), {at[2]:.2f} (99 %)")
    if tally.named or tally.undecided:
        print(f"  wrong landmark named {tally.named}, left undecided {tally.undecided}")
    print(f"  right landmark named as wrong {tally.wrongly_named}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--scenes", type=int, default=400, help="scenes of each kind")
    scenes = options.parse_args().scenes
    held = solved = 0
    for number, (name, recipe) in enumerate(RECIPES.items()):
        started = time.process_time()
        tally = run(recipe, scenes=scenes, seed=SEED + number)
        report(name, tally, scenes, time.process_time() - started)
        held, solved = held + tally.held, solved + tally.solved
    share = held / solved
    error = binomial_error(share, solved)
    print(f"all kinds: {100 * share:.2f} % ± {100 * error:.2f} of {solved} solved scenes")


if __name__ == "__main__":
    main()
