"""Placing camera and subject in a real browser: by typing, by clicking, by dragging, by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files import File
from playwright.sync_api import Locator, Page, expect

from evidence.models import Investigation, MediaItem, MetadataReading, ReadingState
from evidence.services.ingest import original_store
from evidence.services.media import MediaDetails, media_create, media_log_file
from evidence.services.reading import reading_run
from geolocation.models import Geolocation, VerifiedPoint
from geolocation.services.checks import checks_run
from geolocation.services.geolocations import geolocation_propose
from geolocation.services.review import review_decide
from tests.browser.looking import faults, keep_picture
from tests.browser.maps import drag, settled
from tests.geolocation.conftest import ALL_YES, a_proposal
from tests.training_files import copy_training_files

pytestmark = pytest.mark.django_db(transaction=True)

PageAs = Callable[..., Page]
REASONING = "The lighthouse stands right of the chapel's gable, and the pier's end lies below it."


@pytest.fixture(scope="session")
def training(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("training")
    copy_training_files(folder)
    return folder


@pytest.fixture
def read_item(investigation: Investigation, investigator: Any, training: Path) -> Callable[[str], MediaItem]:
    """`read_item(name)`: an item with this file, read by the workers."""

    def log(name: str) -> MediaItem:
        with (training / name).open("rb") as source:
            stored = original_store(File(source, name))
        logged = media_log_file(actor=investigator, investigation=investigation, stored=stored)
        for reading in MetadataReading.objects.filter(state=ReadingState.WAITING):
            reading_run(reading_id=reading.pk)
        return logged.item

    return log


@pytest.fixture
def plain_item(investigation: Investigation, investigator: Any) -> MediaItem:
    return media_create(
        actor=investigator, investigation=investigation, details=MediaDetails(title="Smoke over the quay")
    )


def _open(page: Page, item: MediaItem) -> None:
    page.goto(f"/{item.investigation.code}/media/{item.reference}/geolocate/")


def _map_ready(page: Page) -> None:
    expect(page.locator("[data-placing-map][data-ready]")).to_be_visible(timeout=30_000)


def _text(page: Page, role: str) -> Locator:
    return page.get_by_role("textbox", name=f"{role} position")


def _metres(page: Page, role: str) -> Locator:
    return page.get_by_role("spinbutton", name=f"uncertainty of the {role} position")


def _decimal(text: str) -> tuple[float, float]:
    latitude, longitude = re.findall(r"-?\d+\.\d+", text)
    return float(latitude), float(longitude)


def test_typing_is_echoed_on_page_and_map_and_saved_as_typed(
    page_as: PageAs, read_item: Any, investigator: Any, axe: Any
) -> None:
    item = read_item("T02_from_the_pier.jpg")
    page = page_as(investigator)
    _open(page, item)
    _map_ready(page)
    _text(page, "Camera").fill("39°49'16.4\"N 46°45'30.3\"E")
    echo = page.locator('[data-echo="camera"]')
    expect(echo).to_contain_text("degrees, minutes, seconds: 39.8212222, 46.7584167")
    expect(page.get_by_role("button", name="Camera position: arrow keys move it")).to_be_visible()
    assert not Geolocation.objects.exists()

    _metres(page, "Camera").fill("15")
    _text(page, "Subject").fill("39.899226, 46.787836")
    _metres(page, "Subject").fill("50")
    # 9.02 km and 16.2 degrees: ST_Distance and ST_Azimuth of PostGIS between these two.
    expect(page.locator("[data-sight-words]")).to_have_text("Camera to subject: 9.02 km, 16.2°")
    page.get_by_role("button", name="Use as bearing").click()
    expect(page.get_by_label("Bearing")).to_have_value("16.2")
    page.get_by_label("Field of view").fill("40")
    page.get_by_text("Between two local times").click()
    page.get_by_label("From, local time").fill("2023-09-20T14:00:00")
    page.get_by_role("button", name="Use +04:00").click()
    expect(page.get_by_label("Offset from UTC")).to_have_value("+04:00")
    page.get_by_label("How the time is known").fill("clock seen in the picture")
    page.get_by_label("Method").select_option("landmarks")
    page.get_by_label("Reasoning").fill(REASONING)
    assert axe(page) == []
    keep_picture(page, "geolocate-filled")
    page.get_by_role("button", name="Submit for review").click()

    expect(page.get_by_text("Submitted for review. The checks are running.")).to_be_visible()
    revision = Geolocation.objects.get().current_revision
    assert revision is not None
    assert revision.camera_as_typed == "39°49'16.4\"N 46°45'30.3\"E"
    assert revision.camera_latitude == pytest.approx(39.821222222)
    assert revision.captured_offset_min == 240


def test_the_checks_come_in_by_themselves(
    page_as: PageAs, read_item: Any, investigator: Any, axe: Any
) -> None:
    item = read_item("T01_lighthouse_evening.jpg")
    page = page_as(investigator)
    _open(page, item)
    _map_ready(page)
    for button in page.get_by_role("button", name="Use this").all():
        button.click()
    expect(page.locator('[data-echo="camera"]')).to_contain_text("decimal degrees")
    expect(page.get_by_label("From, local time")).not_to_have_value("")
    expect(page.get_by_label("Offset from UTC")).not_to_have_value("")
    page.get_by_label("Method").select_option("file_position")
    page.get_by_label("Reasoning").fill(REASONING)
    keep_picture(page, "geolocate-file-says")
    page.get_by_role("button", name="Submit for review").click()
    expect(page.get_by_text("Checking…")).to_be_visible()
    keep_picture(page, "detail-checking")
    checks_run(geolocation_id=Geolocation.objects.get().pk)
    # Nobody touches the page: it asks again, and stops asking.
    expect(page.locator("#checks[data-checks=settled] .check").first).to_be_visible(timeout=10_000)
    expect(page.get_by_text("Checking…")).to_have_count(0)
    assert page.locator("#checks").get_attribute("hx-get") is None
    expect(page.locator("[data-geolocation-map][data-ready]")).to_be_visible(timeout=30_000)
    assert axe(page) == []
    keep_picture(page, "detail-checked")


def test_a_refused_text_says_what_it_could_be_and_a_click_settles_it(
    page_as: PageAs, plain_item: MediaItem, investigator: Any, axe: Any
) -> None:
    page = page_as(investigator)
    _open(page, plain_item)
    _map_ready(page)
    camera, echo = _text(page, "Camera"), page.locator('[data-echo="camera"]')
    camera.fill("48,8566,2,3522")
    expect(echo).to_contain_text("A comma here may mark decimals")
    expect(camera).to_have_attribute("aria-invalid", "true")
    assert axe(page) == []
    keep_picture(page, "geolocate-refused")
    echo.get_by_role("button").click()
    expect(camera).to_have_value("lat 48.8566, lon 2.3522")
    expect(echo).to_contain_text("48.8566000, 2.3522000")

    camera.fill("133.2, 39.8")
    expect(echo).to_contain_text("is not on Earth")
    echo.get_by_role("button", name="lat 39.8, lon 133.2").click()
    expect(echo).to_contain_text("39.8000000, 133.2000000")

    camera.fill("39.8 46.7; 40.1 46.9")
    expect(echo.get_by_role("button")).to_have_count(2)
    assert page.url.endswith("/geolocate/")


def test_a_click_places_and_a_drag_moves(page_as: PageAs, plain_item: MediaItem, investigator: Any) -> None:
    page = page_as(investigator)
    _open(page, plain_item)
    _map_ready(page)
    _text(page, "Camera").fill("39.821232, 46.758423")
    marker = page.get_by_role("button", name="Camera position: arrow keys move it")
    expect(marker).to_be_visible()
    settled(page, "camera")
    before = _decimal(_text(page, "Camera").input_value())
    middle = drag(page, marker, 60, 40)
    expect(_text(page, "Camera")).not_to_have_value("39.821232, 46.758423")
    after = _decimal(_text(page, "Camera").input_value())
    assert after[0] > before[0]  # up is north
    assert after[1] > before[1]  # right is east

    page.locator("[data-active-role=subject]").click()
    page.mouse.click(middle[0] - 120, middle[1] + 90)
    expect(page.get_by_role("button", name="Subject position: arrow keys move it")).to_be_visible()
    subject = _decimal(_text(page, "Subject").input_value())
    assert subject[0] < before[0]
    assert subject[1] < before[1]
    expect(page.locator("[data-sight-words]")).to_contain_text("Camera to subject")

    _metres(page, "Camera").fill("20")
    _metres(page, "Subject").fill("35")
    page.get_by_label("Method").select_option("landmarks")
    page.get_by_label("Reasoning").fill(REASONING)
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Saved as a draft.")).to_be_visible()
    revision = Geolocation.objects.get().current_revision
    assert revision is not None
    assert (revision.camera_latitude, revision.camera_longitude) == after


def test_everything_goes_by_keyboard_alone(page_as: PageAs, plain_item: MediaItem, investigator: Any) -> None:
    page = page_as(investigator)
    _open(page, plain_item)
    _map_ready(page)

    def tab_to(name: str) -> None:
        for _step in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("() => document.activeElement.name ?? ''") == name:
                return
        raise AssertionError(f"Tab never reached {name}")

    page.locator("[data-placing] button").first.focus()
    tab_to("camera")
    page.keyboard.type("39.821232, 46.758423")
    page.keyboard.press("Enter")  # reads, does not save
    expect(page.locator('[data-echo="camera"]')).to_contain_text("decimal degrees")
    assert page.url.endswith("/geolocate/")
    tab_to("camera_uncertainty_m")
    page.keyboard.type("15")
    tab_to("method")
    page.keyboard.press("ArrowDown")
    tab_to("reasoning")
    page.keyboard.type(REASONING)

    marker = page.get_by_role("button", name="Camera position: arrow keys move it")
    marker.focus()
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Shift+ArrowRight")
    moved = _decimal(_text(page, "Camera").input_value())
    assert moved[0] > 39.821232
    assert moved[1] > 46.758423

    page.locator("[name=references]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the primary button follows the last field
    expect(page.get_by_text("Submitted for review.")).to_be_visible()
    revision = Geolocation.objects.get().current_revision
    assert revision is not None
    assert revision.camera_latitude == moved[0]


def test_without_webgl_the_form_still_works(
    page_as: PageAs, plain_item: MediaItem, investigator: Any
) -> None:
    page = page_as(investigator)
    page.add_init_script(
        "HTMLCanvasElement.prototype.getContext = new Proxy(HTMLCanvasElement.prototype.getContext, {"
        " apply: (get, canvas, [kind, ...rest]) =>"
        " String(kind).startsWith('webgl') ? null : Reflect.apply(get, canvas, [kind, ...rest]) });"
    )
    _open(page, plain_item)
    expect(page.get_by_text("this browser has no WebGL")).to_be_visible(timeout=30_000)
    _text(page, "Camera").fill("38SPK4981807024")
    expect(page.locator('[data-echo="camera"]')).to_contain_text("MGRS")
    _metres(page, "Camera").fill("15")
    page.get_by_label("Method").select_option("landmarks")
    page.get_by_label("Reasoning").fill(REASONING)
    page.get_by_role("button", name="Submit for review").click()
    expect(page.get_by_text("Submitted for review.")).to_be_visible()


def test_without_javascript_the_form_still_works(
    page_as: PageAs, plain_item: MediaItem, investigator: Any
) -> None:
    page = page_as(investigator, java_script_enabled=False)
    page.expected_statuses.add(422)  # type: ignore[attr-defined]
    _open(page, plain_item)
    _text(page, "Camera").fill("133.2, 39.8")
    _metres(page, "Camera").fill("15")
    page.get_by_label("Method").select_option("landmarks")
    page.get_by_label("Reasoning").fill(REASONING)
    page.get_by_role("button", name="Submit for review").click()
    page.get_by_role("button", name="lat 39.8, lon 133.2").click()
    expect(page.get_by_label("Reasoning")).to_have_value(REASONING)
    page.get_by_role("button", name="Submit for review").click()
    expect(page.get_by_text("Submitted for review.")).to_be_visible()
    revision = Geolocation.objects.get().current_revision
    assert revision is not None
    assert (revision.camera_latitude, revision.camera_longitude) == (39.8, 133.2)


def test_revising_a_verified_one_warns_and_takes_the_point_out(
    page_as: PageAs, plain_item: MediaItem, investigator: Any, reviewer: Any, axe: Any
) -> None:
    made = geolocation_propose(actor=investigator, media_item=plain_item, proposal=a_proposal(), submit=True)
    assert made.current_revision is not None
    review_decide(actor=reviewer, revision=made.current_revision, decision="approve", checklist=ALL_YES)
    page = page_as(investigator)
    page.goto(f"/TEST1/geolocations/{made.reference}/")
    page.get_by_role("link", name="Revise").click()
    expect(page.get_by_role("note").filter(has_text="takes its point out of every export")).to_be_visible()
    _map_ready(page)
    assert axe(page) == []
    _metres(page, "Camera").fill("25")
    page.get_by_role("button", name="Save the revision and send it to review").click()
    expect(page.get_by_text("The camera's uncertainty went from 15 m to 25 m.")).to_be_visible()
    assert not VerifiedPoint.objects.exists()
    expect(page.locator("[data-geolocation-map][data-ready]")).to_be_visible(timeout=30_000)
    assert axe(page) == []
    keep_picture(page, "detail-revised")


def test_the_map_of_everything_shows_table_and_points(
    page_as: PageAs, plain_item: MediaItem, investigator: Any, viewer: Any, axe: Any
) -> None:
    made = geolocation_propose(actor=investigator, media_item=plain_item, proposal=a_proposal(), submit=True)
    page = page_as(viewer)
    page.goto("/TEST1/map/")
    expect(page.locator("[data-everything-map][data-ready]")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("link", name=made.reference)).to_be_visible()
    assert axe(page) == []
    keep_picture(page, "map-everything")


def test_on_a_phone_the_panes_are_tabs_and_nothing_is_lost(
    page_as: PageAs, read_item: Any, investigator: Any, axe: Any
) -> None:
    item = read_item("T01_lighthouse_evening.jpg")
    page = page_as(investigator, width=390, height=844)
    page.on("dialog", lambda dialog: dialog.accept())  # leaves a form half filled on purpose
    _open(page, item)
    _map_ready(page)
    assert faults(page, axe, "phone-map") == []
    page.get_by_role("tab", name="Media").click()
    expect(page.locator(".viewer img")).to_be_visible()
    assert faults(page, axe, "phone-media") == []
    page.get_by_role("tab", name="Statement").click()
    _text(page, "Camera").fill("39.821232, 46.758423")
    expect(page.locator('[data-echo="camera"]')).to_contain_text("decimal degrees")
    assert faults(page, axe, "phone-statement") == []
    made = geolocation_propose(actor=investigator, media_item=item, proposal=a_proposal(), submit=True)
    checks_run(geolocation_id=made.pk)
    page.goto(f"/TEST1/geolocations/{made.reference}/")
    expect(page.locator("[data-geolocation-map][data-ready]")).to_be_visible(timeout=30_000)
    assert faults(page, axe, "phone-detail") == []


def test_a_video_plays_beside_the_map_in_the_dark(
    page_as: PageAs, read_item: Any, investigator: Any, axe: Any
) -> None:
    item = read_item("T04_panorama.mp4")
    page = page_as(investigator, color_scheme="dark")
    _open(page, item)
    _map_ready(page)
    video = page.locator(".viewer video")
    expect(video).to_have_attribute("controls", "")
    page.wait_for_function("() => document.querySelector('.viewer video').readyState >= 1")
    page.get_by_role("button", name="Use this as camera position").click()
    _text(page, "Subject").fill("56.3760, 16.4100")
    expect(page.locator("[data-sight-words]")).to_contain_text("Camera to subject")
    _metres(page, "Camera").fill("60")
    _metres(page, "Subject").fill("40")
    page.get_by_label("Field of view").fill("55")
    settled(page, "camera", "subject")
    assert axe(page) == []
    page.locator(".pane-form").evaluate("(pane) => pane.scrollTo(0, 0)")
    keep_picture(page, "geolocate-video-dark")


def test_sensitive_media_stay_blurred_until_asked(page_as: PageAs, read_item: Any, investigator: Any) -> None:
    item = read_item("T01_lighthouse_evening.jpg")
    MediaItem.objects.filter(pk=item.pk).update(is_sensitive=True)
    page = page_as(investigator)
    _open(page, item)
    cover = page.get_by_role("button", name="Marked sensitive. Show")
    expect(cover).to_be_visible()
    _map_ready(page)
    keep_picture(page, "geolocate-sensitive")
    cover.click()
    expect(cover).to_be_hidden()
