"""From a file to its reading: which walker reads which container."""

from __future__ import annotations

import errno
import mmap
import os
import stat
from collections.abc import Callable
from functools import partial
from io import FileIO
from pathlib import Path
from typing import NamedTuple

from .asf import read_asf
from .base import Kind, MetadataReading
from .bounds import Budget, Data
from .documents import read_bpg, read_eps, read_mie, read_pdf, read_pgf, read_psp
from .findings import Findings
from .jpeg import read_jpeg
from .matroska import read_matroska
from .movie import read_movie
from .mxf import read_mxf
from .old_cameras import (
    read_dv,
    read_fpf,
    read_kyocera,
    read_lytro,
    read_photo_cd,
    read_pmp,
    read_red,
)
from .others import read_gif, read_jp2, read_jxl, read_psd
from .png import read_png
from .raw_photos import read_crw, read_exv, read_mrw, read_raf, read_sidecar, read_tiff, read_x3f
from .riff import read_avi, read_webp
from .sniffing import HEAD_BYTES, recognise
from .transport_stream import read_transport_stream

WHOLE_BYTES = 1024 * 1024  # reading up to here is faster than mapping
READER = "walker"
VERSION = 3


class _Family(NamedTuple):
    mime_type: str
    kind: Kind
    extensions: tuple[str, ...]  # the first is shown in warnings
    read: Callable[[Data, Findings], None]


_picture = partial(read_movie, is_video=False)
_movie = partial(read_movie, is_video=True)
_FAMILIES = {
    "JPEG": _Family("image/jpeg", "photo", ("jpg", "jpeg", "jpe", "jfif", "mpo", "insp", "thm"), read_jpeg),
    "PNG": _Family("image/png", "photo", ("png", "apng"), read_png),
    "WebP": _Family("image/webp", "photo", ("webp",), read_webp),
    "GIF": _Family("image/gif", "photo", ("gif",), read_gif),
    "TIFF": _Family(
        "image/tiff",
        "photo",
        ("tif", "tiff", "btf", "gtiff", "dng", "nef", "nrw", "cr2", "arw", "sr2", "srw", "pef", "iiq", "3fr"),
        read_tiff,
    ),
    "ORF": _Family("image/x-olympus-orf", "photo", ("orf", "ori"), read_tiff),
    "RW2": _Family("image/x-panasonic-rw2", "photo", ("rw2", "rwl", "raw"), read_tiff),
    "RAF": _Family("image/x-fuji-raf", "photo", ("raf",), read_raf),
    "JXR": _Family("image/jxr", "photo", ("jxr", "wdp", "hdp"), read_tiff),
    "MRW": _Family("image/x-minolta-mrw", "photo", ("mrw",), read_mrw),
    "CRW": _Family("image/x-canon-crw", "photo", ("crw",), read_crw),
    "X3F": _Family("image/x-sigma-x3f", "photo", ("x3f",), read_x3f),
    "EXV": _Family("image/x-exv", "unknown", ("exv",), read_exv),
    "XMP": _Family("application/rdf+xml", "unknown", ("xmp",), read_sidecar),
    "HEIC": _Family("image/heic", "photo", ("heic", "heif", "hif", "heics", "avif"), _picture),
    "AVIF": _Family("image/avif", "photo", ("avif", "avifs"), _picture),
    "CR3": _Family("image/x-canon-cr3", "photo", ("cr3", "crm"), _picture),
    "JXL": _Family("image/jxl", "photo", ("jxl",), read_jxl),
    "JP2": _Family("image/jp2", "photo", ("jp2", "jpx", "jpf", "jph", "j2k"), read_jp2),
    "PSD": _Family("image/vnd.adobe.photoshop", "photo", ("psd", "psb"), read_psd),
    "MP4": _Family(
        "video/mp4", "video", ("mp4", "m4v", "3gp", "3g2", "f4v", "mov", "qt", "insv", "360"), _movie
    ),
    "MOV": _Family("video/quicktime", "video", ("mov", "qt", "mp4", "m4v", "mqv"), _movie),
    "M4A": _Family("audio/mp4", "unknown", ("m4a", "m4b", "m4p"), _movie),
    "MKV": _Family("video/x-matroska", "video", ("mkv", "mka", "mks", "mk3d", "webm"), read_matroska),
    "WebM": _Family("video/webm", "video", ("webm", "mkv"), read_matroska),
    "ASF": _Family("video/x-ms-wmv", "video", ("wmv", "asf", "wma"), read_asf),
    "M2TS": _Family("video/mp2t", "video", ("mts", "m2ts", "m2t", "ts", "tod"), read_transport_stream),
    "AVI": _Family("video/x-msvideo", "video", ("avi",), read_avi),
    "MXF": _Family("application/mxf", "video", ("mxf",), read_mxf),
    "DV": _Family("video/x-dv", "video", ("dv", "dif"), read_dv),
    "R3D": _Family("video/x-red-r3d", "video", ("r3d",), read_red),
    "EPS": _Family("application/postscript", "photo", ("eps", "epsf", "ps", "ai"), read_eps),
    "PDF": _Family("application/pdf", "unknown", ("pdf", "ai"), read_pdf),
    "PGF": _Family("image/pgf", "photo", ("pgf",), read_pgf),
    "BPG": _Family("image/bpg", "photo", ("bpg",), read_bpg),
    "PSP": _Family("image/x-paintshoppro", "photo", ("psp", "pspimage"), read_psp),
    "MIE": _Family("application/x-mie", "photo", ("mie",), read_mie),
    "Kyocera": _Family("image/x-raw", "photo", ("raw",), read_kyocera),
    "LFP": _Family("image/x-lytro-lfp", "photo", ("lfp", "lfr"), read_lytro),
    "FPF": _Family("image/x-flir-fpf", "photo", ("fpf",), read_fpf),
    "PhotoCD": _Family("image/x-photo-cd", "photo", ("pcd",), read_photo_cd),
    "PMP": _Family("image/x-sony-pmp", "photo", ("pmp",), read_pmp),
}
_KNOWN_EXTENSIONS = {extension for family in _FAMILIES.values() for extension in family.extensions}


def read_file(path: Path) -> MetadataReading:
    """Read a file without changing it. Never raises: what is wrong with the file is in ``warnings``."""
    try:
        with open_regular(path) as file:
            size = file.seek(0, 2)
            if size <= WHOLE_BYTES:
                file.seek(0)
                return read_bytes(file.read(size), path.name)
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                if hasattr(mmap, "MADV_RANDOM"):  # the walkers jump: what lies between is not to be loaded
                    data.madvise(mmap.MADV_RANDOM)
                return read_bytes(data, path.name)
    except (OSError, ValueError) as error:
        return unopened(error)


def open_regular(path: str | Path) -> FileIO:
    """The opened file. OSError when it is no regular file: a pipe or a device may never end."""
    file = FileIO(path, opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK))
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    raise OSError(errno.EINVAL, "not a regular file")


def unopened(error: OSError | ValueError) -> MetadataReading:
    """The reading of a file that could not be opened."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return _unreadable(f"The file cannot be opened ({reason}). Check that it is there and may be read.")


def read_bytes(data: Data, name: str = "", *, raw_tags: bool = True) -> MetadataReading:
    """Read a file's content; ``name`` is only used to notice that it promises another type.

    Without ``raw_tags`` the list of single values is left out, which is a third faster.
    """
    if not len(data):
        return _unreadable("The file is empty.")
    file_format = recognise(data[:HEAD_BYTES])
    family = _FAMILIES.get(file_format)
    if family is None:
        return _unreadable("The content is not a picture or video that this reader knows.")
    findings = Findings(Budget(data), keeps_tags=raw_tags)
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if extension in _KNOWN_EXTENSIONS and extension not in family.extensions:
        findings.warn(f"The name says .{extension}, the content is {file_format}.")
    try:
        family.read(data, findings)
    except Exception as error:  # must not stop the worker; the tests let no damage come this far
        findings.warn(f"The file is damaged in an unexpected way ({type(error).__name__}).")
    return findings.reading(file_format, family.mime_type, family.kind)


def _unreadable(warning: str) -> MetadataReading:
    return MetadataReading(
        format="",
        mime_type="application/octet-stream",
        kind="unknown",
        preferred_why="The file holds no position.",
        captured_why="The file holds no time.",
        warnings=(warning,),
    )
