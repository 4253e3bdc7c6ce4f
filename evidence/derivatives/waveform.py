"""The sound of a video as a picture: loud and quiet over time, in a grey that reads on light and on dark."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.container import InputContainer
from PIL import Image, ImageDraw

from evidence.derivatives.base import Derivative, DerivativeReport, NotOpened
from evidence.derivatives.opening import DAMAGE, opened
from evidence.progress import Progress

WIDTH_PX, HEIGHT_PX = 1200, 120
# Against white and against the darkest surface of the pages: 3.9 and 4.4 to 1.
INK = 122
RATE_HZ = 8000
# Levels are kept for so long each, and drawn together until they fit the picture.
STEP_SAMPLES = 160
NO_SOUND = "The video has no sound track."
NOT_DECODED = "The sound of the video could not be decoded; the original is kept."


def make_waveform(path: Path, outdir: Path) -> DerivativeReport:
    """Write ``waveform.png`` into ``outdir``; without a sound track the report has none, and says so."""
    with opened(path) as container:
        if not container.streams.audio:
            return DerivativeReport((), None, None, warnings=(NO_SOUND,))
        lasts_s = container.duration / av.time_base if container.duration else None
        levels = _levels(container, lasts_s)
    if not len(levels):
        raise NotOpened(NOT_DECODED)
    outdir.mkdir(parents=True, exist_ok=True)
    target = outdir / "waveform.png"
    draw(levels).save(target, "PNG", optimize=True)
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    made = Derivative("waveform", target, "image/png", WIDTH_PX, HEIGHT_PX, digest)
    return DerivativeReport((made,), None, None, lasts_s)


def _levels(container: InputContainer, lasts_s: float | None) -> np.ndarray:
    """The peak of each step, from 0 to 1; what comes before a damaged place is kept."""
    progress, peaks = Progress(), []
    resampler = AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
    left = np.zeros(0, dtype=np.int16)
    try:
        for frame in container.decode(container.streams.audio[0]):
            left = np.concatenate([left, *map(_samples, resampler.resample(frame))])
            whole = len(left) // STEP_SAMPLES * STEP_SAMPLES
            if whole:
                steps = np.abs(left[:whole].astype(np.int32)).reshape(-1, STEP_SAMPLES)
                peaks.append((steps.max(axis=1) / 32768).astype(np.float32))
                left = left[whole:]
            progress.say((frame.time or 0.0) / lasts_s if lasts_s else 0.0)
    except DAMAGE:
        pass
    return np.concatenate(peaks) if peaks else np.zeros(0, dtype=np.float32)


def _samples(frame: AudioFrame) -> np.ndarray:
    return np.asarray(frame.to_ndarray()).reshape(-1)


def draw(levels: np.ndarray) -> Image.Image:
    """Bars about a middle line, the loudest sound of the file at full height; transparent between them."""
    edges = np.linspace(0, len(levels), WIDTH_PX + 1).astype(int)
    spans = [(start, max(end, start + 1)) for start, end in pairwise(edges) if start < len(levels)]
    columns = [levels[start:end].max() for start, end in spans]
    loudest = max(max(columns), 1e-6)
    picture = Image.new("LA", (WIDTH_PX, HEIGHT_PX), (INK, 0))
    pen = ImageDraw.Draw(picture)
    middle = HEIGHT_PX // 2
    for x, level in enumerate(columns):
        half = round(float(level / loudest) * (middle - 2))
        pen.line((x, middle - half, x, middle + half), fill=(INK, 255))
    return picture
