"""ZIPs that wish one ill, made byte by byte where the library would not make them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable


def packed(files: Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An honest ZIP; the same name may come twice."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            info.external_attr = 0o100644 << 16
            archive.writestr(info, content)
    return buffer.getvalue()


def raw(entries: Iterable[tuple[bytes, bytes, dict[str, int]]]) -> bytes:
    """A ZIP out of (name, content, claims); claims: flags, method, size, mode, crc."""
    body, directory, count = b"", b"", 0
    for name, content, claims in entries:
        squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
        data = squeezer.compress(content) + squeezer.flush()
        flags, method = claims.get("flags", 0), claims.get("method", 8)
        size, crc = claims.get("size", len(content)), claims.get("crc", zlib.crc32(content))
        shared = struct.pack("<HHHHIIIHH", flags, method, 0, 33, crc, len(data), size, len(name), 0)
        offset = len(body)
        body += b"PK\x03\x04" + struct.pack("<H", 20) + shared + name + data
        mode = claims.get("mode", 0o100644) << 16
        directory += b"PK\x01\x02" + struct.pack("<HH", 0x0314, 20) + shared
        directory += struct.pack("<HHHII", 0, 0, 0, mode, offset) + name
        count += 1
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end
