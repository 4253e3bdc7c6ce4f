"""What a file says of itself: position, time, camera. Pure Python over bytes or mmap, within fixed bounds."""

from .base import (
    CrsPoint,
    FilePosition,
    FileTime,
    GeoTiff,
    MetadataReading,
    PositionStatus,
    RawTag,
    TimeBasis,
)
from .registry import READER, VERSION, read_bytes, read_file
from .sniffing import SniffedType, sniff

__all__ = [
    "READER",
    "VERSION",
    "CrsPoint",
    "FilePosition",
    "FileTime",
    "GeoTiff",
    "MetadataReading",
    "PositionStatus",
    "RawTag",
    "SniffedType",
    "TimeBasis",
    "read_bytes",
    "read_file",
    "sniff",
]
