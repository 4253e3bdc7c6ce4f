"""From a posted photo to a verified point that a client reads: three people, and a fourth who may not.

The worker is a real one, in a thread of this process, fed through the broker of the environment by a queue
of its own: nothing is called in its place.
"""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest
from celery import Celery, current_app, signals
from celery.contrib.testing.worker import start_worker
from django.db import connections
from playwright.sync_api import Page, expect

from evidence.models import Investigation
from evidence.services.custody import custody_verify
from geolocation.models import VerifiedPoint
from tests.browser.maps import drag, settled
from tests.training_files import copy_training_files

PageAs = Callable[..., Page]
CODE = "QUAY25"
PASSWORD = "a long password of a test"
REASONING = "The lighthouse stands right of the chapel's gable, and the pier's end lies below it."


@pytest.fixture
def _own_queue(transactional_db: None, _own_files: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Instead of the fixture of the same name: a worker that takes what the pages put off, from any lane."""
    app = current_app
    queue = f"test-{uuid4().hex}"
    send = Celery.send_task
    monkeypatch.setattr(
        Celery, "send_task", lambda self, name, *args, **kw: send(self, name, *args, **{**kw, "queue": queue})
    )
    before = (app.conf.task_default_queue, app.conf.broker_url)
    app.conf.task_default_queue = queue
    app.conf.broker_url = app.conf.broker_url or "memory://"
    signals.task_postrun.connect(_disconnect)
    with start_worker(app, pool="solo", concurrency=1, perform_ping_check=False, queues=[queue]):
        yield
    signals.task_postrun.disconnect(_disconnect)
    with app.connection_for_write() as broker:
        broker.default_channel.queue_delete(queue)
    app.conf.task_default_queue, app.conf.broker_url = before


def _disconnect(**kwargs: Any) -> None:
    """The worker's thread keeps no session in the test database, which is emptied and dropped."""
    connections.close_all()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    copy_training_files(tmp_path / "training")
    return tmp_path / "training" / "T01_lighthouse_evening.jpg"


def _sign_in(page: Page, email: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your investigations")


def _invite(page: Page, email: str, role: str) -> str:
    """The link of the invitation, which the editor is shown once."""
    page.goto(f"/{CODE}/members/")
    form = page.locator("form", has=page.get_by_role("button", name="Send the invitation"))
    form.get_by_label("E-mail address").fill(email)
    form.get_by_label("Role").select_option(role)
    form.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("heading", name="The invitation's link")).to_be_visible()
    return page.locator("code.token").inner_text()


def _client(url: str, token: str = "", path: str = "") -> tuple[int, bytes]:
    request = urllib.request.Request(url + path)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read()


@pytest.mark.django_db(transaction=True)
def test_from_a_posted_photo_to_a_verified_point_that_a_client_reads(
    page_as: PageAs,
    live_server: Any,
    settings: Any,
    photo: Path,
    editor: Any,
    reviewer: Any,
    stranger: Any,
) -> None:
    settings.SITE_URL = live_server.url
    edda, ines, rui, stan = (page_as(None) for _person in range(4))
    investigator = _people_come_in(edda, ines, rui, stan, reviewer, editor, stranger)
    _media_is_logged_and_read(ines, photo)
    geolocation = _it_is_geolocated(ines)
    _it_is_checked_and_its_author_cannot_decide(ines, geolocation)
    _a_stranger_finds_nothing(stan, geolocation)
    _it_is_reviewed(rui, geolocation)
    uid, token = _it_is_read_by_clients(edda, live_server.url)
    _it_speaks_to_a_claim(ines, rui)
    _a_new_revision_takes_it_out_at_once(ines, edda, geolocation, live_server.url, uid, token)
    _the_log_of_it_holds(edda)
    assert str(investigator) == "Ines New"


def _people_come_in(
    edda: Page, ines: Page, rui: Page, stan: Page, reviewer: Any, editor: Any, stranger: Any
) -> Any:
    """Step 1: sign in by the form; the editor opens an investigation and invites two people."""
    _sign_in(edda, editor.email)
    edda.get_by_role("link", name="Open an investigation").first.click()
    edda.get_by_label("Code").fill(CODE)
    edda.get_by_label("Title").fill("The harbour exercise")
    edda.get_by_role("button", name="Open the investigation").click()
    expect(edda).to_have_url(re.compile(f"/{CODE}/"))

    # A person without an account makes one by the link; one with an account signs in on the way.
    ines.goto(_invite(edda, "ines.new@example.org", "investigator"))
    ines.get_by_label("Name").fill("Ines New")
    ines.get_by_label("Password").fill(PASSWORD)
    ines.get_by_role("button", name="Make my account and accept").click()
    expect(ines.get_by_text(f"You belong to {CODE} now.")).to_be_visible()
    rui.goto(_invite(edda, reviewer.email, "reviewer"))
    rui.get_by_role("link", name="Sign in to accept").click()
    rui.get_by_label("Email").fill(reviewer.email)
    rui.get_by_label("Password").fill(PASSWORD)
    rui.keyboard.press("Enter")
    rui.get_by_role("button", name="Accept the invitation").click()
    expect(rui.get_by_text(f"You belong to {CODE} now.")).to_be_visible()
    _sign_in(stan, stranger.email)
    return Investigation.objects.get(code=CODE).memberships.get(role="investigator").user


def _media_is_logged_and_read(ines: Page, photo: Path) -> None:
    """Steps 2 and 3: a link, a dropped file with its progress, and what the worker reads of it."""
    ines.get_by_role("navigation", name="Investigation").get_by_role("link", name="Log").click()
    ines.get_by_role("textbox", name="Links").fill("https://twitter.com/somebody/status/1704732800000000000")
    ines.get_by_role("button", name="Log", exact=True).click()
    expect(ines.locator(".logged__line a.code")).to_have_text("M01")
    ines.get_by_label("Drop videos and pictures here").set_input_files(photo)
    expect(ines.locator(".upload progress, .upload [role=progressbar]")).to_have_count(1)
    ines.locator(".upload__name a", has_text="M02").click()
    # Nobody touches the page: the worker finishes, and the page asks for it.
    expect(ines.locator("#reading")).to_contain_text("from true north", timeout=60_000)
    expect(ines.locator("#viewer img.viewer__media")).to_be_visible(timeout=60_000)


def _it_is_geolocated(ines: Page) -> str:
    """Step 4: a refused text, the reading that was meant, real coordinates, a drag, and it is submitted."""
    ines.goto(f"/{CODE}/media/M02/geolocate/")
    expect(ines.locator("[data-placing-map][data-ready]")).to_be_visible(timeout=60_000)
    camera, echo = ines.get_by_role("textbox", name="Camera position"), ines.locator('[data-echo="camera"]')
    camera.fill("133.2, 39.8")
    expect(echo).to_contain_text("is not on Earth")
    echo.get_by_role("button", name="lat 39.8, lon 133.2").click()
    expect(echo).to_contain_text("39.8000000, 133.2000000")
    for button in ines.get_by_role("button", name="Use this").all():
        button.click()
    expect(echo).to_contain_text("decimal degrees")
    typed = camera.input_value()
    marker = ines.get_by_role("button", name="Camera position: arrow keys move it")
    expect(marker).to_be_visible()
    settled(ines, "camera")
    drag(ines, marker, 6, -4)
    expect(camera).not_to_have_value(typed)
    ines.get_by_label("± metres uncertainty of the Camera position").fill("30")
    ines.get_by_label("Method").select_option("landmarks")
    ines.get_by_label("Reasoning").fill(REASONING)
    ines.get_by_role("button", name="Submit for review").click()
    expect(ines.get_by_text("Submitted for review. The checks are running.")).to_be_visible()
    return ines.url.rstrip("/").split("/")[-1]


def _it_is_checked_and_its_author_cannot_decide(ines: Page, geolocation: str) -> None:
    """Step 5, and the promise: its author is told that somebody else decides."""
    expect(ines.locator("#checks[data-checks=settled] .check").first).to_be_visible(timeout=60_000)
    expect(ines.locator("#checks")).to_contain_text(re.compile(r"\d+(\.\d+)? (m|km)\b"))
    ines.goto(f"/{CODE}/review/{geolocation}/")
    expect(ines.get_by_text("You wrote this revision, so somebody else has to decide on it.")).to_be_visible()
    expect(ines.get_by_role("button", name="Approve")).to_have_count(0)


def _a_stranger_finds_nothing(stan: Page, geolocation: str) -> None:
    stan.expected_statuses.add(404)  # type: ignore[attr-defined]
    digest = Investigation.objects.get(code=CODE).media_items.get(reference="M02").files.first()
    assert digest is not None
    for path in (
        "",
        "media/",
        "media/M02/",
        f"files/{digest.sha256}/",
        f"geolocations/{geolocation}/",
        f"review/{geolocation}/",
        "claims/",
        "points/",
        "custody/",
        "members/",
    ):
        answer = stan.goto(f"/{CODE}/{path}")
        assert answer is not None
        assert answer.status == 404, path
        assert "harbour exercise" not in stan.content()


def _it_is_reviewed(rui: Page, geolocation: str) -> None:
    """Step 6: from the queue to the decision, with every question answered."""
    rui.goto(f"/{CODE}/review/")
    rui.get_by_role("link", name="Review the next one").click()
    expect(rui.locator("[data-review-map][data-ready]")).to_be_visible(timeout=60_000)
    for group in rui.locator("fieldset.item").all():
        group.get_by_label("Yes").check()
    rui.get_by_label("Reason").fill("The gable and the pier's end line up from here only.")
    rui.get_by_role("button", name="Approve").click()
    expect(rui.get_by_text(f"{geolocation} is verified, and its point is in the exports.")).to_be_visible()


def _it_is_read_by_clients(edda: Page, url: str) -> tuple[str, str]:
    """Step 8: map and table, the exports of the page, and REST with a token made on the tokens page."""
    edda.goto(f"/{CODE}/points/")
    expect(edda.locator("tr[data-latitude]")).to_have_count(1)
    expect(edda.locator("[data-points-map][data-ready]")).to_be_visible(timeout=60_000)
    point = VerifiedPoint.objects.get()
    edda.locator("nav.exports summary").click()
    hrefs = {
        name: edda.locator("nav.exports a", has=edda.get_by_text(name, exact=True)).get_attribute("href")
        for name in ("GeoJSON", "CSV")
    }
    geojson = orjson.loads(edda.request.get(str(hrefs["GeoJSON"])).body())
    assert [found["id"] for found in geojson["features"]] == [str(point.uid)]
    assert geojson["features"][0]["geometry"]["coordinates"] == [point.longitude, point.latitude]
    assert str(point.uid) in edda.request.get(str(hrefs["CSV"])).text()

    edda.goto("/account/tokens/")
    edda.get_by_label("Name").fill("QGIS on the office machine")
    edda.get_by_role("button", name="Make the token").click()
    token = edda.locator("#token-secret").inner_text()
    status, body = _client(url, token, "/api/v1/verified-points")
    assert status == 200
    assert [found["id"] for found in orjson.loads(body)["results"]] == [str(point.uid)]
    # Nothing is published: without the token there is nothing.
    assert orjson.loads(_client(url, "", "/api/v1/verified-points")[1])["results"] == []
    assert _client(url, "", f"/api/v1/verified-points/{point.uid}")[0] == 404
    return str(point.uid), token


def _it_speaks_to_a_claim(ines: Page, rui: Page) -> None:
    """Step 7: a claim, the photo that supports it, and the assessment with its reason."""
    ines.goto(f"/{CODE}/claims/add/")
    ines.get_by_role("textbox", name="Statement").fill("A ship lay at the quay in the evening.")
    ines.locator("#id_claimant").fill("Harbour office")
    ines.get_by_role("button", name="Log the claim").click()
    ines.get_by_text("Link a media item").click()
    ines.get_by_role("combobox", name="Media item").select_option(index=2)
    ines.get_by_label("Supports", exact=True).check()
    ines.get_by_role("button", name="Link it").click()
    expect(ines.locator("#evidence .claim__card")).to_have_count(1)
    rui.goto(f"/{CODE}/claims/C01/")
    rui.get_by_label("Supported", exact=True).check()
    rui.locator("#assessment").get_by_label("Reason").fill("The photo shows it, and its place is verified.")
    rui.get_by_role("button", name="Save the assessment").click()
    expect(rui.locator("#assessment")).to_contain_text("The photo shows it, and its place is verified.")


def _a_new_revision_takes_it_out_at_once(
    ines: Page, edda: Page, geolocation: str, url: str, uid: str, token: str
) -> None:
    ines.goto(f"/{CODE}/geolocations/{geolocation}/revise/")
    ines.get_by_label("± metres uncertainty of the Camera position").fill("60")
    ines.get_by_role("button", name="Save the revision and send it to review").click()
    expect(ines.get_by_text("The camera's uncertainty went from 30 m to 60 m.")).to_be_visible()
    status, body = _client(url, token, f"/api/v1/verified-points/{uid}")
    assert status == 410
    assert orjson.loads(body)["tombstone"]["reason"] == "reopened"
    assert orjson.loads(_client(url, token, "/api/v1/verified-points")[1])["results"] == []
    removed = orjson.loads(_client(url, token, "/api/v1/verified-points/removed")[1])["results"]
    assert uid in str(removed)
    edda.expected_statuses.add(410)  # type: ignore[attr-defined]
    answer = edda.goto(f"/points/{uid}/")
    assert answer is not None
    assert answer.status == 410
    edda.goto(f"/{CODE}/points/")
    expect(edda.locator("tr[data-latitude]")).to_have_count(0)


def _the_log_of_it_holds(edda: Page) -> None:
    """Everything above is in the chain, and the chain holds."""
    edda.goto(f"/{CODE}/custody/")
    edda.get_by_role("button", name="Verify the chain").click()
    expect(edda.locator("#verdict")).to_contain_text("The chain holds")
    investigation = Investigation.objects.get(code=CODE)
    assert custody_verify(investigation=investigation).ok
    actions = set(investigation.custody_events.values_list("action", flat=True))
    assert {"file.read", "geolocation.verified", "claim.assessed", "member.added"} <= actions
