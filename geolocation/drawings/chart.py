"""A chart: a picture wide enough to read figures off, in parts as the small pictures of checks are."""

from __future__ import annotations

from dataclasses import dataclass

from geolocation.drawings.picture import Part


@dataclass(frozen=True, slots=True)
class Chart:
    """Parts of an SVG `width` by `height`; `words` says the same to who cannot see it."""

    width: float
    height: float
    parts: tuple[Part, ...]
    words: str

    @property
    def view_box(self) -> str:
        """For the attribute of that name."""
        return f"0 0 {self.width:g} {self.height:g}"


def box_path(x: float, y: float, width: float, height: float) -> str:
    """A rectangle as a piece of a path: hundreds of them are one element."""
    return f"M{x:.1f} {y:.1f}h{width:.1f}v{height:.1f}h{-width:.1f}z"
