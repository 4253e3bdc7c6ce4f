"""Two readers of the same file side by side: what agrees, what differs, what only one of them has. Pure."""

from .base import Opinion, Value
from .comparison import Compared, Verdict, compare
from .exiftool import ARGUMENTS, TRACK_ARGUMENTS, opinion_of_exiftool, tags_of_exiftool, track_of_exiftool
from .walker import opinion_of_walker

__all__ = [
    "ARGUMENTS",
    "TRACK_ARGUMENTS",
    "Compared",
    "Opinion",
    "Value",
    "Verdict",
    "compare",
    "opinion_of_exiftool",
    "opinion_of_walker",
    "tags_of_exiftool",
    "track_of_exiftool",
]
