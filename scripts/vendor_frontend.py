"""Fetch the front-end files this project serves, from the npm packages pinned below.

Run by hand when a version changes: ``python scripts/vendor_frontend.py``. It needs ``npm``; the result is
committed, so neither the application nor its tests reach a network. For every package it keeps only the files
that are used, its LICENSE and a VERSION, drops source-map comments, then writes ``static/css/fonts.css`` and
``static/icons/sprite.svg``.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
SOURCE_MAP = re.compile(rb"(?m)^\s*(?://|/\*)[#@]\s*sourceMappingURL=.*$")
SHAPES = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


@dataclass(frozen=True)
class Package:
    """One npm package: its pinned version, the directory it lands in and the files kept (source -> name)."""

    name: str
    version: str
    slug: str
    files: dict[str, str]
    directory: Path = VENDOR

    @property
    def target(self) -> Path:
        return self.directory / f"{self.slug}-{self.version}"


@dataclass(frozen=True)
class Face:
    """One font family: the family name used in CSS and which subsets and weights of it are served."""

    package: Package
    family: str
    file: str
    subsets: tuple[str, ...]
    weights: tuple[str, ...]


def _font_files(pattern: str, subsets: tuple[str, ...], weights: tuple[str, ...]) -> dict[str, str]:
    names = [pattern.format(subset=subset, weight=weight) for subset in subsets for weight in weights]
    return {f"files/{name}": name for name in names}


def _face(
    name: str, slug: str, family: str, *, pattern: str, subsets: tuple[str, ...], weights: tuple[str, ...]
) -> Face:
    package = Package(name, "5.3.0", slug, _font_files(pattern, subsets, weights))
    return Face(package, family, pattern, subsets, weights)


EUROPE = ("cyrillic-ext", "cyrillic", "greek", "latin-ext", "latin")
FACES = (
    _face(
        "@fontsource-variable/inter", "inter", "Inter",
        pattern="inter-{subset}-wght-normal.woff2", subsets=EUROPE, weights=("100 900",),
    ),
    _face(
        "@fontsource/ibm-plex-mono", "ibm-plex-mono", "IBM Plex Mono",
        pattern="ibm-plex-mono-{subset}-{weight}-normal.woff2",
        subsets=("cyrillic", "latin-ext", "latin"), weights=("400", "500"),
    ),
    _face(
        "@fontsource/noto-sans-armenian", "noto-sans-armenian", "Noto Sans Armenian",
        pattern="noto-sans-armenian-{subset}-{weight}-normal.woff2", subsets=("armenian",),
        weights=("400", "600"),
    ),
    _face(
        "@fontsource/noto-sans-arabic", "noto-sans-arabic", "Noto Sans Arabic",
        pattern="noto-sans-arabic-{subset}-{weight}-normal.woff2", subsets=("arabic",),
        weights=("400", "600"),
    ),
)  # fmt: skip

PACKAGES = (
    Package(
        "bootstrap", "5.3.9", "bootstrap",
        {f"dist/css/{name}": name for name in ("bootstrap-reboot.min.css", "bootstrap-utilities.min.css")},
    ),
    Package("htmx.org", "2.0.11", "htmx", {"dist/htmx.min.js": "htmx.min.js"}),
    Package(
        "maplibre-gl", "6.17.0", "maplibre-gl",
        {f"dist/{name}": name for name in ("maplibre-gl.mjs", "maplibre-gl-worker.mjs", "maplibre-gl.css")},
    ),
    Package("pmtiles", "4.5.0", "pmtiles", {"dist/esm/index.js": "pmtiles.mjs"}),
    # pmtiles imports it by its bare name; the import map resolves it.
    Package("fflate", "0.8.3", "fflate", {"esm/browser.js": "fflate.mjs"}),
    Package("axe-core", "4.14.1", "axe-core", {"axe.min.js": "axe.min.js"}, ROOT / "tests" / "fixtures"),
    *(face.package for face in FACES),
)  # fmt: skip
LUCIDE = Package("lucide-static", "1.62.0", "lucide", {})

# Symbol id -> lucide icon. Ids that start with "status-" are the words of the state tables, so a chip finds
# its icon by its state.
ICONS = {
    **{name: name for name in (
        "arrow-left", "arrow-right", "arrow-up-right", "badge-check", "calendar", "camera", "check",
        "chevron-down", "chevron-left", "chevron-right", "circle-alert", "clipboard-check", "clock", "copy",
        "crosshair", "download", "ellipsis", "external-link", "eye", "eye-off", "file-text", "film",
        "fingerprint", "funnel", "graduation-cap", "history", "house", "image", "info", "key-round", "layers",
        "link", "lock", "log-out", "map", "map-pin", "menu", "message-square-quote", "minus", "monitor",
        "moon", "notebook-text", "pencil", "plus", "rotate-ccw", "satellite", "scale", "search", "settings",
        "shield-check", "sun", "target", "trash-2", "triangle-alert", "upload", "user", "users", "video", "x",
    )},
    # geolocations
    "status-draft": "circle-dashed", "status-in_review": "clock",
    "status-awaiting_second": "eye-off", "status-supporting": "users",
    "status-changes_requested": "corner-up-left",
    "status-verified": "circle-check-big", "status-rejected": "circle-x", "status-disputed": "split",
    "status-retracted": "circle-slash", "status-withdrawn": "undo-2",
    "status-withheld": "lock",
    "status-not_placed": "map-pin-off", "status-exact": "crosshair",
    "status-generalised": "circle-dot-dashed",
    # claims
    "status-supported": "circle-check", "status-partly_supported": "circle-slash-2",
    "status-contradicted": "circle-x", "status-inconclusive": "circle-question-mark",
    "status-unverified": "circle-dashed",
    # readings and other work in the background
    "status-waiting": "hourglass", "status-reading": "loader", "status-done": "circle-check",
    "status-nothing_found": "circle-minus",
    # verdicts of checks
    "status-passed": "circle-check", "status-flagged": "flag", "status-failed": "octagon-x",
    "status-inapplicable": "circle-minus", "status-error": "triangle-alert",
    # What bringing in a row of somebody else's file would do.
    "status-import_new": "plus", "status-import_changed": "pencil", "status-import_same": "minus",
    "status-import_doubtful": "circle-alert", "status-import_refused": "x",
}  # fmt: skip


def fetch(package: Package, workspace: Path) -> Path:
    """Download and unpack one package; return the directory that holds its files."""
    packed = subprocess.run(
        ["npm", "pack", "--silent", f"{package.name}@{package.version}"],
        cwd=workspace, check=True, capture_output=True, text=True,
    )  # fmt: skip
    unpacked = workspace / f"{package.slug}-{package.version}"
    unpacked.mkdir()
    archive = packed.stdout.strip().splitlines()[-1]
    subprocess.run(["tar", "-xzf", archive, "-C", str(unpacked)], cwd=workspace, check=True)
    return unpacked / "package"


def place(package: Package, source: Path) -> None:
    """Copy the files that are used, the licence and the version into the package's own directory."""
    for old in package.directory.glob(f"{package.slug}-[0-9]*"):
        shutil.rmtree(old)
    package.target.mkdir(parents=True)
    for original, name in package.files.items():
        content = (source / original).read_bytes()
        if not name.endswith(".woff2"):
            content = SOURCE_MAP.sub(b"", content).rstrip() + b"\n"
        (package.target / name).write_bytes(content)
    _place_licence(package, source)


def _place_licence(package: Package, source: Path) -> None:
    licence = next((path for path in sorted(source.glob("LICENSE*"))), None)
    if licence is None:
        stated = json.loads((source / "package.json").read_text())["license"]
        kept = ROOT / "scripts" / "licences" / f"{package.slug}.txt"
        if not kept.exists():
            raise SystemExit(f"{package.name} ships no licence file ({stated}): add {kept}")
        licence = kept
    (package.target / "LICENSE").write_bytes(licence.read_bytes())
    (package.target / "VERSION").write_text(f"{package.name} {package.version}\n")


def write_fonts(sources: dict[str, Path]) -> None:
    """Write fonts.css: one @font-face for each file, with the unicode ranges the packages state."""
    rules = ["/* Written by scripts/vendor_frontend.py: change that script, not this file. */"]
    for face in FACES:
        ranges = json.loads((sources[face.package.slug] / "unicode.json").read_text())
        for subset in face.subsets:
            for weight in face.weights:
                file = face.file.format(subset=subset, weight=weight)
                rules.append(
                    f"@font-face {{\n  font-family: '{face.family}';\n  font-style: normal;\n"
                    f"  font-weight: {weight};\n  font-display: swap;\n"
                    f"  src: url('../vendor/{face.package.target.name}/{file}') format('woff2');\n"
                    f"  unicode-range: {ranges[subset]};\n}}"
                )
    (ROOT / "static" / "css" / "fonts.css").write_text("\n".join(rules) + "\n")


def write_sprite(source: Path) -> None:
    """Write one SVG with a symbol for each icon in ICONS, and lucide's licence beside it."""
    symbols = []
    for symbol_id, icon in sorted(ICONS.items()):
        drawing = SHAPES.search((source / "icons" / f"{icon}.svg").read_text())
        if drawing is None:
            raise SystemExit(f"lucide's {icon} is not the drawing that was expected")
        symbols.append(
            f'<symbol id="{symbol_id}" viewBox="0 0 24 24">{" ".join(drawing[1].split())}</symbol>'
        )
    sprite = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    icons = ROOT / "static" / "icons"
    icons.mkdir(parents=True, exist_ok=True)
    (icons / "sprite.svg").write_text(sprite)
    (icons / "LICENSE").write_bytes((source / "LICENSE").read_bytes())
    (icons / "VERSION").write_text(f"{LUCIDE.name} {LUCIDE.version}\n")


def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        workspace = Path(directory)
        sources = {package.slug: fetch(package, workspace) for package in (*PACKAGES, LUCIDE)}
        for package in PACKAGES:
            place(package, sources[package.slug])
            print(f"{package.name} {package.version} -> {package.target.relative_to(ROOT)}")
        write_fonts(sources)
        write_sprite(sources[LUCIDE.slug])


if __name__ == "__main__":
    main()
