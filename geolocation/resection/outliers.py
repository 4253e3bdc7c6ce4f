"""Which landmark is wrong: fits with one, two or three of them left out, if there are enough to tell.

Leaving one out of too few always helps. A landmark is therefore named only when the rest, which still has to
check itself, fits as well as the stated errors allow, and no other choice does so too.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from geolocation.geodesy import FloatArray
from geolocation.resection.camera import LEAST_FORWARD, Scene, look
from geolocation.resection.fit import Fits, fit
from geolocation.resection.uncertainty import chi_square_tail, f_tail

# Honest landmarks are called contradictory once in a thousand problems.
CONTRADICTION = 1e-3
ACCEPTED = 1e-2
MOST_LEFT_OUT = 3
MOST_TRIED = 8
STEPS = 25
# As good as the best choice: within the chi-square of one degree of freedom at 99 %.
AS_GOOD = 6.63


@dataclass(frozen=True, slots=True)
class Consensus:
    """Which landmarks count (L,), the fits of that choice, and the indexes that cannot be told apart."""

    used: FloatArray
    fits: Fits
    suspects: tuple[int, ...] = ()
    contradictory: bool = False


def redundancy(scene: Scene, used: FloatArray) -> int:
    """Measurements of the landmarks that count, beyond the unknowns."""
    return round(float((used * (1 + scene.has_height)).sum())) - scene.measured


def consensus(scene: Scene, modes: FloatArray, *, sigma_is_known: bool) -> Consensus:
    """The landmarks that agree with each other; `modes` (S, 7) are cameras to begin from."""
    everything = np.ones(scene.count)
    whole = fit(scene, modes, np.tile(everything, (len(modes), 1)), steps=STEPS, huber=False)
    spare = redundancy(scene, everything)
    best = valid_best(scene, whole, np.tile(everything, (len(modes), 1)))
    misfit = float(whole.chi_square[best]) if best is not None else float("inf")
    if spare < 1 or (sigma_is_known and chi_square_tail(misfit, spare) >= CONTRADICTION):
        return Consensus(everything, whole)
    for left_out in range(1, MOST_LEFT_OUT + 1):
        choices = _choices(scene, modes, left_out)
        if not choices:
            break
        found = _best_choice(scene, modes, choices, misfit, spare, sigma_is_known)
        if found is not None:
            return found
    return Consensus(everything, whole, contradictory=sigma_is_known)


def _choices(scene: Scene, modes: FloatArray, left_out: int) -> list[FloatArray]:
    """Masks with that many of the least fitting landmarks left out, as long as the rest checks itself."""
    seen = look(scene, modes[:1])
    size = np.hypot(seen.x_residual_px, seen.y_residual_px)[0]
    candidates = np.argsort(-size)[: MOST_TRIED if left_out > 1 else scene.count]
    masks = []
    for chosen in combinations(candidates.tolist(), left_out):
        mask = np.ones(scene.count)
        mask[list(chosen)] = 0.0
        # A majority has to agree, or the wrong ones could outvote the right ones.
        if redundancy(scene, mask) >= 1 and scene.count - left_out > scene.count / 2:
            masks.append(mask)
    return masks


def _best_choice(
    scene: Scene,
    modes: FloatArray,
    choices: list[FloatArray],
    misfit: float,
    spare: int,
    sigma_is_known: bool,
) -> Consensus | None:
    masks = np.repeat(np.stack(choices), len(modes), axis=0)
    fits = fit(scene, np.tile(modes, (len(choices), 1)), masks, steps=STEPS, huber=False)
    chi_square = np.where(in_front(scene, fits.cameras, masks), fits.chi_square, np.inf)
    by_choice = chi_square.reshape(len(choices), len(modes)).min(axis=1)
    best = int(np.argmin(by_choice))
    left = redundancy(scene, choices[best])
    if not _acceptable(float(by_choice[best]), left, misfit, spare, len(choices), sigma_is_known):
        return None
    as_good = [
        choice
        for choice, value in zip(choices, by_choice, strict=True)
        if value < by_choice[best] + AS_GOOD * (1.0 if sigma_is_known else by_choice[best] / left)
    ]
    if len(as_good) > 1:
        doubted = np.flatnonzero(np.min(as_good, axis=0) == 0)
        everything = np.ones(scene.count)
        whole = fit(scene, modes, np.tile(everything, (len(modes), 1)), steps=STEPS, huber=False)
        return Consensus(everything, whole, tuple(int(each) for each in doubted), contradictory=True)
    rows = slice(best * len(modes), (best + 1) * len(modes))
    kept = Fits(fits.cameras[rows], fits.residuals[rows], fits.chi_square[rows], fits.objective[rows])
    return Consensus(choices[best], kept)


def _acceptable(value: float, left: int, misfit: float, spare: int, tried: int, sigma_is_known: bool) -> bool:
    if not np.isfinite(value):
        return False
    if sigma_is_known:
        return chi_square_tail(value, left) >= ACCEPTED
    if left < 2 or value <= 0:
        return False
    gained = spare - left
    ratio = ((misfit - value) / gained) / (value / left)
    return f_tail(ratio, gained, left) * tried < CONTRADICTION


def valid_best(scene: Scene, fits: Fits, masks: FloatArray) -> int | None:
    """Index of the best fit that has every landmark in front of the lens; None if none has."""
    value = np.where(in_front(scene, fits.cameras, masks), fits.objective, np.inf)
    best = int(np.argmin(value))
    return best if np.isfinite(value[best]) else None


def in_front(scene: Scene, cameras: FloatArray, masks: FloatArray) -> FloatArray:
    forward = look(scene, cameras).forward
    """Which fits, shape (S,), have every landmark that counts in front of the lens."""
    front: FloatArray = np.all((forward > LEAST_FORWARD) | (masks == 0), axis=1)
    return front
