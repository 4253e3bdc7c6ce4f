"""HEIC without its optional reader: the one kind that PyAV decodes right, and a sentence for the rest."""

from __future__ import annotations

from pathlib import Path

import av
from PIL import Image

from evidence.derivatives.base import NotOpened, refuse_if_too_large

HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
NO_READER = (
    "HEIC pictures of this kind are not shown here, because the optional HEIC reader is not installed; "
    "the original is kept and its metadata is read."
)


def is_heic(path: Path) -> bool:
    """By its file type box (ISO/IEC 23008-12), not by its name."""
    with path.open("rb") as file:
        head = file.read(12)
    return head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS


def heic_frame(path: Path, *, max_pixels: int) -> Image.Image:
    """The picture, when it is coded whole. Most phones cut it into tiles: one tile is not the picture."""
    try:
        with av.open(str(path), format="mov", options={"protocol_whitelist": "file"}) as container:
            streams = container.streams.video
            if len(streams) != 1:
                raise NotOpened(NO_READER)
            context = streams[0].codec_context
            refuse_if_too_large(context.width, context.height, max_pixels=max_pixels)
            for frame in container.decode(streams[0]):
                # PyAV leaves this one method without types.
                image: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]
                return image.rotate(frame.rotation, expand=True)
    except (av.FFmpegError, ValueError) as error:
        raise NotOpened(NO_READER) from error
    raise NotOpened(NO_READER)
