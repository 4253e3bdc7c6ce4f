"""What browser tests share about the map on which positions are placed."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


def settled(page: Page, *roles: str) -> None:
    """Wait until these positions are understood and the map has come to rest where it glides for them.

    A glide begins in the same turn that the words under a position are written.
    """
    for role in roles:
        expect(page.locator(f'[data-echo="{role}"] .echo__read')).to_be_visible()
    page.wait_for_function("""() => {
        const map = document.querySelector("[data-placing-map]").placingMap;
        return map && !map.isMoving();
    }""")


def drag(page: Page, marker: Locator, right_px: float, up_px: float) -> tuple[float, float]:
    """Take a mark of the map by its middle and drop it so far away. Returns where it was, in the window."""
    box = marker.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right_px, y - up_px, steps=6)
    page.mouse.up()
    return x, y
