"""Looking at a page as a person would: by day and by night, at the width it has, and as a picture to keep."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

#: A desk and a telephone, width and height in CSS pixels.
VIEWS = [(1440, 900), (390, 844)]

CONTRAST = """async () => (await axe.run(document, {runOnly: ["color-contrast"]})).violations.flatMap(
    rule => rule.nodes.map(node => `${node.any[0].message}: ${node.target} ${node.html.slice(0, 160)}`))"""
# Nothing, or the elements that stick out of a page that can be pushed sideways.
_TOO_WIDE = """() => document.documentElement.scrollWidth <= window.innerWidth ? [] : ["scrolls sideways",
  ...[...document.querySelectorAll("main *")]
    .filter(element => element.getBoundingClientRect().right > window.innerWidth)
    .map(element => element.outerHTML.slice(0, 90))]"""


def keep_picture(page: Page, name: str, *, whole: bool = False) -> None:
    """Keep a picture where a person asked for one (SCREENSHOTS=folder); no part of the test."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.wait_for_timeout(400)
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=whole)


def faults(page: Page, axe: Callable[[Page], list[str]], name: str) -> list[str]:
    """What is wrong with a page as it stands by day, and with its colours by night; keeps two pictures."""
    page.emulate_media(color_scheme="light")
    found = axe(page) + page.evaluate(_TOO_WIDE)
    width = page.evaluate("() => innerWidth")
    keep_picture(page, f"{name}-{width}-light")
    page.emulate_media(color_scheme="dark")
    found += [f"by night: {each}" for each in page.evaluate(CONTRAST)]
    keep_picture(page, f"{name}-{width}-dark")
    page.emulate_media(color_scheme="light")
    return [f"{name}: {each}" for each in found]
