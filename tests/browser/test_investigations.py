"""The pages around an investigation in a real browser: by keyboard, whole at 390 px, no axe finding."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from evidence.models import Investigation
from evidence.services.catalogue import Name, place_add, source_add
from evidence.services.claims import ClaimDetails, claim_log
from evidence.services.media import MediaDetails, media_create
from geolocation.services.geolocations import geolocation_propose
from tests.browser.looking import VIEWS, faults
from tests.geolocation.conftest import a_proposal

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = [
    "/",
    "/new/",
    "/search/?q=smoke",
    "/search/",
    "/TEST1/",
    "/TEST1/settings/",
    "/TEST1/custody/?verify=1",
    "/TEST1/custody/?object=nothing",
    "/TEST1/sources/",
    "/TEST1/sources/add/",
    "/TEST1/places/",
    "/TEST1/places/add/",
]


@pytest.fixture
def filled(investigation: Investigation, media_item: Any, investigator: Any) -> Investigation:
    source = source_add(actor=investigator, investigation=investigation, name="Port authority")
    place_add(
        actor=investigator,
        investigation=investigation,
        names=[Name(name="Stepanakert"), Name(name="Xankəndi", language="az", is_shown=True)],
        latitude=39.8153,
        longitude=46.7519,
        radius_m=4000,
    )
    claim_log(
        actor=investigator,
        investigation=investigation,
        details=ClaimDetails(statement="The crane fell before noon.", claimant=source),
    )
    geolocation_propose(actor=investigator, media_item=media_item, proposal=a_proposal(), submit=True)
    media_create(actor=investigator, investigation=investigation, details=MediaDetails(title="Not placed"))
    return investigation


@pytest.mark.parametrize(("width", "height"), VIEWS)
def test_every_page_is_accessible_and_fits(
    page_as: Callable[..., Page], filled: Investigation, editor: Any, axe: Any, width: int, height: int
) -> None:
    page = page_as(editor, width=width, height=height)
    for number, url in enumerate(PAGES):
        page.goto(url)
        if page.locator("[data-home-map]").count():
            page.locator("[data-home-map][data-ready]").wait_for()
        assert faults(page, axe, f"{number:02d}") == [], url


def test_an_editor_draws_the_area_and_every_map_shows_it(
    page_as: Callable[..., Page], filled: Investigation, editor: Any, axe: Any
) -> None:
    page = page_as(editor, width=390, height=844)
    page.goto("/TEST1/settings/")
    page.locator("[data-area-map][data-ready]").wait_for()
    text = page.get_by_label("Area on the map")
    frame = page.locator("[data-area-map]")
    frame.evaluate("frame => frame.areaMap.jumpTo({center: [46.76, 39.82], zoom: 12})")
    for number, (right, down) in enumerate([(80, 60), (260, 60), (260, 220)], start=1):
        frame.click(position={"x": right, "y": down})
        expect(page.get_by_role("button", name=f"{number} Corner: arrow keys move it")).to_be_visible()
    before = text.input_value()
    assert len(before.splitlines()) == 3
    page.get_by_role("button", name="3 Corner: arrow keys move it").press("ArrowDown")
    expect(text).not_to_have_value(before)
    page.get_by_role("button", name="Remove the last corner").click()
    assert len(text.input_value().splitlines()) == 2
    text.fill(before)
    assert faults(page, axe, "settings-area") == []
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. The custody log says what changed.")).to_be_visible()

    filled.refresh_from_db()
    assert filled.area is not None
    for address in ("", "map/", "media/M02/geolocate/"):
        page.goto(f"/TEST1/{address}")
        expect(page.locator("#investigation-area")).to_have_count(1)
        page.locator("[data-ready]").first.wait_for(state="attached")
    page.goto("/TEST1/settings/")
    text.fill('{"type": "Polygon", "coordinates": [[[46, 39], [47, 39], [47, 40], [46, 39]]]}')
    expect(page.get_by_text("changed in the text")).to_be_visible()
    expect(page.get_by_role("button", name="1 Corner: arrow keys move it")).to_have_count(0)


def test_the_rail_says_where_the_person_is(
    page_as: Callable[..., Page], filled: Investigation, editor: Any
) -> None:
    page = page_as(editor)
    for path, key in [
        ("", "home"),
        ("log/", "log"),
        ("media/", "media"),
        ("media/M01/", "media"),
        ("map/", "map"),
        ("claims/", "claims"),
        ("review/", "review"),
    ]:
        page.goto(f"/TEST1/{path}")
        current = page.locator(".rail [aria-current='page']")
        assert current.count() == 1, path
        assert current.get_attribute("data-rail") == key, path
        unresolved = page.locator(".topbar a[href='#'], .rail a[href='#'], .topbar a[href='']")
        assert [link.get_attribute("data-rail") for link in unresolved.all()] in ([], ["verified"]), path


def test_a_person_walks_by_menus_and_the_search_key(
    page_as: Callable[..., Page], filled: Investigation, investigator: Any
) -> None:
    page = page_as(investigator)
    page.goto("/")
    page.get_by_role("link", name="Harbour fire").click()
    expect(page.get_by_role("link", name="Settings")).to_have_count(0)
    page.keyboard.press("/")
    page.keyboard.type("xankəndi")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Stepanakert / Xankəndi").click()
    expect(page.locator("h1")).to_have_text("Places")
    page.locator(".person summary").click()
    page.locator(".person").get_by_role("link", name="Custody log").click()
    expect(page.locator("h1")).to_have_text("Custody log")
    page.locator(".switcher summary").click()
    page.locator(".switcher").get_by_role("link", name="All investigations").click()
    expect(page.locator("h1")).to_have_text("Your investigations")


def test_somebody_opens_an_investigation_and_corrects_a_mistake(
    page_as: Callable[..., Page], stranger: Any, axe: Any
) -> None:
    page = page_as(stranger)
    page.goto("/")
    page.get_by_role("link", name="Open an investigation").click()
    page.get_by_label("Code").fill("nord7")
    page.get_by_label("Title").fill("Northern port")
    page.get_by_label("Local time zones").fill("Europe/Kiew")
    page.get_by_role("button", name="Open the investigation").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert axe(page) == []
    expect(page.get_by_label("Title")).to_have_value("Northern port")
    page.get_by_label("Local time zones").fill("Europe/Kyiv")
    page.get_by_role("button", name="Open the investigation").click()
    expect(page.locator("h1")).to_have_text("Northern port")
    expect(page.get_by_text("NORD7 is open and you are its editor")).to_be_visible()


def test_the_chain_is_verified_and_the_log_taken_away(
    page_as: Callable[..., Page], filled: Investigation, viewer: Any
) -> None:
    page = page_as(viewer)
    page.goto("/TEST1/custody/")
    page.get_by_role("button", name="Verify the chain").click()
    expect(page.locator("#verdict")).to_contain_text("The chain holds: all 11 events")
    head = page.locator("#verdict .hash").inner_text()
    page.get_by_label("A hash you kept").fill(head)
    page.get_by_role("button", name="Verify the chain").click()
    expect(page.locator(".chain")).to_contain_text("The hash you kept is that of event 11")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download the log").click()
    lines = Path(waiting.value.path()).read_text().splitlines()
    assert len(lines) == 11
    assert head in lines[-1]
