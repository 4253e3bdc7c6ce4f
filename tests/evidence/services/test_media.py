"""The same post or the same file twice is the same item, in one transaction with its line in the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from evidence.errors import InvalidInput, LinkRefused, NotAllowed, NotFound
from evidence.models import Appearance, CustodyEvent, Investigation, MediaFile, MediaItem
from evidence.services.appearances import PostedTime, appearance_add
from evidence.services.catalogue import Name, place_add
from evidence.services.investigations import investigation_open
from evidence.services.media import (
    LINKS_AT_ONCE,
    Logged,
    MediaDetails,
    media_change,
    media_create,
    media_log_links,
)
from evidence.services.naming import place_named, source_named
from osint_catalogue.accounts.models import User
from tests.evidence.services.conftest import file_of, picture

pytestmark = pytest.mark.django_db
Log = Callable[..., Logged]
# (id >> 22) + 1288834974657 ms is 2023-09-21T05:40:26.659Z.
POST = "https://twitter.com/someone/status/1704732297014460758"


def _log(investigation: Investigation, actor: User, text: str, **details: object) -> list[Logged]:
    said = MediaDetails(**details)  # type: ignore[arg-type]
    return media_log_links(actor=actor, investigation=investigation, text=text, details=said)


def test_variants_of_one_link_are_one_item(investigation: Investigation, investigator: User) -> None:
    mobile = POST.replace("twitter.com", "mobile.twitter.com") + "?s=20"
    logged = _log(investigation, investigator, f"{POST}\n{mobile}")
    assert [each.existed for each in logged] == [False]
    (again,) = _log(investigation, investigator, mobile)
    assert again.existed
    assert again.item == logged[0].item


def test_one_refused_line_saves_nothing_and_every_refused_line_is_named(
    investigation: Investigation, investigator: User
) -> None:
    with pytest.raises(LinkRefused) as refusal:
        _log(investigation, investigator, f"{POST}\nfirst nonsense\n\nsecond nonsense")
    assert "Line 2, “first nonsense”" in refusal.value.sentence
    assert "Line 4, “second nonsense”" in refusal.value.sentence
    assert refusal.value.field == "links"
    assert not MediaItem.objects.exists()
    assert not Appearance.objects.exists()


def test_more_links_than_fit_at_once_are_refused(investigation: Investigation, investigator: User) -> None:
    lines = "\n".join(f"https://t.me/channel/{number + 1}" for number in range(LINKS_AT_ONCE + 1))
    with pytest.raises(LinkRefused, match="at most 500"):
        _log(investigation, investigator, lines)


def test_the_same_bytes_lead_to_the_item_that_has_them(log_file: Log, media_item: MediaItem) -> None:
    first = log_file(picture(), "a.jpg")
    second = log_file(picture(), "b.jpg", item=media_item)
    assert second.existed
    assert second.item == first.item
    assert MediaFile.objects.count() == 1


def test_the_same_bytes_in_another_investigation_are_an_item_of_its_own(
    log_file: Log, investigator: User
) -> None:
    other = investigation_open(actor=investigator, code="OTHER", title="Another")
    first = log_file(picture())
    stored = file_of(first)
    assert MediaFile.objects.filter(investigation=other).count() == 0
    assert stored.investigation != other


def test_a_file_cannot_be_put_into_an_item_of_another_investigation(
    log_file: Log, investigator: User
) -> None:
    other = investigation_open(actor=investigator, code="OTHER", title="Another")
    foreign = media_create(actor=investigator, investigation=other, details=MediaDetails())
    with pytest.raises(InvalidInput, match="another investigation"):
        log_file(picture(), item=foreign)
    assert not MediaFile.objects.exists()


def test_logging_leaves_its_lines_in_the_chain(log_file: Log) -> None:
    logged = log_file(picture(), "evening.jpg")
    events = CustodyEvent.objects.filter(object_type="media", object_reference=logged.item.reference)
    assert list(events.order_by("sequence").values_list("action", flat=True)) == [
        "media.logged",
        "file.stored",
    ]
    stored = events.get(action="file.stored")
    assert stored.details["sha256"] == file_of(logged).sha256
    assert stored.details["name"] == "evening.jpg"


def test_a_viewer_logs_nothing_and_a_stranger_learns_nothing(
    investigation: Investigation, viewer: User, stranger: User
) -> None:
    with pytest.raises(NotAllowed):
        _log(investigation, viewer, POST)
    with pytest.raises(NotFound):
        _log(investigation, stranger, POST)


def test_the_earliest_appearance_is_marked_as_others_are_added(
    media_item: MediaItem, investigator: User
) -> None:
    def add(number: int, **posted: object) -> Appearance:
        return appearance_add(
            actor=investigator,
            item=media_item,
            url=f"https://t.me/channel/{number}",
            posted=PostedTime(**posted) if posted else None,  # type: ignore[arg-type]
        )

    unknown = add(1)
    timed = add(2, posted_at=datetime(2023, 9, 20, 10, tzinfo=UTC), offset_min=240, basis="as_posted")
    same_day = add(3, posted_on=date(2023, 9, 20), basis="date_only")
    before = add(4, posted_on=date(2023, 9, 19), basis="date_only")

    def earliest() -> int:
        return media_item.appearances.get(is_earliest_known=True).pk

    assert earliest() == before.pk
    Appearance.objects.filter(pk=before.pk).delete()
    add(5)
    # A bare date of the same day may be earlier or later: the known moment stays.
    assert earliest() == timed.pk
    assert {unknown.pk, same_day.pk}.isdisjoint({earliest()})


def test_a_change_keeps_what_stood_before(media_item: MediaItem, investigator: User) -> None:
    media_change(actor=investigator, item=media_item, details=MediaDetails(title="Fire at the quay"))
    event = CustodyEvent.objects.get(action="media.changed")
    assert event.details["changed"] == {"title": ["Smoke over the quay", "Fire at the quay"]}
    media_change(actor=investigator, item=media_item, details=MediaDetails(title="Fire at the quay"))
    assert CustodyEvent.objects.filter(action="media.changed").count() == 1


def test_names_find_what_has_them_in_any_language(investigation: Investigation, investigator: User) -> None:
    names = [Name(name="Stepanakert"), Name(name="Xankəndi", is_shown=True), Name(name="Ստեփանակերտ")]
    place = place_add(actor=investigator, investigation=investigation, names=names)
    for typed in ("stepanakert", "Xankəndi", " Ստեփանակերտ ", "Stepanakert / Xankəndi"):
        assert place_named(actor=investigator, investigation=investigation, name=typed) == place
    assert place_named(actor=investigator, investigation=investigation, name="  ") is None
    new = place_named(actor=investigator, investigation=investigation, name="Khojaly / Xocalı")
    assert new is not None
    assert new.display_name == "Khojaly / Xocalı"
    source = source_named(actor=investigator, investigation=investigation, name="A  Person")
    assert source_named(actor=investigator, investigation=investigation, name="a person") == source
