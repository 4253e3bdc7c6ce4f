"""A person brings in a file: its columns, the report beside its map, decisions, and what came in."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from geolocation.models import Geolocation, ImportBatch
from geolocation.services.importing_work import import_run
from tests.browser.looking import VIEWS, faults

pytestmark = pytest.mark.django_db(transaction=True)
CONTENT = (
    "key,lat,lon,when,title,link\n"
    "a,39.8212,46.7512,2023-09-20,Made-up bridge over the river,https://t.me/example/101\n"
    "b,0,0,,Nowhere in particular,\n"
    "c,139.8,46.7,,Swapped axes,\n"
    'd,39.8412,46.7812,3/4/2023,"Made-up school, Խանքենդի / خان‌کندی / Xankəndi",\n'
    "e,39.8012,46.7012,2023-09-21,Made-up depot,https://t.me/example/102\n"
)


def _run() -> None:
    import_run(batch_id=ImportBatch.objects.get().pk)


def _looked_at(page: Page, axe: Any, name: str) -> list[str]:
    found = []
    before = page.viewport_size
    for width, height in VIEWS:
        page.set_viewport_size({"width": width, "height": height})
        found += faults(page, axe, name)
    assert before is not None
    page.set_viewport_size(before)
    return found


def test_a_file_is_sent_checked_decided_on_and_brought_in(
    page_as: Any, axe: Any, investigation: Any, investigator: Any
) -> None:
    page = page_as(investigator)
    page.goto("/TEST1/map/")
    page.get_by_role("link", name="Bring in points").click()
    found = _looked_at(page, axe, "imports-empty")
    page.locator("#id_file").set_input_files(
        {"name": "film.mov", "mimeType": "video/quicktime", "buffer": b"\x00\x01" * 99}
    )
    page.get_by_role("button", name="Send and check").click()
    expect(page.locator(".field--error")).to_contain_text("holds no table of points")
    page.locator("#id_file").set_input_files(
        {"name": "points.csv", "mimeType": "text/csv", "buffer": CONTENT.encode()}
    )
    page.get_by_role("button", name="Send and check").click()

    expect(page.get_by_role("heading", name="Which column is what")).to_be_visible()
    expect(page.locator("#id_latitude")).to_have_value("lat")
    page.locator("#id_longitude").select_option("")
    page.get_by_role("button", name="Check the rows").click()
    expect(page.locator(".field--error").first).to_contain_text("Say which they are")
    found += _looked_at(page, axe, "imports-columns-refused")
    page.locator("#id_longitude").select_option("lon")
    page.locator("#id_date").select_option("when")
    page.get_by_role("button", name="Check the rows").click()

    expect(page.locator("#import-progress")).to_contain_text("being checked")
    _run()
    expect(page.locator("#import-progress")).to_contain_text("nothing brought in")
    expect(page.locator(".imports-rows tbody tr")).to_have_count(5)
    expect(page.locator(".imports-rows")).to_contain_text("lat, lon = 139.8, 46.7")
    page.locator("[data-import-map][data-ready]").wait_for()
    found += _looked_at(page, axe, "imports-report")
    page.get_by_role("button", name="Let in row 4").click()
    expect(page.get_by_text("let in by Ines Investigator")).to_be_visible()
    page.get_by_role("button", name="Keep all out").click()
    expect(page.get_by_text("kept out by Ines Investigator")).to_be_visible()
    page.get_by_role("link", name="refused").click()
    expect(page.locator(".imports-rows tbody tr")).to_have_count(1)

    page.get_by_role("button", name="Bring in 3 rows as drafts").click()
    expect(page.locator("#import-progress")).to_contain_text("0 of 3")
    found += _looked_at(page, axe, "imports-applying")
    _run()
    expect(page.locator("#import-progress")).to_contain_text("brought in as drafts")
    expect(page.locator(".imports-rows .code")).to_have_count(3)
    assert {made.state for made in Geolocation.objects.all()} == {"draft"}
    found += _looked_at(page, axe, "imports-done")
    page.get_by_role("link", name="Bring in points").click()
    expect(page.get_by_role("link", name="I01")).to_be_visible()
    assert found + _looked_at(page, axe, "imports-history") == []


def test_a_viewer_brings_nothing_in(page_as: Any, investigation: Any, viewer: Any) -> None:
    page = page_as(viewer)
    page.goto("/TEST1/map/")
    expect(page.get_by_role("link", name="Bring in points")).to_have_count(0)
    page.expected_statuses.add(403)
    page.goto("/TEST1/imports/")
    expect(page.get_by_text("Your role here is viewer")).to_be_visible()
