"""An editor has a program told and publishes a snapshot; a reviewer may do neither."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from geolocation.models import VerifiedPoint, WebhookDelivery
from geolocation.services.geolocations import geolocation_retract
from geolocation.services.verified_points import points_refresh
from geolocation.services.webhook_sending import deliveries_send
from tests.geolocation.api.conftest import verified
from tests.geolocation.webhooks.receiving import receiver

__all__ = ["verified"]

pytestmark = pytest.mark.django_db(transaction=True)


def _shot(page: Page, name: str) -> None:
    """Keep a picture where a person asked for one, at both widths and by night; no part of the test."""
    if folder := os.environ.get("SCREENSHOTS"):
        before = page.viewport_size
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=str(Path(folder) / f"{name}-{width}.png"), full_page=True)
        page.emulate_media(color_scheme="dark")
        page.screenshot(path=str(Path(folder) / f"{name}-dark.png"), full_page=True)
        page.emulate_media(color_scheme="light")
        if before is not None:
            page.set_viewport_size(before)


def test_a_program_is_told_and_a_snapshot_published(
    page_as: Any, axe: Any, verified: Any, settings: Any, editor: Any, reviewer: Any
) -> None:
    settings.WEBHOOKS_TO_LOOPBACK = True
    verified(39.82, 46.75, title="Column on the avenue")
    page = page_as(editor)
    page.goto("/TEST1/points/")
    page.get_by_role("link", name="Webhooks").click()
    _webhook_named(page, axe)
    page.get_by_role("link", name="Verified points").click()
    page.get_by_role("link", name="Snapshots").click()
    _snapshot_published(page, axe)

    geolocation = VerifiedPoint.objects.get().geolocation
    geolocation_retract(actor=editor, geolocation=geolocation, reason="The mast is another one.")
    page.reload()
    expect(page.get_by_role("heading", name="1 of its points does not stand")).to_be_visible()
    expect(page.get_by_text("The mast is another one.")).to_be_visible()
    assert axe(page) == []
    _shot(page, "snapshot-left")

    other = page_as(reviewer)
    other.expected_statuses.add(403)
    other.goto("/TEST1/points/")
    expect(other.get_by_role("link", name="Snapshots")).to_be_visible()
    expect(other.get_by_role("link", name="Webhooks")).to_have_count(0)
    other.goto("/TEST1/snapshots/")
    expect(other.get_by_role("button", name="Publish the snapshot")).to_have_count(0)
    other.goto("/TEST1/webhooks/")
    expect(other.get_by_text("Your role here is reviewer")).to_be_visible()


def _webhook_named(page: Page, axe: Any) -> None:
    """Refused first, with what was typed kept; then named, told, and sent again from the log."""
    page.get_by_role("textbox", name="Address").fill("https://10.0.0.1/hook")
    page.get_by_role("checkbox", name="a point was verified").uncheck()
    page.get_by_role("button", name="Tell this address").click()
    expect(page.locator("#id_url_error", has_text="private or reserved network")).to_be_visible()
    expect(page.get_by_role("checkbox", name="a point was verified")).not_to_be_checked()
    expect(page.get_by_role("textbox", name="Address")).to_have_value("https://10.0.0.1/hook")
    _shot(page, "webhooks-refused")
    with receiver() as held:
        held.statuses = [503, 200]
        page.get_by_role("textbox", name="Address").fill(held.url)
        page.get_by_role("button", name="Tell this address").click()
        expect(page.get_by_role("heading", name="The secret of the new address")).to_be_visible()
        expect(page.locator("#webhook-secret")).to_contain_text("whsec_")
        assert axe(page) == []
        _shot(page, "webhooks-secret")
        point = VerifiedPoint.objects.get()
        point.media_item.title = "Column on the old avenue"
        point.media_item.save()
        assert points_refresh(item=point.media_item) == 1
        assert deliveries_send() == 1
        page.get_by_role("link", name=held.url).click()
        expect(page.get_by_text("answered 503")).to_be_visible()
        _shot(page, "webhook-log")
        assert axe(page) == []
        page.get_by_role("button", name="Send again").click()
        expect(page.get_by_text("sent again, under the same id")).to_be_visible()
        assert deliveries_send() == 1
        page.reload()
        expect(page.get_by_text("answered 200").first).to_be_visible()
        assert len(held.bodies) == 2
    assert WebhookDelivery.objects.get().state == "delivered"


def _snapshot_published(page: Page, axe: Any) -> None:
    page.get_by_role("textbox", name="Note").fill("What stood at the end of the month.")
    page.get_by_role("button", name="Publish the snapshot").click()
    expect(page.locator("#id_name_error", has_text="Give the snapshot a name")).to_be_visible()
    expect(page.get_by_role("textbox", name="Note")).to_have_value("What stood at the end of the month.")
    page.get_by_role("textbox", name="Name").fill("First release")
    assert axe(page) == []
    _shot(page, "snapshots")
    page.get_by_role("button", name="Publish the snapshot").click()
    expect(page.get_by_role("heading", name="First release")).to_be_visible()
    expect(page.get_by_text("gec/TEST1.1 is published.")).to_be_visible()
    assert axe(page) == []
    _shot(page, "snapshot")
