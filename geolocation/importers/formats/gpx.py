"""Waypoints of a GPX as rows. A track or a route is a path and no point: each is refused as one row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from geolocation.importers.formats.containers import Line, XmlRows, xml_rows
from geolocation.importers.formats.row import Reason

_TEXTS = {
    "name": "name",
    "desc": "description",
    "cmt": "comment",
    "time": "time",
    "sym": "symbol",
    "ele": "elevation_m",
}


def waypoints(path: Path) -> Iterator[Line]:
    """Each `wpt` with `latitude, longitude, name, description, time, link`, numbered from 1."""
    with path.open("rb") as stream:
        yield from xml_rows(stream, _Waypoints(), kind="GPX")


class _Waypoints(XmlRows):
    """Collects the texts of each waypoint, and the name and number of points of each track or route."""

    def __init__(self) -> None:
        super().__init__()
        self._points = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if name == "wpt" and self.row is None:
            self.row = {"latitude": attributes.get("lat", ""), "longitude": attributes.get("lon", "")}
        elif name in ("trk", "rte") and self.row is None:
            self.row, self._points = {"kind": "track" if name == "trk" else "route"}, 0
        elif name in ("trkpt", "rtept"):
            self._points += 1
        elif name == "link" and self.row is not None and self.names[-1] == "wpt":
            self.row["link"] = f"{self.row.get('link', '')} {attributes.get('href', '')}".strip()
        self.names.append(name)
        self.text = []

    def end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        self.names.pop()
        if self.row is not None and name in _TEXTS and self.names and self.names[-1] in ("wpt", "trk", "rte"):
            self.row[_TEXTS[name]] = "".join(self.text).strip()
        if self.row is not None and name == "wpt":
            self.take_up(self.row)
        elif self.row is not None and name in ("trk", "rte"):
            self.take_up({**self.row, "points": str(self._points)}, Reason.PATH)
        self.text = []
