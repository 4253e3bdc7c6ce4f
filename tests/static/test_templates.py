"""Every template keeps the strict content security policy: nothing inline but scripts with their nonce."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COMMENTS = re.compile(r"\{% comment %\}.*?\{% endcomment %\}|\{#.*?#\}", re.DOTALL)
INLINE_STYLE = re.compile(r"<[^>]*\sstyle=|<style\b", re.IGNORECASE)
INLINE_HANDLER = re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[:\w-]*)=", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b([^>]*)>", re.IGNORECASE)
IMPORTED = re.compile(r'^(?:import|export)\b[^;"]*?from\s+"([^"]+)"|\bimport\("([^"]+)"\)', re.MULTILINE)
STATES = re.compile(r'\{% (?:el)?if (?:word %\}.*?elif )?status == "(\w+)"')


def _text(path: Path) -> str:
    return COMMENTS.sub("", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_holds_nothing_the_policy_refuses(path: Path) -> None:
    text = _text(path)
    assert not INLINE_STYLE.search(text)
    assert not INLINE_HANDLER.search(text)
    for attributes in SCRIPT.findall(text):
        assert " src=" in attributes or "nonce=" in attributes or "application/json" in attributes


def test_every_state_a_chip_knows_has_its_icon() -> None:
    symbols = set(
        re.findall(r'<symbol id="status-(\w+)"', (ROOT / "static" / "icons" / "sprite.svg").read_text())
    )
    states = set(STATES.findall(_text(ROOT / "templates" / "components" / "_chip.html")))
    assert states == symbols


def test_every_module_is_in_the_import_map_and_every_entry_is_a_file() -> None:
    head = _text(ROOT / "templates" / "_head.html")
    entries = dict(re.findall(r'"([\w./-]+)": "\{% static \'([^\']+)\' %\}"', head))
    missing = [path for path in entries.values() if not (ROOT / "static" / path).is_file()]
    assert missing == []
    mapped = {path for path in entries.values() if path.startswith("js/")}
    libraries = {str(path.relative_to(ROOT / "static")) for path in (ROOT / "static/js/lib").glob("*.js")}
    assert libraries <= mapped


@pytest.mark.parametrize("path", sorted((ROOT / "static" / "js").rglob("*.js")), ids=lambda path: path.name)
def test_a_module_imports_by_the_names_of_the_import_map(path: Path) -> None:
    entries = set(re.findall(r'"([\w./-]+)": "\{% static', _text(ROOT / "templates" / "_head.html")))
    imported = IMPORTED.findall(path.read_text(encoding="utf-8"))
    assert {name for pair in imported for name in pair if name} <= entries
