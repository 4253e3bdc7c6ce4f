"""A member has a file made in the background, watches it, takes it, and is told what left it."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from geolocation.models import ExportJob, VerifiedPoint
from geolocation.services.export_making import export_claim, export_run
from geolocation.services.geolocations import geolocation_retract
from tests.browser.looking import VIEWS, faults
from tests.geolocation.api.conftest import published, verified

__all__ = ["published", "verified"]

pytestmark = pytest.mark.django_db(transaction=True)


def _looked_at(page: Page, axe: Any, name: str) -> list[str]:
    found = []
    for width, height in VIEWS:
        page.set_viewport_size({"width": width, "height": height})
        found += faults(page, axe, name)
    page.set_viewport_size({"width": VIEWS[0][0], "height": VIEWS[0][1]})
    return found


def _asked_for(page: Page) -> ExportJob:
    """From the table of the points to the page of the job."""
    page.goto("/TEST1/points/?q=avenue")
    page.locator(".exports__menu > summary").click()
    page.get_by_role("link", name="In the background").click()
    expect(page.get_by_text("1 point now")).to_be_visible()
    expect(page.get_by_role("radio", name="GeoPackage")).to_be_checked()
    page.get_by_role("radio", name="CSV").check()
    page.get_by_role("button", name="Make the file").click()
    expect(page.get_by_role("heading", name="Verified points as CSV")).to_be_visible()
    return ExportJob.objects.get()


def test_a_file_is_asked_for_watched_taken_and_known_to_be_old(
    page_as: Any, axe: Any, verified: Any, viewer: Any, editor: Any
) -> None:
    verified(39.82, 46.75, title="Column on the avenue")
    verified(39.83, 46.76, title="Terminal")
    page = page_as(viewer)
    job = _asked_for(page)
    expect(page.get_by_text("Waiting for a worker")).to_be_visible()
    wrong = _looked_at(page, axe, "export-waiting")
    assert export_claim(job_id=job.pk) is not None
    ExportJob.objects.update(rows_done=400_000, rows_of=700_000)
    expect(page.get_by_text("400,000 of 700,000 points")).to_be_visible()
    wrong += _looked_at(page, axe, "export-running")
    page.goto("/exports/")
    wrong += _looked_at(page, axe, "exports-running")
    ExportJob.objects.update(state="queued", lease_until=None)
    export_run(job_id=job.pk)
    # Nobody touched the page: it asked by itself.
    expect(page.get_by_text("Ready")).to_be_visible()
    wrong += _looked_at(page, axe, "exports-ready")
    page.get_by_role("link", name="CSV").click()
    job.refresh_from_db()
    expect(page.get_by_text(job.sha256)).to_be_visible()
    expect(page.locator(f'[data-copy="{job.sha256}"]')).to_be_visible()
    wrong += _looked_at(page, axe, "export-ready")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download").click()
    assert hashlib.sha256(waiting.value.path().read_bytes()).hexdigest() == job.sha256
    assert waiting.value.suggested_filename.startswith("verified-points-test1-")

    point = VerifiedPoint.objects.get(title="Column on the avenue")
    geolocation_retract(actor=editor, geolocation=point.geolocation, reason="The mast is another one.")
    page.reload()
    expect(page.get_by_text("1 of its points is not verified any more.").first).to_be_visible()
    wrong += _looked_at(page, axe, "export-left")
    other = page_as(editor)
    other.expected_statuses.add(404)
    other.goto(f"/exports/{job.uid}/")
    expect(other.get_by_text("There is no such export, or you may not read it.")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("It is deleted.")).to_be_visible()
    assert not ExportJob.objects.exists()
    assert wrong == []


def test_a_filter_that_does_not_fit_is_refused_with_what_to_do(
    page_as: Any, axe: Any, investigation: Any, viewer: Any
) -> None:
    page = page_as(viewer)
    page.goto("/exports/new/?bbox=1,2&format=kml")
    expect(page.get_by_text("four numbers, not 2")).to_be_visible()
    assert _looked_at(page, axe, "export-refused") == []
    page.goto("/exports/new/?investigation=NEVER&format=kml")
    page.get_by_role("button", name="Make the file").click()
    expect(page.get_by_text("There is no investigation “NEVER” whose points you may read.")).to_be_visible()
    expect(page.get_by_role("radio", name="KML Google Earth, with its")).to_be_checked()
    assert not ExportJob.objects.exists()


def test_without_scripts_it_is_asked_for_cancelled_and_read_by_loading_again(
    page_as: Any, verified: Any, viewer: Any
) -> None:
    verified(39.82, 46.75, title="Column on the avenue")
    page = page_as(viewer, java_script_enabled=False)
    page.goto("/exports/new/")
    page.get_by_role("button", name="Make the file").click()
    page.get_by_role("link", name="Load the page again").click()
    expect(page.get_by_text("Waiting for a worker")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("It is cancelled.")).to_be_visible()
    assert ExportJob.objects.get().state == "cancelled"


def test_nobody_without_an_account_is_offered_one(page_as: Any, verified: Any, published: Any) -> None:
    verified(39.82, 46.75, title="Column on the avenue")
    page = page_as(None)
    page.goto("/points/")
    page.locator(".exports__menu > summary").click()
    expect(page.locator(".exports__panel").get_by_text("GeoPackage")).to_be_visible()
    expect(page.get_by_role("link", name="In the background")).to_have_count(0)
