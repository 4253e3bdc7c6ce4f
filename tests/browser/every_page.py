"""Every page as it is, with the case and the training exercise in it: accessible, whole, and by itself.

Two test modules look, one a width, so that two processes share the work; each is one test, because the
catalogue is emptied after it. The list of pages is the access table's: whatever an editor may read there and
is a page is looked at here, by day and by night.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page

from evidence.models import (
    FileRole,
    Investigation,
    MediaItem,
    MediaLikeness,
    MetadataReading,
    ReadingState,
)
from evidence.services.appearances import appearance_add
from evidence.services.archived_copies import archived_copy_add, archived_copy_read, archived_copy_store
from evidence.services.intake import batch_of_zip
from evidence.services.intake_zip import batch_run
from evidence.services.investigations import investigation_blind_set
from evidence.services.reading import reading_run
from evidence.storage import media_storage
from geolocation.coordinates.position import Position
from geolocation.models import VerifiedPoint, Webhook, WebhookDelivery, WebhookEvent
from geolocation.services.checks import checks_run
from geolocation.services.geolocations import Placed, geolocation_propose
from geolocation.services.importing import import_check, import_receive
from geolocation.services.snapshots import snapshot_publish
from osint_catalogue.accounts.models import User
from tests.access.table import TABLE
from tests.access.test_access_table import known_addresses, path_of
from tests.browser.looking import CONTRAST
from tests.evidence.zips.hostile import packed
from tests.geolocation.conftest import a_proposal

CASE, TRAINING = "NK23", "TRAINING"
DESK_PX, PHONE_PX = 1440, 390
# Pages that differ in an exercise, where a proposal also waits for its review.
EXERCISED = {
    "evidence:batch-detail",
    "evidence:likeness-compare",
    "evidence:likeness-elsewhere",
    "evidence:likeness-list",
    "evidence:media-tags",
    "evidence:investigation",
    "evidence:media-detail",
    "evidence:claim-detail",
    "geolocation:detail",
    "geolocation:geolocate",
    "geolocation:map",
    "geolocation:review",
    "geolocation:review-queue",
    "geolocation:second-looks",
    "geolocation:shadow",
    "geolocation:blind-round",
}
# The case has links alone, asks for no blind second look, and no two of its recordings look alike.
ONLY_EXERCISED = {
    "evidence:likeness-compare",
    "evidence:likeness-elsewhere",
    "evidence:media-tags",
    "geolocation:blind-round",
}
# Addresses that answer with something else than a page: files, fragments, redirects, JSON.
NO_PAGE = {
    "healthz",
    "readyz",
    "evidence:batch-lines",
    "evidence:batch-report",
    "evidence:copy",
    "evidence:copy-file",
    "evidence:custody-download",
    "evidence:file",
    "evidence:media-readings",
    "geolocation:checks",
    "geolocation:import-errors",
    "geolocation:import-points",
    "geolocation:import-progress",
    "geolocation:parse-position",
    "geolocation:point-citation",
    "geolocation:public-feed",
    "geolocation:resection",
    "geolocation:review-next",
    *(f"geolocation:{whose}{what}" for whose in ("", "investigation-") for what in ("tile", "tiles-json")),
}
PUBLIC = ["account_login", "account_reset_password", "account_signup", "geolocation:public-points"]
MAIN_ACTION = "main .btn--primary"


@cache
def members_pages() -> list[str]:
    """Names of the pages that an editor reads."""
    return [
        name
        for name, row in TABLE.items()
        if name in known_addresses()
        and not name.startswith(("api-", "unnamed", "account_", "mfa_"))
        and name not in NO_PAGE | ONLY_EXERCISED
        and row.access.outcome("editor", "GET") == "200"
        and "secret" not in known_addresses()[name].parts
    ]


def case_and_exercise() -> dict[str, dict[str, Any]]:
    """Load the case and the exercise, with one of its files read and proposed on; values for addresses."""
    call_command("setup_local", verbosity=0, stdout=io.StringIO())
    return {CASE: _case(), TRAINING: _training()}


def _case() -> dict[str, Any]:
    point = VerifiedPoint.objects.filter(investigation__code=CASE).select_related("geolocation")[0]
    verified = point.geolocation.reference
    return {
        "code": CASE,
        "batch": _batch(CASE),
        "import": _import(CASE),
        "media": point.media_reference,
        "claim": "C01",
        "geolocation": verified,
        "verified": verified,
        "point": point.uid,
        "revision number": point.revision.number,
        **_told(point),
    }


def _told(point: VerifiedPoint) -> dict[str, Any]:
    """A webhook with a message that did not arrive, and a snapshot of the points."""
    editor = User.objects.get(email="editor@demo.example")
    webhook = Webhook.objects.create(
        investigation=point.investigation,
        url="https://example.org/hook",
        events=WebhookEvent.values,
        nonce="0" * 64,
        created_by=editor,
        paused_at=point.verified_at,
        pause_reason="A message did not arrive in 9 tries.",
    )
    tried = {"at": "2026-01-01T00:00:00Z", "status": 503, "failure": "", "duration_ms": 40}
    WebhookDelivery.objects.create(
        webhook=webhook,
        event=WebhookEvent.VERIFIED,
        point_uid=point.uid,
        body="{}",
        state="failed",
        attempts=[tried, tried],
    )
    snapshot = snapshot_publish(actor=editor, investigation=point.investigation, name="First release")
    return {"webhook": webhook.pk, "snapshot": snapshot.short_name}


def _batch(code: str) -> str:
    """A ZIP of which one file was taken and one refused."""
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(picture, "JPEG")
    begun, _existed = batch_of_zip(
        actor=User.objects.get(email="investigator@demo.example"),
        investigation=Investigation.objects.get(code=code),
        stored=media_storage().put([packed([("card/1.jpg", picture.getvalue()), ("card/notes.txt", b"x")])]),
        name="card.zip",
    )
    batch_run(batch_id=begun.pk)
    return begun.reference


def _import(code: str) -> str:
    """A file of points with a row of each verdict that a new file can have."""
    actor = User.objects.get(email="investigator@demo.example")
    stored = media_storage().put(
        [
            b"id,lat,lon,title,date\na,39.81,46.75,Made-up bridge,2023-09-20\n"
            b"b,0,0,Nowhere,\nc,99,46.7,Swapped,\n"
        ]
    )
    investigation = Investigation.objects.get(code=code)
    batch, _existed = import_receive(
        actor=actor, investigation=investigation, stored=stored, name="points.csv"
    )
    mapping = {
        "upstream_id": "id",
        "latitude": "lat",
        "longitude": "lon",
        "title": "title",
        "date": "date",
    }
    import_check(actor=actor, batch=batch, mapping=mapping)
    return batch.reference


def _training() -> dict[str, Any]:
    investigation = Investigation.objects.get(code=TRAINING)
    author = User.objects.get(email="investigator@demo.example")
    item = investigation.media_items.get(files__original_name__startswith="T01")
    for reading in MetadataReading.objects.filter(state=ReadingState.WAITING, media_file__media_item=item):
        reading_run(reading_id=reading.pk)
    made = geolocation_propose(actor=author, media_item=item, proposal=a_proposal(), submit=True)
    checks_run(geolocation_id=made.pk)
    _archived_copy(author, item)
    claim = investigation.claims.get()
    return {
        "alike": _alike(investigation, item),
        "round": _blind_rounds(investigation, author),
        "code": TRAINING,
        "batch": _batch(TRAINING),
        "media": item.reference,
        "claim": claim.reference,
        "geolocation": made.reference,
        "verified": made.reference,
        "point": VerifiedPoint.objects.filter(investigation__code=CASE)[0].uid,
    }


def _archived_copy(actor: User, item: MediaItem) -> None:
    """A posting of the recording, with a picture of the page that was read."""
    picture = io.BytesIO()
    Image.new("RGB", (640, 480), "white").save(picture, "PNG")
    kept = archived_copy_add(
        actor=actor,
        appearance=appearance_add(actor=actor, item=item, url="https://example.org/post/1"),
        stored=archived_copy_store(SimpleUploadedFile("page.png", picture.getvalue())),
    )
    archived_copy_read(copy_id=kept.copy.pk)


def _alike(investigation: Investigation, item: MediaItem) -> str:
    """Another item that is said to look like this one; its reference."""
    other = investigation.media_items.get(files__original_name__startswith="T06")
    MediaLikeness.objects.create(
        investigation=investigation,
        item_a=item,
        item_b=other,
        file_a=item.files.get(role=FileRole.ORIGINAL),
        file_b=other.files.get(role=FileRole.ORIGINAL),
        kind="whole",
        score=0.9,
    )
    return str(other.reference)


def _blind_rounds(investigation: Investigation, author: Any) -> str:
    """One recording that wants a second look, and one whose round waits for an editor: its reference."""
    editor = User.objects.get(email="editor@demo.example")
    reviewer = User.objects.get(email="reviewer@demo.example")
    investigation_blind_set(actor=editor, investigation=investigation, on=True)
    wanted, apart = investigation.media_items.filter(geolocations=None).order_by("reference")[:2]
    geolocation_propose(actor=author, media_item=wanted, proposal=a_proposal(), submit=True)
    geolocation_propose(actor=author, media_item=apart, proposal=a_proposal(), submit=True)
    elsewhere = Placed(position=Position(39.83, 46.77), uncertainty_m=40)
    other = a_proposal(camera=elsewhere)
    geolocation_propose(actor=reviewer, media_item=apart, proposal=other, submit=True)
    return str(apart.reference)


def _paths(values: dict[str, Any], names: Iterable[str]) -> list[str]:
    return [path_of(known_addresses()[name], TABLE[name], values) for name in names]


def _faults(page: Page, path: str, axe: Callable[[Page], list[str]], *, width: int) -> Iterator[str]:
    """What is wrong with one page by day, and then with its colours by night."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    answer = page.goto(path)
    assert answer is not None
    if answer.status != 200:
        yield f"status {answer.status}"
        return
    yield from axe(page)
    scrolls = page.evaluate("() => document.scrollingElement.scrollWidth")
    if scrolls > width:
        yield f"scrolls sideways: {scrolls} px in {width}"
    if (headings := page.locator("h1").count()) != 1:
        yield f"{headings} h1"
    if not page.title() or page.title().startswith("·"):
        yield f"title {page.title()!r}"
    if not page.locator("a.skip-link[href='#main']").count():
        yield "no skip link"
    if width == DESK_PX and not _reached_by_tab(page):
        yield "Tab does not reach the main action"
    page.emulate_media(color_scheme="dark")
    for found in page.evaluate(CONTRAST):
        yield f"dark: {found}"


def _reached_by_tab(page: Page) -> bool:
    """Whether Tab comes to the page's main action, where it has one."""
    if not page.locator(MAIN_ACTION).locator("visible=true").count():
        return True
    for _step in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("action => document.activeElement.matches(action)", MAIN_ACTION):
            return True
    return False


def _wrong(page: Page, paths: Iterable[str], axe: Callable[[Page], list[str]], width: int) -> list[str]:
    return [
        f"{width} px {path}: {fault}" for path in paths for fault in _faults(page, path, axe, width=width)
    ]


def faults_of_every_page(
    page_as: Callable[..., Page], catalogue: dict[str, dict[str, Any]], axe: Any, *, width: int
) -> list[str]:
    """Every fault of every page at this width: an editor's pages, and those without a sign-in."""
    members = [
        *_paths(catalogue[CASE], members_pages()),
        *_paths(catalogue[TRAINING], sorted(EXERCISED)),
    ]
    public = [*map(reverse, PUBLIC), reverse("geolocation:point", args=[catalogue[CASE]["point"]])]
    editor = User.objects.get(email="editor@demo.example")
    return [
        *_wrong(page_as(editor, width=width), members, axe, width),
        *_wrong(page_as(None, width=width), public, axe, width),
    ]
