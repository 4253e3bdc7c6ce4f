"""What is vendored says what it is and under which licence; nothing that is served reaches another host."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
VENDORED = sorted((STATIC / "vendor").iterdir()) + [
    path for path in (ROOT / "tests" / "fixtures").glob("axe-core-*") if path.is_dir()
]
SERVED_TEXT = sorted(
    path for path in STATIC.rglob("*") if path.suffix in {".css", ".js", ".mjs", ".svg"} and path.is_file()
)
OWN_TEXT = [path for path in SERVED_TEXT if "vendor" not in path.parts]
LICENCE_WORDS = re.compile(
    r"permission is hereby granted|redistribution and use|open font license|mozilla public"
    r"|isc license|zero-clause bsd",
    re.IGNORECASE,
)
# An address that a style sheet or a module would load; XML namespaces and prose are no loads.
LOADED_FROM_ELSEWHERE = re.compile(
    r"""url\(\s*["']?(?:https?:)?//|@import\s+["'](?:https?:)?//|import\s*\(?\s*["'](?:https?:)?//"""
    r"""|from\s*["'](?:https?:)?//|(?:fetch|importScripts|new Worker)\(\s*["'`](?:https?:)?//""",
)
ADDRESS = re.compile(r"https?://(?!www\.w3\.org/)", re.I)


def _name(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("directory", VENDORED, ids=_name)
def test_a_vendored_package_states_its_version_and_licence(directory: Path) -> None:
    package, version = (directory / "VERSION").read_text().split()
    assert directory.name.endswith(f"-{version}")
    assert package.split("/")[-1].removesuffix(".org").startswith(directory.name[:4])
    assert LICENCE_WORDS.search((directory / "LICENSE").read_text(encoding="utf-8"))


def test_the_icons_state_their_version_and_licence() -> None:
    assert (STATIC / "icons" / "VERSION").read_text().startswith("lucide-static ")
    assert LICENCE_WORDS.search((STATIC / "icons" / "LICENSE").read_text())


@pytest.mark.parametrize("path", SERVED_TEXT, ids=lambda path: str(path.relative_to(STATIC)))
def test_a_served_file_loads_nothing_from_another_host_and_names_no_source_map(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not LOADED_FROM_ELSEWHERE.search(text)
    assert "sourceMappingURL=" not in text.replace("sourceMappingURL=([^", "")


@pytest.mark.parametrize("path", OWN_TEXT, ids=lambda path: str(path.relative_to(STATIC)))
def test_our_own_files_name_no_address_at_all(path: Path) -> None:
    assert not ADDRESS.search(path.read_text(encoding="utf-8"))


def test_every_vendored_file_is_used() -> None:
    users = [*OWN_TEXT, *(ROOT / "templates").rglob("*.html")]
    named = "\n".join(path.read_text(encoding="utf-8") for path in users)
    unused = [
        path.relative_to(STATIC)
        for path in (STATIC / "vendor").rglob("*")
        if path.is_file() and path.name not in {"VERSION", "LICENSE"}
        if f"{path.parent.name}/{path.name}" not in named
    ]
    assert unused == []


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    symbols = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons" / "sprite.svg").read_text()))
    named: set[str] = set()
    for template in (ROOT / "templates").rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        named.update(re.findall(r'_icon\.html" with name="([^"]+)"(?!\|add)', text))
        named.update(re.findall(r'\bicon="([^"]+)"', text))
    assert named
    assert named <= symbols
