"""XMP packets. Only properties of the top-level rdf:Description speak of the picture itself.

What is nested (places shown in the picture, ingredients, history) is kept as raw tags and never read as the
camera's position. A DOCTYPE is refused: XMP has none, and entities are how XML files are made to explode.
"""

from __future__ import annotations

import xml.parsers.expat as expat

from .bounds import MAX_DEPTH, MAX_XMP_BYTES, MAX_XMP_ELEMENTS, PARTS_OF_A_BLOCK, Budget, FileFault
from .findings import Findings
from .motion import motion_hint
from .xmp_fields import normalise_xmp

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_CONTAINERS = {f"{_RDF} {name}" for name in ("Seq", "Bag", "Alt")}
_DESCRIPTION = f"{_RDF} Description"
_RDF_ROOT = f"{_RDF} RDF"
_ROOTS = (b"<x:xmpmeta", b"<x:xapmeta", b"<rdf:RDF")
_LISTS = ("xmpMM:History", "Container:Directory")  # whose items are kept apart
_MAX_PACKETS = 8
_PREFIXES = {
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://cipa.jp/exif/1.0/": "exifEX",
    "http://ns.adobe.com/exif/1.0/aux/": "aux",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#": "stEvt",
    "http://ns.adobe.com/xap/1.0/sType/ResourceRef#": "stRef",
    "http://ns.adobe.com/xmp/note/": "xmpNote",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://ns.adobe.com/camera-raw-settings/1.0/": "crs",
    "http://ns.adobe.com/xmp/1.0/DynamicMedia/": "xmpDM",
    "http://ns.google.com/photos/1.0/camera/": "GCamera",
    "http://ns.google.com/photos/1.0/container/": "Container",
    "http://ns.google.com/photos/1.0/container/item/": "Item",
    "http://www.dji.com/drone-dji/1.0/": "drone-dji",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/pdf/1.3/": "pdf",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    _RDF: "rdf",
}


class XmpProperties:
    """Properties of the top level by prefixed name, and history events in their order."""

    def __init__(self) -> None:
        self.top: dict[str, str] = {}
        self.history: list[dict[str, str]] = []
        self.appended: list[dict[str, str]] = []  # Google's directory of what follows the picture
        self.nested: list[tuple[str, str]] = []  # path and text, for the raw tags


def read_xmp(packet: bytes, findings: Findings) -> XmpProperties:
    """Parse one block of XMP (it may hold several packets), write down what it says, and return it."""
    properties = XmpProperties()
    with findings.guard("the XMP packet"):
        if len(packet) > MAX_XMP_BYTES:
            raise FileFault(f"The XMP packet is larger than {MAX_XMP_BYTES} bytes; it was not read.")
        findings.budget.copy(len(packet))
        findings.budget.spend(PARTS_OF_A_BLOCK)
        for part in _packets(_as_utf8(packet)):
            try:
                _Parser(properties, findings.budget).parse(part)
            except expat.ExpatError:
                findings.warn("The XMP packet is not well-formed; what came before the fault was read.")
    for name, text in [*properties.top.items(), *properties.nested]:
        findings.tag("XMP", name, text)
    normalise_xmp(properties.top, properties.history, findings)
    hint = motion_hint(properties.top, properties.appended)
    findings.motion_bytes = hint if hint is not None else findings.motion_bytes
    return properties


def _as_utf8(packet: bytes) -> bytes:
    """XMP may be UTF-8, UTF-16 or UTF-32; with or without a byte order mark."""
    head = packet[:4]
    if head.startswith((b"\xff\xfe\0\0", b"<\0\0\0")):
        encoding = "utf-32-le"
    elif head.startswith((b"\0\0\xfe\xff", b"\0\0\0<")):
        encoding = "utf-32-be"
    elif head.startswith((b"\xff\xfe", b"<\0")):
        encoding = "utf-16-le"
    elif head.startswith((b"\xfe\xff", b"\0<")):
        encoding = "utf-16-be"
    else:
        try:
            packet.decode()
        except UnicodeDecodeError:
            return packet.decode("latin-1").encode()
        return packet
    return packet.decode(encoding, "replace").lstrip("\ufeff").encode()


def _packets(packet: bytes) -> list[bytes]:
    """The documents in the block, each from its root element on (expat allows one root)."""
    for root in _ROOTS:
        starts: list[int] = []
        at = packet.find(root)
        while at >= 0 and len(starts) < _MAX_PACKETS:
            starts.append(at)
            at = packet.find(root, at + 1)
        if starts:
            _refuse_doctype(packet[: starts[0]])
            return [packet[a:b] for a, b in zip(starts, [*starts[1:], len(packet)], strict=True)]
    start = packet.find(b"<")
    return [packet[start:]] if start >= 0 else []


def _refuse_doctype(head: bytes) -> None:
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise FileFault("The XMP packet declares a DOCTYPE, which XMP never has; it was not read.")


class _Parser:
    """Turns one packet's elements into properties; ``stack`` holds the names of the open elements."""

    def __init__(self, properties: XmpProperties, budget: Budget) -> None:
        self.properties = properties
        self.budget = budget
        self.stack: list[str] = []
        self.path: list[str] = []  # of property names below the top-level description
        self.text: list[str] = []
        self.event: dict[str, str] | None = None
        self.elements = 0
        self.closed = False

    def parse(self, packet: bytes) -> None:
        parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.text.append
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            parser.Parse(packet.rstrip(b"\0 \r\n\t"), True)
        except expat.ExpatError:
            if not self.closed:  # after the root comes padding or another trailer
                raise

    def _doctype(self, *_: object) -> None:
        raise FileFault("The XMP packet declares a DOCTYPE, which XMP never has; it was not read.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1 + len(attributes)
        self.budget.spend(1 + len(attributes))
        if self.elements > MAX_XMP_ELEMENTS or len(self.stack) > MAX_DEPTH:
            raise FileFault("The XMP packet is larger or deeper than a real one; the rest was not read.")
        self.text.clear()
        self.stack.append(name)
        inside = _RDF_ROOT in self.stack[:-1] or self.stack[0] == _DESCRIPTION
        if inside and name not in _CONTAINERS and name != _DESCRIPTION:
            self.path.append(_prefixed(name))
        if inside and name == f"{_RDF} li" and self.path[:1] and self.path[0] in _LISTS:
            self.event = {}
        if inside:
            for attribute, text in attributes.items():
                if not attribute.startswith((_RDF, "http://www.w3.org/XML/")) and attribute != "xmlns":
                    self._hold([*self.path, _prefixed(attribute)], text)

    def _end(self, name: str) -> None:
        text = "".join(self.text).strip()
        self.text.clear()
        self.stack.pop()
        self.closed = not self.stack
        if not self.path or name in _CONTAINERS or name == _DESCRIPTION or _prefixed(name) != self.path[-1]:
            return
        if text:
            self._hold(self.path, text)
        self.path.pop()
        if self.event is not None and name == f"{_RDF} li":
            history = self.path[:1] == ["xmpMM:History"]
            (self.properties.history if history else self.properties.appended).append(self.event)
            self.event = None

    def _hold(self, path: list[str], text: str) -> None:
        """A property of the top level, an item of its list, or something nested."""
        plain = [part for part in path if part not in ("rdf:li", "rdf:value")]
        if self.event is not None and len(plain) >= 2:
            self.event.setdefault(plain[-1], text)
        if len(plain) == 1 and plain[0] not in self.properties.top:
            self.properties.top[plain[0]] = text
        elif plain:
            self.properties.nested.append(("/".join(plain), text))


def _prefixed(name: str) -> str:
    """``namespace local`` as ``prefix:local``; an unknown namespace keeps the last part of its address."""
    namespace, _, local = name.rpartition(" ")
    prefix = _PREFIXES.get(namespace) or namespace.rstrip("/#").rpartition("/")[2]
    return f"{prefix}:{local}"
