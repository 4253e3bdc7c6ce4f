"""The page of a recording by what its file says: everything, nothing, a lie, or broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page, expect

from evidence.models import Investigation, MediaItem, MetadataReading, ReadingState
from evidence.services.ingest import original_store
from evidence.services.media import MediaDetails, media_log_file
from evidence.services.reading import reading_run
from evidence.training import generate
from tests.browser import media_files
from tests.browser.looking import VIEWS, faults, keep_picture

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def training(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("said")
    generate(folder)
    return folder


def _read_all() -> None:
    for reading in MetadataReading.objects.filter(state=ReadingState.WAITING):
        reading_run(reading_id=reading.pk)


@pytest.fixture
def log(investigation: Investigation, investigator: Any, training: Path) -> Callable[..., MediaItem]:
    """`log(name, content)`: a file as somebody sent it, read by every reader that reads by itself."""

    def log_one(name: str, content: bytes | None = None) -> MediaItem:
        data = (training / name).read_bytes() if content is None else content
        logged = media_log_file(
            actor=investigator,
            investigation=investigation,
            stored=original_store(SimpleUploadedFile(name, data)),
            details=MediaDetails(title=name.partition(".")[0].replace("_", " ")),
        )
        _read_all()
        return logged.item

    return log_one


def _address(item: MediaItem) -> str:
    return f"/{item.investigation.code}/media/{item.reference}/"


def _map_is_drawn(page: Page) -> None:
    page.locator("[data-said-map]").scroll_into_view_if_needed()
    expect(page.locator("[data-said-map][data-ready]")).to_be_visible()


def test_a_photo_that_says_everything(
    page_as: Open, log: Any, investigator: Any, viewer: Any, axe: Any
) -> None:
    item = log("everything.jpg", media_files.everything())
    page = page_as(investigator)
    page.goto(_address(item))
    said = page.locator("#reading")
    for words in (
        "56.371478, 16.406585", "4.7 m", "dilution of precision 1.8", "6.2 m above sea level",
        "296° from true north", "1.5 m/s, 310° from true north", "290.1° from true north",
        "camera clock, offset written beside it", "Exercise 24-70 mm", "turned by 90° to the right",
        "the maker's own notes", media_files.SERIAL, "Exercise Editor 7.1", "2 positions in the file",
        "EXIF GPS comes first of 2 usable positions", "Test Signer",
        "Signature valid, signer on no trust list", "captured by a digital camera",
        "Edits, in the signer's order",
        "not known: the signature carries no time",
    ):  # fmt: skip
        expect(said).to_contain_text(words)
    expect(said.locator(".history li")).to_have_count(2)
    _map_is_drawn(page)
    assert axe(page) == []
    # Somebody who may not edit sees that there are serial numbers, and not which, in the tags neither.
    other = page_as(viewer)
    other.goto(_address(item))
    expect(other.locator("#reading")).to_contain_text("They are shown to members who may edit")
    assert media_files.SERIAL not in other.content()
    expect(other.get_by_role("button", name="Ask for a second opinion")).to_have_count(0)
    expect(other.get_by_role("button", name="Try again")).to_have_count(0)
    other.goto(f"{_address(item)}tags/?q=serial")
    expect(other.locator("tbody")).to_contain_text("not shown to your role")
    assert media_files.SERIAL not in other.content()
    page.goto(f"{_address(item)}tags/?q={media_files.SERIAL}")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert axe(page) == []


def test_a_picture_that_says_nothing(page_as: Open, log: Any, investigator: Any, axe: Any) -> None:
    item = log("nothing.png", media_files.nothing())
    page = page_as(investigator)
    page.goto(_address(item))
    said = page.locator("#reading")
    expect(said).to_contain_text("That is common, and no fault of it")
    expect(said).to_contain_text("holds no Content Credentials. Most files hold none")
    expect(page.locator("[data-said-map]")).to_have_count(0)
    assert axe(page) == []


def test_a_photo_that_lies_about_its_time(page_as: Open, log: Any, investigator: Any, axe: Any) -> None:
    page = page_as(investigator)
    page.goto(_address(log("T03_wrong_clock.jpg")))
    finding = page.locator("#reading .warnings li", has_text="no offset from UTC explains")
    expect(finding).to_contain_text("we computed")
    page.get_by_text("times in the file").click()
    expect(page.locator("#reading")).to_contain_text("satellite time")
    assert axe(page) == []


def test_a_photo_that_is_broken(page_as: Open, log: Any, investigator: Any, viewer: Any, axe: Any) -> None:
    item = log("T07_cut_short.jpg")
    MetadataReading.objects.filter(media_file__media_item=item, reader="pixels").update(
        state=ReadingState.FAILED, sentence="The picture ends in the middle."
    )
    page = page_as(investigator)
    page.goto(_address(item))
    expect(page.locator("#reading")).to_contain_text("56.371641, 16.405813")
    expect(page.get_by_role("button", name="Try again: Pictures to look at")).to_be_visible()
    assert axe(page) == []
    other = page_as(viewer)
    other.goto(_address(item))
    expect(other.locator("#reading")).to_contain_text("The picture ends in the middle.")
    expect(other.get_by_role("button", name="Try again")).to_have_count(0)


def test_a_video_with_a_track(page_as: Open, log: Any, investigator: Any, axe: Any) -> None:
    item = log("T11_on_the_way.mp4")
    page = page_as(investigator)
    page.goto(_address(item))
    expect(page.locator("#reading")).to_contain_text("a track of 12 fixes (CAMM)")
    _map_is_drawn(page)
    time = page.get_by_label("Along the track")
    time.focus()
    time.press("End")
    expect(page.locator(".said-map output")).to_contain_text("0:05")
    expect(page.locator(".said-mark")).to_have_text(["start 0:00", "end 0:05"])
    # Playing the video takes the mark along.
    page.locator("video").evaluate("video => { video.currentTime = 2.6; }")
    expect(page.locator(".said-map output")).to_contain_text("0:02")
    # So does the pointer, wherever it comes near a fix.
    time.focus()
    time.press("Home")
    frame = page.locator("[data-said-map] canvas").bounding_box()
    assert frame is not None
    said = set()
    for step in range(8, 60):
        page.mouse.move(frame["x"] + frame["width"] / 2, frame["y"] + step * frame["height"] / 64)
        said.add(page.locator(".said-map output").inner_text().split(" ")[0])
    assert said & {"0:02", "0:03", "0:04"}
    page.get_by_text("The track as a table").click()
    expect(page.locator("#said-table tbody tr")).to_have_count(12)
    expect(page.locator("#said-table tbody tr").first).to_contain_text("56.373347, 16.405910")
    assert axe(page) == []
    page.goto(f"/{item.investigation.code}/media/{item.reference}/geolocate/")
    expect(page.locator("[data-placing-map][data-ready]")).to_be_visible()
    expect(page.locator(".said-mark")).to_have_text(["the file: start 0:00", "the file: end 0:05"])
    expect(page.locator(".says")).to_contain_text("drawn on the map as a line")
    keep_picture(page, "geolocate-track")


def test_a_georeferenced_picture_is_outlined(page_as: Open, log: Any, investigator: Any, axe: Any) -> None:
    page = page_as(investigator)
    page.goto(_address(log("T05_from_above.tif")))
    expect(page.locator(".said-map figcaption")).to_contain_text("the outline of the picture on the ground")
    _map_is_drawn(page)
    page.get_by_text("The outline as a table").click()
    expect(page.locator("#said-table tbody tr")).to_have_count(4)
    expect(page.locator("#said-table tbody tr").first).to_contain_text("56.374021, 16.400925")
    assert axe(page) == []


def test_without_webgl_the_table_stands_in(page_as: Open, log: Any, investigator: Any, axe: Any) -> None:
    page = page_as(investigator)
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(_address(log("T11_on_the_way.mp4")))
    page.locator("[data-said-map]").scroll_into_view_if_needed()
    expect(page.locator("[data-said-map]")).to_contain_text("this browser has no WebGL")
    expect(page.locator("#said-table tbody tr").first).to_be_visible()
    assert axe(page) == []


def test_credentials_that_do_not_fit(page_as: Open, log: Any, investigator: Any, axe: Any) -> None:
    page = page_as(investigator)
    page.goto(_address(log("spoiled.jpg", media_files.spoiled())))
    signed = page.locator(".signed")
    expect(signed).to_contain_text("Invalid")
    expect(signed).to_contain_text("The file's bytes were changed after it was signed.")
    expect(signed).to_contain_text("assertion.dataHash.mismatch")
    assert axe(page) == []


def _fake(settings: Any, tmp_path: Path, answer: str) -> None:
    program = tmp_path / "exiftool"
    program.write_text(f"#!/bin/sh\necho '{answer}'\n")
    program.chmod(0o755)
    settings.EXIFTOOL = str(program)


def test_a_second_opinion_is_asked_for_and_shows_what_differs(
    page_as: Open, log: Any, investigator: Any, viewer: Any, settings: Any, tmp_path: Path, axe: Any
) -> None:
    _fake(
        settings,
        tmp_path,
        '[{"ExifTool:ExifToolVersion": 13.0, "Composite:GPSLatitude": -56.3714778, "Composite:GPSLongitude": '
        '16.4065852, "ExifIFD:DateTimeOriginal": "2025:06:14 20:35:12", "IFD0:Model": "Other"}]',
    )
    item = log("T01_lighthouse_evening.jpg")
    page = page_as(investigator)
    page.goto(_address(item))
    page.get_by_role("button", name="Ask for a second opinion").click()
    expect(page.locator("#reading")).to_contain_text("exiftool is asked")
    _read_all()
    table = page.locator(".opinion__table")
    expect(table.get_by_role("row", name="Position")).to_contain_text("differ")
    expect(table.get_by_role("row", name="Position")).to_contain_text("-56.371478")
    expect(table.get_by_role("row", name="Captured")).to_contain_text("agree")
    expect(table.get_by_role("row", name="Heading")).to_contain_text("only ours")
    assert axe(page) == []
    table.scroll_into_view_if_needed()
    keep_picture(page, "second-opinion")
    page.get_by_text("tags as exiftool reads them").click()
    page.locator(".opinion [data-tag-filter]").fill("model")
    expect(page.locator(".opinion .raw-tags__table tbody tr:visible")).to_have_count(1)
    other = page_as(viewer)
    other.goto(_address(item))
    expect(other.locator(".opinion__table")).to_be_visible()
    expect(other.get_by_role("button", name="Ask again")).to_have_count(0)


def test_without_exiftool_a_sentence_says_how_to_get_it(
    page_as: Open, log: Any, investigator: Any, settings: Any
) -> None:
    settings.EXIFTOOL = ""
    page = page_as(investigator)
    page.goto(_address(log("T01_lighthouse_evening.jpg")))
    expect(page.locator(".opinion")).to_contain_text("apt-get install libimage-exiftool-perl")
    expect(page.get_by_role("button", name="Ask for a second opinion")).to_have_count(0)


def test_five_thousand_tags_are_searched_at_once(page_as: Open, log: Any, investigator: Any) -> None:
    item = log("T01_lighthouse_evening.jpg")
    tags = [{"group": "Test", "name": f"Tag{number}", "value": f"value {number}"} for number in range(5000)]
    MetadataReading.objects.filter(media_file__media_item=item, reader="walker").update(raw_tags=tags)
    page = page_as(investigator)
    page.goto(_address(item))
    assert page.locator("#raw-tags tbody tr").count() == 0  # the page itself carries none of them
    page.get_by_text("All 5000 tags as the file holds them").click()
    expect(page.locator("#raw-tags tbody tr")).to_have_count(5000)
    page.get_by_label("Find in the tags").fill("value 4321")
    expect(page.locator("#raw-tags tbody tr:visible")).to_have_count(1)
    took_ms = page.evaluate(
        """() => { const input = document.querySelector("[data-tag-filter]"); const from = performance.now();
        input.value = "12"; input.dispatchEvent(new Event("input", { bubbles: true }));
        return performance.now() - from; }"""
    )
    assert took_ms < 250  # what a person takes for at once, on a busy machine


@pytest.mark.parametrize(("width", "height"), VIEWS)
def test_the_pages_are_whole_by_day_and_night_on_desk_and_telephone(
    page_as: Open, log: Any, investigator: Any, axe: Any, width: int, height: int
) -> None:
    items = {
        "everything": log("everything.jpg", media_files.everything()),
        "nothing": log("nothing.png", media_files.nothing()),
        "track": log("T11_on_the_way.mp4"),
        "raster": log("T05_from_above.tif"),
        "spoiled": log("spoiled.jpg", media_files.spoiled()),
    }
    page = page_as(investigator, width=width, height=height)
    for name, item in items.items():
        page.goto(_address(item))
        if width < 700:
            page.get_by_role("tab", name="What is said of it").click()
        page.locator("#reading-heading").scroll_into_view_if_needed()
        if page.locator("[data-said-map]").count():
            _map_is_drawn(page)
        assert faults(page, axe, f"says-{name}") == []
