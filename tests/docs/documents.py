"""The project's documents and what is set as code in them."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    path
    for path in (
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "benchmarks").glob("*.md"),
        *(ROOT / "client").glob("*.md"),
        *(ROOT / "static").glob("*/*.md"),
        *(ROOT / "tests").glob("fixtures/*/*.md"),
    )
    if "vendor" not in path.parts
)
_FENCE = re.compile(r"^```[a-z]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")


def name(path: Path) -> str:
    """A document's path, as a test's parameter shows it."""
    return str(path.relative_to(ROOT))


def text_of(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def blocks(text: str) -> list[str]:
    """The fenced blocks of code, without their fences."""
    return _FENCE.findall(text)


def code(text: str) -> list[str]:
    """Every line of a fenced block and every span of code."""
    lines = [line for block in blocks(text) for line in block.splitlines()]
    return lines + _SPAN.findall(_FENCE.sub("", text))


def rows(text: str) -> list[list[str]]:
    """The cells of every row of every table, headings and rulers left out."""
    found, previous_was_row = [], False
    for line in text.splitlines():
        is_row = line.startswith("|")
        if is_row and previous_was_row and not set(line) <= set("|- :"):
            found.append([cell.strip() for cell in line.strip("|").split(" | ")])
        previous_was_row = is_row
    return found


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next one of its level or higher."""
    level = heading.split(" ")[0]
    found = re.search(
        rf"^{re.escape(heading)}\n(.*?)(?=^#{{1,{len(level)}}} |\Z)", text, re.MULTILINE | re.DOTALL
    )
    assert found, f"there is no section {heading!r}"
    return found[1]
