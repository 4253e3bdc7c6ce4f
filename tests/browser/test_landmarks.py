"""Landmarks in a real browser: marked in a picture whose truth is known, solved, taken over, reviewed."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files import File
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from evidence.models import Investigation, MediaItem, MetadataReading, ReadingState
from evidence.services.ingest import original_store
from evidence.services.media import media_log_file
from evidence.services.reading import reading_run
from geolocation.coordinates.position import Position
from geolocation.geodesy import distance_m
from geolocation.models import Geolocation
from geolocation.resection import Resection
from geolocation.services.geolocations import geolocation_propose
from tests.browser.looking import keep_picture
from tests.browser.maps import settled
from tests.geolocation.conftest import a_proposal
from tests.geolocation.landmarks import CAMERA, four_landmarks

pytestmark = pytest.mark.django_db(transaction=True)

PageAs = Callable[..., Page]


def picture_of(pixels: list[tuple[float, float]]) -> bytes:
    """A flat scene with a post at each pixel."""
    image = Image.new("RGB", (CAMERA.width_px, CAMERA.height_px), "#b9c7d3")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 450, 1600, 900), fill="#8d9478")
    for x, y in pixels:
        pen.line((x, y - 90, x, y), fill="#30343a", width=7)
        pen.ellipse((x - 9, y - 9, x + 9, y + 9), fill="#c8452f")
    packed = BytesIO()
    image.save(packed, "JPEG", quality=90)
    return packed.getvalue()


@pytest.fixture
def item(investigation: Investigation, investigator: Any) -> MediaItem:
    pixels = [(each.x_px or 0, each.y_px or 0) for each in four_landmarks().given]
    stored = original_store(File(BytesIO(picture_of(pixels)), "posts.jpg"))
    logged = media_log_file(actor=investigator, investigation=investigation, stored=stored)
    for reading in MetadataReading.objects.filter(state=ReadingState.WAITING):
        reading_run(reading_id=reading.pk)
    return logged.item


def _open(page: Page, item: MediaItem) -> None:
    page.goto(f"/{item.investigation.code}/media/{item.reference}/geolocate/")
    expect(page.locator("[data-placing-map][data-ready]")).to_be_visible(timeout=30_000)
    page.locator("[data-landmarks] > summary").click()


def _click_picture(page: Page, x: float, y: float) -> None:
    box = page.locator(".pane-media .viewer img").bounding_box()
    assert box is not None
    scale = min(box["width"] / CAMERA.width_px, box["height"] / CAMERA.height_px)
    left = box["x"] + (box["width"] - CAMERA.width_px * scale) / 2
    top = box["y"] + (box["height"] - CAMERA.height_px * scale) / 2
    page.mouse.click(left + x * scale, top + y * scale)


def _click_map(page: Page, position: Position) -> None:
    page.evaluate(
        """([longitude, latitude]) => document.querySelector("[data-placing-map]")
            .placingMap.jumpTo({center: [longitude + 0.0005, latitude], zoom: 17})""",
        [position.longitude, position.latitude],
    )
    point = page.evaluate(
        """([longitude, latitude]) => {
            const frame = document.querySelector("[data-placing-map]");
            const {x, y} = frame.placingMap.project([longitude, latitude]);
            const box = frame.getBoundingClientRect();
            return [box.left + x, box.top + y];
        }""",
        [position.longitude, position.latitude],
    )
    page.mouse.click(*point)


def _add_landmarks(page: Page) -> None:
    for at, landmark in enumerate(four_landmarks().given):
        page.get_by_role("button", name="Add a landmark").click()
        row = page.locator("[data-landmark]").nth(at)
        row.locator("[name$=-label]").fill(landmark.label)
        row.get_by_role("button", name="In the picture").click()
        expect(page.locator("[data-tool-words]")).to_contain_text("Click the feature in the picture")
        _click_picture(page, landmark.x_px or 0, landmark.y_px or 0)
        expect(row.locator("[name$=-x_px]")).not_to_have_value("")
        assert landmark.position is not None
        if at == 0:
            row.get_by_role("button", name="On the map").click()
            _click_map(page, landmark.position)
            expect(row.locator("[name$=-position]")).not_to_have_value("")
        else:
            text = f"{landmark.position.latitude:.6f}, {landmark.position.longitude:.6f}"
            row.locator("[name$=-position]").fill(text)
        row.locator("[name$=-uncertainty_m]").fill("2")


def test_landmarks_are_marked_solved_taken_over_and_reviewed(
    page_as: PageAs, item: MediaItem, investigator: Any, reviewer: Any, axe: Any
) -> None:
    page = page_as(investigator)
    _open(page, item)
    _add_landmarks(page)
    page.get_by_role("button", name="Solve for the camera").click()

    found = page.locator("[data-resection]")
    expect(found).to_contain_text("The camera stood within an ellipse of")
    expect(found.locator("tbody tr")).to_have_count(4)
    # Solved is not taken over: the camera's field is still empty, and nothing is saved.
    expect(page.locator("[name=camera]")).to_have_value("")
    assert not Geolocation.objects.exists()
    assert axe(page) == []
    keep_picture(page, "landmarks-solved")
    page.emulate_media(color_scheme="dark")
    keep_picture(page, "landmarks-solved-dark")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("tab", name="Statement").click()
    expect(found).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert axe(page) == []
    found.scroll_into_view_if_needed()
    keep_picture(page, "landmarks-solved-390-dark")
    page.emulate_media(color_scheme="light")
    page.locator("[data-landmark]").first.scroll_into_view_if_needed()
    keep_picture(page, "landmarks-rows-390")
    page.set_viewport_size({"width": 1440, "height": 900})

    found.get_by_role("button", name="Take over").first.click()
    expect(page.get_by_role("button", name="Camera position: arrow keys move it")).to_be_visible()
    latitude, longitude = map(float, page.locator("[name=camera]").input_value().split(", "))
    # A click is good to a pixel of the screen, about three of the picture.
    assert distance_m(Position(latitude, longitude), CAMERA.position) < 10
    assert float(page.locator("[name=bearing_deg]").input_value()) == pytest.approx(75, abs=1.0)
    assert float(page.locator("[name=field_of_view_deg]").input_value()) == pytest.approx(62, abs=3.0)

    page.get_by_label("Method").select_option("landmarks")
    page.get_by_label("Reasoning").fill("Mast, chapel, silo and gate as seen from the road.")
    page.get_by_role("button", name="Submit for review").click()
    expect(page.get_by_text("Submitted for review.")).to_be_visible()
    revision = Geolocation.objects.get().current_revision
    assert revision is not None
    assert [each.label for each in revision.landmarks.all()] == ["Mast", "Chapel", "Silo", "Gate"]
    assert revision.resection is not None
    stored = Resection.from_json(revision.resection["result"])
    assert stored.camera is not None
    assert distance_m(stored.camera.position, CAMERA.position) < 10
    expect(page.locator("[data-geolocation-map][data-ready]")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="1 Mast")).to_be_visible()
    assert axe(page) == []
    keep_picture(page, "landmarks-detail")

    page = page_as(reviewer)
    page.goto(f"/{item.investigation.code}/review/{Geolocation.objects.get().reference}/")
    expect(page.locator("[data-review-map][data-ready]")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("The camera stood within an ellipse of")).to_be_visible()
    expect(page.get_by_role("button", name="Take over")).to_have_count(0)
    expect(page.locator(".pane-review-media .number-mark")).to_have_text(["1", "2", "3", "4"])
    assert axe(page) == []
    keep_picture(page, "landmarks-review")
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    keep_picture(page, "landmarks-review-390-dark")


def test_what_cannot_be_solved_says_why_and_keeps_every_word(
    page_as: PageAs, item: MediaItem, investigator: Any
) -> None:
    page = page_as(investigator)
    _open(page, item)
    page.get_by_role("button", name="Add a landmark").click()
    row = page.locator("[data-landmark]").first
    row.locator("[name$=-label]").fill("Mast")
    row.locator("[name$=-position]").fill("133.2, 39.8")
    expect(row.locator("[name$=-position]")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Solve for the camera").click()
    expect(page.locator("[data-resection-none]")).to_contain_text("has to be corrected first")
    expect(page.locator("[data-solve-error]")).to_contain_text("is not on Earth")

    row.locator("[name$=-position]").fill("39.8, 46.7")
    page.get_by_role("button", name="Solve for the camera").click()
    expect(page.locator("[data-resection-none]")).to_contain_text("mark it in the picture")
    row.locator("[name$=-x_px]").fill("800")
    row.locator("[name$=-y_px]").fill("450")
    page.get_by_role("button", name="Solve for the camera").click()
    expect(page.locator("[data-resection-none]")).to_contain_text("Three landmarks are needed")
    expect(row.locator("[name$=-label]")).to_have_value("Mast")


def test_marks_move_by_keyboard_and_numbers(page_as: PageAs, item: MediaItem, investigator: Any) -> None:
    page = page_as(investigator)
    _open(page, item)
    page.get_by_role("button", name="Add a landmark").click()
    row = page.locator("[data-landmark]").first
    row.locator("[name$=-label]").fill("Mast")
    row.locator("[name$=-x_px]").fill("800")
    row.locator("[name$=-y_px]").fill("450")
    mark = page.locator(".picture-marks").get_by_role("button", name="1 Mast: arrow keys move it")
    mark.focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowUp")

    expect(row.locator("[name$=-x_px]")).to_have_value("810")
    expect(row.locator("[name$=-y_px]")).to_have_value("449")

    box = mark.bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 30, middle[1], steps=3)
    page.mouse.up()
    shown_px = page.locator(".pane-media .viewer img").bounding_box()
    assert shown_px is not None
    scale = min(shown_px["width"] / CAMERA.width_px, shown_px["height"] / CAMERA.height_px)
    assert float(row.locator("[name$=-x_px]").input_value()) == pytest.approx(810 + 30 / scale, abs=0.2)

    row.locator("[name$=-position]").fill("39.8, 46.75")
    place = page.locator("[data-placing-map]").get_by_role("button", name="1 Mast: arrow keys move it")
    page.evaluate(
        """() => document.querySelector("[data-placing-map]")
            .placingMap.jumpTo({center: [46.75, 39.8], zoom: 16})"""
    )
    place.focus()
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Shift+ArrowUp")
    latitude, longitude = map(float, row.locator("[name$=-position]").input_value().split(", "))
    assert latitude > 39.8001
    assert longitude == pytest.approx(46.75, abs=2e-5)


def test_a_subject_area_is_drawn_and_kept(
    page_as: PageAs, item: MediaItem, investigator: Any, axe: Any
) -> None:
    page = page_as(investigator)
    _open(page, item)
    page.locator("[name=camera]").fill("39.8, 46.75")
    page.locator("[name=camera_uncertainty_m]").fill("15")
    page.locator("[data-area] > summary").click()
    page.get_by_role("button", name="Draw it on the map").click()
    settled(page, "camera")  # else the map could glide to the camera between two clicks
    clicked = (Position(39.8, 46.76), Position(39.8, 46.761), Position(39.801, 46.7605))
    for corners, position in enumerate(clicked, start=1):
        _click_map(page, position)
        expect(page.locator("[name=subject_area]")).to_have_value(
            re.compile(rf"^(\S+, \S+\n?){{{corners}}}$")
        )
    assert axe(page) == []
    page.get_by_label("Method").select_option("landmarks")
    page.get_by_label("Reasoning").fill("The field between the road and the river.")
    page.get_by_role("button", name="Save draft").click()

    expect(page.get_by_text("3 corners, drawn on the map")).to_be_visible()
    revision = Geolocation.objects.get().current_revision
    assert revision is not None
    assert revision.subject_area.num_points == 4


def test_without_javascript_landmarks_are_typed_solved_and_taken_over(
    page_as: PageAs, item: MediaItem, investigator: Any
) -> None:
    page = page_as(investigator, java_script_enabled=False)
    page.goto(f"/{item.investigation.code}/media/{item.reference}/geolocate/")
    page.locator("[data-landmarks] > summary").click()
    for at, landmark in enumerate(four_landmarks().given):
        assert landmark.position is not None
        page.locator(f"[name=landmarks-{at}-label]").fill(landmark.label)
        page.locator(f"[name=landmarks-{at}-x_px]").fill(f"{landmark.x_px:.1f}")
        page.locator(f"[name=landmarks-{at}-y_px]").fill(f"{landmark.y_px:.1f}")
        text = f"{landmark.position.latitude:.6f}, {landmark.position.longitude:.6f}"
        page.locator(f"[name=landmarks-{at}-position]").fill(text)
    page.get_by_role("button", name="Solve for the camera").click()
    expect(page.get_by_text("The camera stood within an ellipse of")).to_be_visible()
    page.get_by_role("button", name="Take over").first.click()

    latitude, longitude = map(float, page.locator("[name=camera]").input_value().split(", "))
    assert distance_m(Position(latitude, longitude), CAMERA.position) < 1
    assert page.locator("[name=bearing_deg]").input_value().startswith(("74.9", "75.0"))
    assert not Geolocation.objects.exists()


def test_a_viewer_reaches_neither_form_nor_solver_but_sees_what_is_kept(
    page_as: PageAs, item: MediaItem, investigator: Any, viewer: Any
) -> None:
    made = geolocation_propose(
        actor=investigator, media_item=item, proposal=a_proposal(landmarks=four_landmarks()), submit=True
    )
    page = page_as(viewer)
    page.expected_statuses.add(403)  # type: ignore[attr-defined]
    answer = page.goto(f"/{item.investigation.code}/media/{item.reference}/geolocate/")
    assert answer is not None
    assert answer.status == 403
    page.goto(f"/{item.investigation.code}/geolocations/{made.reference}/")
    expect(page.get_by_text("The camera stood within an ellipse of")).to_be_visible()
    expect(page.get_by_role("button", name="Take over")).to_have_count(0)
    status = page.evaluate(
        """(url) => fetch(url, {method: "POST", headers: {"X-CSRFToken":
            document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? ""}}).then(answer => answer.status)""",
        f"/{item.investigation.code}/media/{item.reference}/resection/",
    )
    assert status == 403
