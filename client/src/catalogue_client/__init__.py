"""A client for a geolocation evidence catalogue.

from catalogue_client import Catalogue, Mirror, PointFilter

with Catalogue("https://catalogue.example") as catalogue:
    frame = catalogue.pull(wanted=PointFilter(investigation="NK23"))
    Mirror(catalogue, "points.gpkg").updates()
"""

from catalogue_client.catalogue import Catalogue
from catalogue_client.errors import (
    Busy,
    ClientError,
    Conflict,
    Gone,
    Invalid,
    InvalidArgument,
    LocalFileError,
    MirrorMismatch,
    MissingExtra,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Refused,
    ServerFault,
    TooLarge,
    UnexpectedAnswer,
    Unreachable,
    UnsafeAddress,
    UnsupportedFile,
)
from catalogue_client.files import Downloaded
from catalogue_client.frames import frame
from catalogue_client.mirror import Mirror, Synced
from catalogue_client.models import ChangePage, Logged, MediaDetails, Point, PointFilter, Removal
from catalogue_client.sketch import Mark, Sketch, sketch
from catalogue_client.waiting import Patience

__all__ = [
    "Busy",
    "Catalogue",
    "ChangePage",
    "ClientError",
    "Conflict",
    "Downloaded",
    "Gone",
    "Invalid",
    "InvalidArgument",
    "LocalFileError",
    "Logged",
    "Mark",
    "MediaDetails",
    "Mirror",
    "MirrorMismatch",
    "MissingExtra",
    "NotAllowed",
    "NotFound",
    "NotSignedIn",
    "Patience",
    "Point",
    "PointFilter",
    "Refused",
    "Removal",
    "ServerFault",
    "Sketch",
    "Synced",
    "TooLarge",
    "UnexpectedAnswer",
    "Unreachable",
    "UnsafeAddress",
    "UnsupportedFile",
    "frame",
    "sketch",
]
