"""MP4, MOV, HEIC, AVIF and CR3: the boxes that describe the recording."""

from __future__ import annotations

import struct

from .base import EmbeddedVideo
from .bounds import MAX_DEPTH, MAX_EXIF_BYTES, MAX_TABLE_BYTES, MAX_XMP_BYTES, Data
from .boxes import Box, boxes
from .camcorder_xml import read_camcorder_xml
from .camera_boxes import KINDS as _CAMERA_BOXES
from .camera_boxes import read_camera_box
from .dashcams import BOXES as _DASHCAM_BOXES
from .dashcams import GARMIN
from .exif import read_exif
from .findings import Findings
from .heif import read_items
from .insta360 import end_of_boxes
from .jpeg import read_jpeg
from .movie_tags import read_item_list, read_keys, read_user_data
from .timed import read_position_tracks
from .times import quicktime_time
from .tracks import Track, describe_tracks, read_track_box
from .xmp import read_xmp

_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_EXIF_UUIDS = (bytes.fromhex("0537cdab9d0c4431a72afa561f2a113e"), b"JpgTiffExif->JP2")
_CANON_UUID = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
_CONTAINERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
_CANON_PARTS = {b"CMT1": "IFD0", b"CMT2": "ExifIFD", b"CMT4": "GPS"}


class _MovieWalk:
    def __init__(self, data: Data, findings: Findings) -> None:
        self.data = data
        self.findings = findings
        self.tracks: list[Track] = []
        self.described = False
        self.dashcam: list[Box] = []

    def walk(self, start: int, end: int, depth: int, track: Track | None) -> None:
        if depth > MAX_DEPTH:
            self.findings.warn(
                "The boxes of the file are nested deeper than real ones; the rest was not read."
            )
            return
        for box in boxes(self.data, start, end, self.findings):
            self.described = self.described or box.kind in (b"moov", b"meta")
            if box.kind in _CONTAINERS:
                inner = track
                if box.kind == b"trak":
                    inner = Track()
                    self.tracks.append(inner)
                self.walk(box.start, box.end, depth + 1, inner)
            elif box.kind in _DASHCAM_BOXES:
                self.dashcam.append(box)
            else:
                with self.findings.guard("a box of the file"):
                    self._leaf(box, depth, track)

    def _leaf(self, box: Box, depth: int, track: Track | None) -> None:
        if track is not None and read_track_box(self.data, box, track):
            return
        if box.kind == b"mvhd":
            self._header(box)
        elif box.kind == b"meta":
            self._meta(box)
        elif box.kind == b"udta":
            self._user_data(box)
        elif box.kind == b"XMP_":
            read_xmp(self.data[box.start : min(box.end, box.start + MAX_XMP_BYTES + 1)], self.findings)
        elif box.kind == b"mpvd" and box.end - box.start > 8:
            video = EmbeddedVideo("mpvd box", box.start, box.end - box.start)
            self.findings.offer("motion_video", video, 10)
            self.findings.offer("motion_photo", True)
        elif box.kind == b"uuid":
            self._uuid(box, depth)

    def _user_data(self, box: Box) -> None:
        for each in boxes(self.data, box.start, box.end, self.findings):
            if each.kind in _DASHCAM_BOXES:
                self.dashcam.append(each)
            elif each.kind in _CAMERA_BOXES:
                with self.findings.guard("the camera's data in the video"):
                    read_camera_box(self.data, each, self.findings)
            elif each.kind == b"meta":
                self._meta(each)
            elif each.kind == b"CNTH":
                self._thumbnail(each)
            else:
                read_user_data(self.data, each, self.findings)

    def _uuid(self, box: Box, depth: int) -> None:
        length = box.end - box.start
        if box.uuid == _XMP_UUID:
            read_xmp(self.data[box.start : box.start + min(length, MAX_XMP_BYTES + 1)], self.findings)
        elif box.uuid in _EXIF_UUIDS and length <= MAX_EXIF_BYTES:
            read_exif(self.data[box.start : box.end], self.findings)
        elif box.uuid == GARMIN:
            self.dashcam.append(box)
        elif box.uuid == _CANON_UUID:
            for part in boxes(self.data, box.start, box.end, self.findings):
                if part.kind in _CANON_PARTS and part.end - part.start <= MAX_EXIF_BYTES:
                    block = self.data[part.start : part.end]  # CR3 keeps each directory as a block of its own
                    read_exif(block, self.findings, first_name=_CANON_PARTS[part.kind], of_whole=True)

    def _thumbnail(self, box: Box) -> None:
        """Older Canon cameras keep the recording's EXIF in the thumbnail of its first frame."""
        for part in boxes(self.data, box.start, box.end, self.findings):
            if part.kind == b"CNDA" and part.end - part.start <= MAX_TABLE_BYTES:
                thumbnail = Findings(self.findings.budget)
                read_jpeg(self.data[part.start : part.end], thumbnail)
                self.findings.take_over(thumbnail)

    def _meta(self, box: Box) -> None:
        """A QuickTime meta atom has no version, an ISO one has; a picture's holds items, a movie's keys."""
        kind = self.data[box.start + 4 : box.start + 8]
        full = 0 if kind in (b"hdlr", b"keys", b"ilst") else 4
        names: list[str] = []
        pictures = False
        for child in boxes(self.data, box.start + full, box.end, self.findings):
            if child.kind == b"keys":
                names = read_keys(self.data, child, self.findings)
            elif child.kind == b"ilst":
                read_item_list(self.data, child, names, self.findings)
            elif child.kind == b"xml ":
                read_camcorder_xml(self.data, child.start + 4, child.end, self.findings)
            elif child.kind == b"iinf":
                pictures = True
        if pictures:
            read_items(self.data, box, self.findings)

    def _header(self, box: Box) -> None:
        version = self.data[box.start]
        created, changed, scale, duration = struct.unpack_from(
            ">QQIQ" if version == 1 else ">IIII", self.data, box.start + 4
        )
        self.findings.tag("QuickTime mvhd", "CreateDate", str(created))
        self.findings.tag("QuickTime mvhd", "ModifyDate", str(changed))
        self.findings.time(quicktime_time(created, "QuickTime mvhd CreateDate"), "capture", 30)
        self.findings.time(quicktime_time(changed, "QuickTime mvhd ModifyDate"), "change", 92)
        unknown = 0xFFFFFFFFFFFFFFFF if version == 1 else 0xFFFFFFFF
        if scale and duration and duration != unknown:
            self.findings.offer("duration_s", round(duration / scale, 3), 10)


def read_movie(data: Data, findings: Findings, *, is_video: bool) -> None:
    """Read a file of the ISO base media family."""
    walk = _MovieWalk(data, findings)
    with findings.guard("the file"):
        walk.walk(0, end_of_boxes(data), 0, None)
    if is_video:
        describe_tracks(walk.tracks, findings)
        read_position_tracks(data, walk.tracks, findings, walk.dashcam[:20])
    if not walk.described:
        findings.warn("The part that describes the recording is missing; the file may be incomplete.")
