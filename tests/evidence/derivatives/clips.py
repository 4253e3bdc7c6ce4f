"""Short made-up videos whose frames say when they are: frame n is grey level 16 + n."""

from fractions import Fraction
from pathlib import Path

import av
from PIL import Image, ImageDraw


def write_clip(
    path: Path,
    *,
    seconds: float = 4.0,
    rate: int = 10,
    size: tuple[int, int] = (160, 90),
    codec: str = "mpeg4",
    sample_aspect_ratio: Fraction | None = None,
) -> Path:
    """Grey grows by one a frame; the left half is a white bar so that no frame is blank."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.bit_rate = 800_000
        if sample_aspect_ratio is not None:
            stream.codec_context.sample_aspect_ratio = sample_aspect_ratio
        for number in range(round(seconds * rate)):
            image = Image.new("RGB", size, (16 + number,) * 3)
            ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2 - 1, size[1]), fill="white")
            container.mux(stream.encode(av.VideoFrame.from_image(image)))
        container.mux(stream.encode(None))
    return path


def rotate_in_header(path: Path) -> Path:
    """Ask players for a quarter turn by the track header's matrix (ISO/IEC 14496-12, 8.3.2), as phones do."""
    data = bytearray(path.read_bytes())
    upright = b"".join(value.to_bytes(4, "big") for value in (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000))
    quarter = b"".join(
        value.to_bytes(4, "big", signed=True) for value in (0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)
    )
    header = data.index(b"tkhd")
    at = data.index(upright, header)
    data[at : at + len(quarter)] = quarter
    path.write_bytes(data)
    return path
