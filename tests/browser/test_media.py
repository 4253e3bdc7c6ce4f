"""Logging media, watching them being read, and looking at one, in a real browser."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from evidence.models import Investigation, MetadataReading, ReadingState
from evidence.services.reading import reading_run
from evidence.training import generate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="session")
def training(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("training")
    generate(folder)
    return folder


def _read_all() -> None:
    """What the workers would do."""
    for reading in MetadataReading.objects.filter(state=ReadingState.WAITING):
        reading_run(reading_id=reading.pk)


def _shot(page: Page, name: str) -> None:
    """Keep a picture where a person asked for one; no part of the test."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def test_an_investigator_drops_files_and_watches_the_worker_read_them(
    page_as: Callable[..., Page], investigation: Investigation, investigator: Any, training: Path, axe: Any
) -> None:
    page = page_as(investigator)
    page.goto(f"/{investigation.code}/log/")
    assert axe(page) == []
    page.get_by_label("Drop videos and pictures here").set_input_files(
        [training / "T01_lighthouse_evening.jpg", training / "T04_panorama.mp4"]
    )
    expect(page.locator(".upload a.code, .upload .upload__name a")).to_have_count(2)
    _shot(page, "log-uploaded")
    page.locator(".upload__name a", has_text="M01").click()
    expect(page.locator("#reading")).to_contain_text("Waiting for a worker")
    _shot(page, "detail-waiting")
    _read_all()
    # Nobody touches the page: it asks again by itself and then stops asking.
    expect(page.locator("#reading")).to_contain_text("camera clock, offset written beside it")
    expect(page.locator("#reading")).to_contain_text("from true north")
    expect(page.locator("#viewer img.viewer__media")).to_be_visible()
    assert page.locator("#reading").get_attribute("hx-get") is None
    assert axe(page) == []
    _shot(page, "detail-read")
    page.get_by_text("tags as the file holds them").click()
    page.get_by_label("Find in the tags").fill("GPSImgDirection")
    shown = page.locator("#raw-tags tbody tr:visible")
    assert 0 < shown.count() < 5
