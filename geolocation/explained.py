"""The words on each check for its page: `docs/checks.md`, so that there is one text and no second to drift.

Understands what that document uses and no more: headings, paragraphs, one table, bold and code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "checks.md"
HEADING = re.compile(r"^## `(\w+)`: (.+)$")
INLINE = re.compile(r"\*\*(.+?)\*\*|`(.+?)`")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one manner: plain, strong or code."""

    text: str
    manner: str = "plain"


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One check: its key, its title, and its paragraphs."""

    key: str
    title: str
    paragraphs: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """The whole document: what goes before the checks, the table of verdicts, and the checks."""

    introduction: tuple[Line, ...]
    verdicts: tuple[tuple[Line, ...], ...]
    sections: tuple[Section, ...]


@lru_cache(maxsize=1)
def explained() -> Explained:
    """The document as it is installed, read once."""
    return read_explained(DOCUMENT.read_text(encoding="utf-8"))


def read_explained(text: str) -> Explained:
    """The parts of the document; its title and what follows the last check are left out."""
    introduction: list[Line] = []
    verdicts: list[tuple[Line, ...]] = []
    sections: list[Section] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = block.splitlines()
        heading = HEADING.match(lines[0])
        if heading:
            paragraphs = tuple(runs(line) for line in sentences(lines[1:]))
            sections.append(Section(heading[1], heading[2], paragraphs))
        elif lines[0].startswith("|"):
            verdicts += [_cells(line) for line in lines[2:]]
        elif lines[0].startswith("#"):
            if sections:
                break
        elif not sections:
            introduction.append(runs(" ".join(lines)))
    return Explained(tuple(introduction), tuple(verdicts), tuple(sections))


def sentences(lines: list[str]) -> list[str]:
    """The lines of a section as paragraphs; what a check cannot do stands alone."""
    paragraphs: list[str] = []
    for line in lines:
        starts = line.startswith(
            ("It cannot", "It has nothing", "It never", "It knows", "It takes", "Within 10 km")
        )
        if not paragraphs or starts or paragraphs[-1].endswith("."):
            paragraphs.append(line)
        else:
            paragraphs[-1] += " " + line
    return paragraphs


def runs(text: str) -> Line:
    """Text split where it turns bold or code."""
    found: list[Run] = []
    end = 0
    for match in INLINE.finditer(text):
        if match.start() > end:
            found.append(Run(text[end : match.start()]))
        found.append(Run(match[1], "strong") if match[1] else Run(match[2], "code"))
        end = match.end()
    if end < len(text):
        found.append(Run(text[end:]))
    return tuple(found)


def _cells(line: str) -> tuple[Line, ...]:
    return tuple(runs(cell.strip()) for cell in line.strip("|").split("|"))
