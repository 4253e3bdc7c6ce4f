"""Made-up pictures with something in them, what people do to pictures, and short films of them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageOps


def scene(seed: int, *, width: int = 800, height: int = 600) -> Image.Image:
    """A sky that fades, uneven ground, and houses with windows: different for each seed."""
    rng = np.random.default_rng(seed)
    horizon = int(height * rng.uniform(0.3, 0.6))
    picture = Image.new("RGB", (width, height))
    sky = np.linspace(rng.uniform(60, 160), rng.uniform(160, 250), horizon)[:, None, None]
    tint = rng.uniform(0.8, 1.0, 3)
    pixels = np.zeros((height, width, 3))
    pixels[:horizon] = sky * tint
    coarse = Image.fromarray(rng.integers(40, 200, (9, 14, 3), dtype=np.uint8))
    ground = coarse.resize((width, height - horizon), Image.Resampling.BICUBIC)
    pixels[horizon:] = np.asarray(ground, float)
    picture = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    for _ in range(int(rng.integers(5, 10))):
        _house(draw, rng, width, height, horizon)
    return picture.filter(ImageFilter.GaussianBlur(1))


def _house(
    draw: ImageDraw.ImageDraw, rng: np.random.Generator, width: int, height: int, horizon: int
) -> None:
    left, across = int(rng.integers(-40, width - 40)), int(rng.integers(width // 12, width // 4))
    up = int(rng.integers(height // 10, height // 2))
    bottom = horizon + int(rng.integers(-10, height // 4))
    wall = tuple(int(value) for value in rng.integers(20, 235, 3))
    draw.rectangle((left, bottom - up, left + across, bottom), fill=wall)
    glass = tuple(int(value) for value in rng.integers(0, 255, 3))
    step = max(12, across // 5)
    for x in range(left + 6, left + across - step // 2, step):
        for y in range(bottom - up + 6, bottom - step // 2, step):
            if rng.random() < 0.7:
                draw.rectangle((x, y, x + step // 2, y + step // 2), fill=glass)


def jpeg_30(picture: Image.Image) -> Image.Image:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=30)
    return Image.open(stream).convert("RGB")


def quarter_size(picture: Image.Image) -> Image.Image:
    return picture.resize((picture.width // 4, picture.height // 4), Image.Resampling.BILINEAR)


def blurred(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(4))


def grey(picture: Image.Image) -> Image.Image:
    return picture.convert("L").convert("RGB")


def cropped(picture: Image.Image) -> Image.Image:
    """A tenth of each side is gone, a twentieth at each edge."""
    x, y = picture.width // 20, picture.height // 20
    return picture.crop((x, y, picture.width - x, picture.height - y))


def with_banner(picture: Image.Image) -> Image.Image:
    """A channel's bar over the lowest eighth."""
    marked = picture.copy()
    draw = ImageDraw.Draw(marked)
    draw.rectangle((0, round(picture.height * 0.88), picture.width, picture.height), fill=(180, 20, 20))
    return marked


def mirrored(picture: Image.Image) -> Image.Image:
    return ImageOps.mirror(picture)


def film(
    path: Path,
    seeds: Sequence[int],
    *,
    shot_s: float = 5.0,
    rate: int = 10,
    size: tuple[int, int] = (320, 240),
    codec: str = "libx264",
    bit_rate: int = 400_000,
    keyframe_every: int = 25,
    from_s: float = 0.0,
    to_s: float | None = None,
    is_mirrored: bool = False,
) -> Path:
    """One shot of `shot_s` seconds for each seed, panning slowly; `from_s` to `to_s` of it is written."""
    wide = [scene(seed, width=360, height=240) for seed in seeds]
    last = round((to_s if to_s is not None else len(seeds) * shot_s) * rate)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.bit_rate = bit_rate
        stream.codec_context.gop_size = keyframe_every
        stream.codec_context.thread_count = 1
        for number in range(round(from_s * rate), last):
            shot, within = divmod(number, round(shot_s * rate))
            left = round(within / (shot_s * rate) * 8)
            frame = wide[shot].crop((left, 0, left + 320, 240)).resize(size)
            container.mux(stream.encode(av.VideoFrame.from_image(mirrored(frame) if is_mirrored else frame)))
        container.mux(stream.encode(None))
    return path
