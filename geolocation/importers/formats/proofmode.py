"""ProofMode: its CSV. What tells of the device and the network is for those who may edit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from geolocation.importers.formats.containers import csv_lines
from geolocation.importers.formats.fields import Fields, Raw, Row, read_row
from geolocation.importers.formats.row import RefusedRow
from geolocation.importers.formats.values import read_metres

NAME = "proofmode"
PRIVATE = frozenset(
    {"DeviceID", "Wifi MAC", "IPv4", "IPv6", "CellInfo", "Hardware", "Manufacturer", "File Path"}
    | {"Network", "NetworkType", "DataType", "Locale", "Language", "ScreenSize", "Notes"}
)


def sniff(head: str, name: str) -> float:
    """How sure it is, 0 to 1, from the first characters and the file's name."""
    return 0.95 if "File Hash SHA256" in head and "Location.Latitude" in head else 0.0


def rows(path: Path) -> Iterator[Row]:
    """Each proof as a point, or refused. A position comes with the receiver's own accuracy in metres."""
    for line in csv_lines(path):
        if isinstance(line, RefusedRow):
            # Which cell is which is not known: nothing of it may be shown.
            yield RefusedRow(line.number, {}, line.reasons)
        else:
            yield read_row(line[0], line[1], _FIELDS)


def _accuracy_m(raw: Raw) -> float | None:
    return read_metres(raw.get("Location.Accuracy"))


_FIELDS = Fields(
    upstream_id="File Hash SHA256",
    latitude="Location.Latitude",
    longitude="Location.Longitude",
    date="File Created",
    private=PRIVATE,
    uncertainty_m=_accuracy_m,
)
