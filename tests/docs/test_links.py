"""Links between documents lead to files and headings that are there; pictures are what they should be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from tests.docs.documents import DOCUMENTS, ROOT, blocks, name

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
PICTURES = sorted((ROOT / "docs" / "pictures").glob("*"))
LARGEST_PICTURE_BYTES = 300_000
PICTURE_WIDTHS = {1440, 390}


def links(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    for block in blocks(text):
        text = text.replace(block, "")
    return [each for each in LINK.findall(text) if not each.startswith(("http://", "https://"))]


def anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_a_link_inside_the_project_leads_somewhere(path: Path) -> None:
    for link in links(path):
        target, _, anchor = link.partition("#")
        found = (path.parent / target).resolve() if target else path
        assert found.exists(), link
        assert found.is_relative_to(ROOT), link
        assert not anchor or anchor in anchors(found), link


def test_every_document_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        if path in reached or path.suffix != ".md":
            continue
        reached.add(path)
        waiting += [(path.parent / link.partition("#")[0]).resolve() for link in links(path)]
    assert [name(path) for path in (ROOT / "docs").rglob("*.md") if path not in reached] == []


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.name)
def test_a_picture_is_used_and_light_and_taken_at_a_stated_width(picture: Path) -> None:
    assert any(picture.name in path.read_text(encoding="utf-8") for path in DOCUMENTS)
    assert picture.stat().st_size < LARGEST_PICTURE_BYTES
    with Image.open(picture) as image:
        assert image.format == "PNG"
        assert image.width in PICTURE_WIDTHS


def test_the_readme_begins_with_a_picture() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(r"!\[[^\]]{20,}\]\(docs/pictures/", text[:2500])
