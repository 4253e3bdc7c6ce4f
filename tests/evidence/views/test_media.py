"""Logging, listing and looking at media: who may, what is kept, what is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from evidence.forms.media import posted_understand
from evidence.models import (
    Appearance,
    Investigation,
    MediaFile,
    MediaItem,
    MetadataReading,
    Place,
    ReadingState,
    Source,
)
from evidence.services.appearances import appearance_add
from evidence.services.catalogue import Name, place_add, source_add
from evidence.services.media import MediaDetails, media_create
from osint_catalogue.accounts.models import User
from tests.evidence.services.conftest import picture

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Any], Client]
# The id holds its time: (id >> 22) + 1288834974657 ms is 2023-09-21T05:40:26.659Z.
POST = "https://twitter.com/someone/status/1704732297014460758"


def _url(name: str, *arguments: object) -> str:
    return reverse(f"evidence:{name}", args=["TEST1", *arguments])


@pytest.fixture
def investigator_client(investigation: Investigation, investigator: User, client_of: ClientOf) -> Client:
    return client_of(investigator)


# ---- who may


@pytest.mark.parametrize(
    ("name", "arguments", "viewer_gets"),
    [
        ("media-log", (), 403),
        ("media-list", (), 200),
        ("media-detail", ("M01",), 200),
        ("media-edit", ("M01",), 403),
        ("media-readings", ("M01",), 200),
    ],
)
def test_pages_are_for_members_of_the_right_role(
    media_item: MediaItem,
    investigator: User,
    viewer: User,
    stranger: User,
    client_of: ClientOf,
    name: str,
    arguments: tuple[str, ...],
    viewer_gets: int,
) -> None:
    url = _url(name, *arguments)
    assert client_of(investigator).get(url).status_code == 200
    assert client_of(viewer).get(url).status_code == viewer_gets
    assert client_of(stranger).get(url).status_code == 404
    assert client_of(None).get(url)["Location"].startswith("/account/login/")


@pytest.mark.parametrize("name", ["media-upload", "appearance-add", "reading-retry"])
def test_writing_is_refused_to_viewers_and_strangers(
    media_item: MediaItem, viewer: User, stranger: User, client_of: ClientOf, name: str
) -> None:
    arguments = {"media-upload": (), "appearance-add": ("M01",), "reading-retry": ("M01", 1)}[name]
    assert client_of(viewer).post(_url(name, *arguments)).status_code == 403
    assert client_of(stranger).post(_url(name, *arguments)).status_code == 404
    assert client_of(viewer).get(_url(name, *arguments)).status_code == 405


def test_an_item_of_another_investigation_is_not_found(
    media_item: MediaItem, investigator_client: Client
) -> None:
    assert investigator_client.get(_url("media-detail", "M99")).status_code == 404


# ---- logging links


def test_links_become_items_and_a_known_post_leads_to_the_one_there(investigator_client: Client) -> None:
    first = investigator_client.post(
        _url("media-log"), {"links": POST, "title": "At the junction"}, follow=True
    )
    assert "Logged as M01." in first.content.decode()
    again = investigator_client.post(
        _url("media-log"),
        {"links": f"{POST.replace('twitter.com', 'x.com')}?s=20\nhttps://t.me/channel/12"},
        follow=True,
    )
    page = again.content.decode()
    assert "This post is here already as M01." in page
    assert "Logged as M02." in page
    assert MediaItem.objects.count() == 2


def test_a_refused_line_is_named_and_everything_typed_is_kept(investigator_client: Client) -> None:
    typed = {
        "links": f"{POST}\nnot a link at all",
        "title": "At the junction",
        "kind": "video",
        "description": "Two lines\nof words",
        "author_name": "Somebody new",
        "place_name": "A new place",
        "licence": "CC BY 4.0",
        "is_sensitive": "on",
    }
    response = investigator_client.post(_url("media-log"), typed)
    page = response.content.decode()
    assert response.status_code == 200
    assert "Line 2, “not a link at all”" in page
    assert "nothing was saved" in page
    form = response.context["form"]
    for name, value in typed.items():
        assert form[name].value() == (value if name != "is_sensitive" else True) or name == "is_sensitive"
        if name not in ("is_sensitive", "kind"):
            for part in value.splitlines():
                assert part in page
    assert "checked" in page
    assert not MediaItem.objects.exists()


def test_nothing_given_is_said_and_not_logged(investigator_client: Client) -> None:
    response = investigator_client.post(_url("media-log"), {"links": "  \n "})
    assert "Paste a link or choose a file" in response.content.decode()


def test_a_typed_name_is_the_known_source_and_place_or_a_new_one(
    investigation: Investigation, investigator: User, investigator_client: Client
) -> None:
    known = source_add(actor=investigator, investigation=investigation, name="Marut Vanyan")
    place = place_add(
        actor=investigator,
        investigation=investigation,
        names=[Name(name="Stepanakert"), Name(name="Khankendi", is_shown=True)],
    )
    data = {"author_name": "marut  vanyan", "place_name": "Stepanakert / Khankendi"}
    investigator_client.post(_url("media-log"), {"links": POST, **data})
    item = MediaItem.objects.get()
    assert (item.author, item.place) == (known, place)
    investigator_client.post(
        _url("media-log"),
        {"links": "https://t.me/channel/12", "author_name": "New Person", "place_name": "Khankendi"},
    )
    second = MediaItem.objects.get(reference="M02")
    assert second.author == Source.objects.get(name="New Person")
    assert second.place == place
    assert Place.objects.count() == 1


# ---- files


def _upload(client: Client, content: bytes, name: str = "a.jpg", **more: Any) -> Any:
    return client.post(
        _url("media-upload"),
        {"file": SimpleUploadedFile(name, content), **more},
        headers={"Accept": "application/json"},
    )


def test_an_upload_answers_as_the_page_s_script_expects(investigator_client: Client) -> None:
    answer = _upload(investigator_client, picture(), title="Smoke", is_sensitive="on").json()
    assert answer == {
        "ok": True,
        "url": "/TEST1/media/M01/",
        "reference": "M01",
        "existed": False,
        "sentence": "Stored as M01.",
    }
    item = MediaItem.objects.get()
    assert (item.title, item.kind, item.is_sensitive) == ("Smoke", "photo", True)
    again = _upload(investigator_client, picture(), "other.jpg").json()
    assert (again["existed"], again["reference"]) == (True, "M01")
    assert "here already, in M01" in again["sentence"]
    assert MediaItem.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "is empty"), (b"%PDF-1.7 nothing to see", "not a picture or video")],
)
def test_a_refused_upload_says_why(investigator_client: Client, content: bytes, sentence: str) -> None:
    response = _upload(investigator_client, content)
    assert response.status_code in (400, 415)
    assert response.json()["ok"] is False
    assert sentence in response.json()["sentence"]
    assert not MediaFile.objects.exists()


def test_a_file_is_added_to_an_item_that_is_known_by_its_link(
    media_item: MediaItem, investigator_client: Client
) -> None:
    assert _upload(investigator_client, picture(), item="M01").json()["reference"] == "M01"
    assert _upload(investigator_client, picture("red"), item="M01").json()["ok"]
    assert list(media_item.files.values_list("role", flat=True)) == ["original", "copy"]
    assert MediaItem.objects.count() == 1


def test_without_a_script_files_and_links_go_in_one_form(investigator_client: Client) -> None:
    files = [SimpleUploadedFile("a.jpg", picture()), SimpleUploadedFile("b.png", picture(format="PNG"))]
    response = investigator_client.post(
        _url("media-log"), {"links": POST, "file": files, "note": "from the phone"}, follow=True
    )
    assert [outcome["reference"] for outcome in response.context["outcomes"]] == ["M01", "M02", "M03"]
    assert set(MediaItem.objects.values_list("note", flat=True)) == {"from the phone"}


def test_a_bad_file_does_not_cost_the_good_one_beside_it(investigator_client: Client) -> None:
    files = [SimpleUploadedFile("a.jpg", picture()), SimpleUploadedFile("b.jpg", b"no picture")]
    response = investigator_client.post(_url("media-log"), {"file": files})
    page = response.content.decode()
    assert "Stored as M01." in page
    assert "“b.jpg” is not a picture or video" in page
    assert MediaFile.objects.count() == 1


# ---- the page of one item


def test_the_fragment_asks_again_while_something_is_unread_and_then_stops(
    investigator_client: Client,
) -> None:
    _upload(investigator_client, picture())
    page = investigator_client.get(_url("media-detail", "M01"))
    assert 'hx-trigger="every 2s"' in page.content.decode()
    url = f"{_url('media-readings', 'M01')}?seen={page.context['signature']}"
    assert investigator_client.get(url).status_code == 204
    MetadataReading.objects.update(state=ReadingState.FAILED, sentence="The file is damaged.", attempts=1)
    fragment = investigator_client.get(url).content.decode()
    assert "every 2s" not in fragment
    assert "The file is damaged." in fragment
    assert 'id="viewer" hx-swap-oob="true"' in fragment


def test_a_failed_reading_can_be_tried_again(investigator_client: Client) -> None:
    _upload(investigator_client, picture())
    reading = MetadataReading.objects.get(reader="walker")
    MetadataReading.objects.update(state=ReadingState.FAILED, sentence="It broke.", attempts=3)
    page = investigator_client.get(_url("media-detail", "M01")).content.decode()
    assert _url("reading-retry", "M01", reading.pk) in page
    investigator_client.post(_url("reading-retry", "M01", reading.pk))
    reading.refresh_from_db()
    assert (reading.state, reading.attempts) == (ReadingState.WAITING, 0)


def test_text_from_files_and_people_is_never_markup(
    media_item: MediaItem, investigator: User, investigator_client: Client
) -> None:
    evil = "<img src=x onerror=alert(1)>"
    MediaItem.objects.filter(pk=media_item.pk).update(title=evil, description=evil, note=evil)
    _upload(investigator_client, picture(), f"{evil}.jpg", item="M01")
    MetadataReading.objects.filter(reader="walker").update(
        state=ReadingState.DONE,
        fields={
            "format": "JPEG",
            "mime_type": "image/jpeg",
            "kind": "photo",
            "warnings": [evil],
            "software": evil,
        },
        raw_tags=[{"group": evil, "name": evil, "value": evil}],
    )
    for url in (_url("media-detail", "M01"), _url("media-list"), _url("media-edit", "M01")):
        page = investigator_client.get(url).content.decode()
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page


def test_editing_keeps_what_stood_before_in_the_log(
    media_item: MediaItem, investigator: User, investigator_client: Client
) -> None:
    form = investigator_client.get(_url("media-edit", "M01")).context["form"]
    data = {field.name: field.value() or "" for field in form if field.name != "is_sensitive"}
    response = investigator_client.post(
        _url("media-edit", "M01"), {**data, "title": "Fire at the quay", "place_name": "Quay 3"}, follow=True
    )
    media_item.refresh_from_db()
    assert media_item.title == "Fire at the quay"
    assert str(media_item.place) == "Quay 3"
    assert "changed the description of" in response.content.decode()


# ---- appearances


def test_the_time_in_the_post_s_id_goes_before_a_typed_one(
    media_item: MediaItem, investigator_client: Client
) -> None:
    investigator_client.post(_url("appearance-add", "M01"), {"url": POST, "posted": "2023-09-20"})
    appearance = Appearance.objects.get()
    assert appearance.posted_basis == "platform_id"
    assert appearance.posted_at == datetime(2023, 9, 21, 5, 40, 26, 659000, tzinfo=UTC)
    page = investigator_client.get(_url("media-detail", "M01")).content.decode()
    assert appearance.derivation.split()[0] in page
    assert "21 Sep 2023, 05:40:26.659 UTC" in page
    assert "from the post id" in page
    assert "earliest known" in page


def test_a_refused_appearance_keeps_what_was_typed(
    media_item: MediaItem, investigator_client: Client
) -> None:
    response = investigator_client.post(
        _url("appearance-add", "M01"),
        {"url": "https://example.org/a", "posted": "2023-09-20 14:00", "posted_by_name": "A neighbour"},
    )
    page = response.content.decode()
    assert "A time needs its offset from UTC" in page
    for typed in ("https://example.org/a", "2023-09-20 14:00", "A neighbour"):
        assert typed in page
    assert not Appearance.objects.exists()
    assert not Source.objects.exists()


@pytest.mark.parametrize(
    ("typed", "moment", "offset_min"),
    [
        ("2023-09-20 14:00 +04:00", datetime(2023, 9, 20, 10, 0, tzinfo=UTC), 240),
        ("2023-09-20T14:00:05Z", datetime(2023, 9, 20, 14, 0, 5, tzinfo=UTC), 0),
        ("2023-09-20 0:30 -0330", datetime(2023, 9, 20, 4, 0, tzinfo=UTC), -210),
        ("2023-09-20 9:00 −05:00", datetime(2023, 9, 20, 14, 0, tzinfo=UTC), -300),
    ],
)
def test_a_typed_time_keeps_its_offset(typed: str, moment: datetime, offset_min: int) -> None:
    posted = posted_understand(typed)
    assert (posted.posted_at, posted.offset_min, posted.basis) == (moment, offset_min, "as_posted")


def test_a_typed_date_stays_a_date() -> None:
    posted = posted_understand("2023-09-20")
    assert (posted.posted_on, posted.posted_at, posted.basis) == (date(2023, 9, 20), None, "date_only")


@pytest.mark.parametrize(
    "typed",
    ["20.09.2023", "2023-02-30", "2023-09-20 25:00 Z", "2023-09-20 14:00", "2023-09-20 14:00 +15:00",
     "2023-09-20 14:00 +04:75", "0001-01-01 00:00 +04:00", "yesterday"],
)  # fmt: skip
def test_a_time_that_is_not_sure_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        posted_understand(typed)


# ---- the list


@pytest.fixture
def five(investigation: Investigation, investigator: User) -> None:
    for number, (title, kind) in enumerate(
        [
            ("Alpha", "video"),
            ("bravo", "photo"),
            ("Charlie", "video"),
            ("Delta", "satellite"),
            ("Echo", "photo"),
        ]
    ):
        item = media_create(
            actor=investigator,
            investigation=investigation,
            details=MediaDetails(title=title, kind=kind, is_sensitive=number == 0),
        )
        if number < 2:
            appearance_add(actor=investigator, item=item, url=f"https://t.me/channel/{9 - number}")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "M01 M02 M03 M04 M05"),
        ("sort=-reference", "M05 M04 M03 M02 M01"),
        ("sort=nonsense&page=99", "M01 M02 M03 M04 M05"),
        ("kind=video", "M01 M03"),
        ("kind=video&sort=-title", "M03 M01"),
        ("sensitive=yes", "M01"),
        ("sensitive=no", "M02 M03 M04 M05"),
        ("placed=yes", ""),
        ("placed=no&q=alpha", "M01"),
        ("q=t.me/channel/8", "M02"),
        ("q=m04", "M04"),
        ("q=%00", "M01 M02 M03 M04 M05"),
    ],
)
def test_the_list_is_sorted_and_filtered_by_its_address(
    five: None, investigator_client: Client, query: str, expected: str
) -> None:
    response = investigator_client.get(f"{_url('media-list')}?{query}")
    assert response.status_code == 200
    assert " ".join(row.item.reference for row in response.context["rows"]) == expected


def test_references_are_sorted_as_numbers(
    investigation: Investigation, investigator: User, investigator_client: Client
) -> None:
    for reference in ("M100", "M99", "M09"):
        media_create(
            actor=investigator,
            investigation=investigation,
            details=MediaDetails(title="x"),
            reference=reference,
        )
    rows = investigator_client.get(_url("media-list")).context["rows"]
    assert [row.item.reference for row in rows] == ["M09", "M99", "M100"]


def test_the_list_asks_the_database_the_same_number_of_times_for_any_length(
    five: None, investigator_client: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(20):
        investigator_client.get(_url("media-list"))


def test_an_empty_list_says_how_to_begin(investigation: Investigation, investigator_client: Client) -> None:
    page = investigator_client.get(_url("media-list")).content.decode()
    assert "will be here" in page
    assert _url("media-log") in page
