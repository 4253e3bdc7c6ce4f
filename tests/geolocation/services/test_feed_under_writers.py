"""The feed while others write: no gap, nothing twice, and the copy ends equal to the table."""

import random
import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import close_old_connections, connection, transaction

from evidence.models import Investigation, Role
from evidence.services.investigations import investigation_open, member_set
from evidence.services.media import MediaDetails, media_change, media_create
from geolocation.models import Audience, Geolocation, VerifiedPoint
from geolocation.services.feed import FeedEntry, StoredPoint, changes_order, feed_page
from geolocation.services.geolocations import (
    geolocation_propose,
    geolocation_retract,
    geolocation_revise,
)
from geolocation.services.review import review_decide
from tests.geolocation.conftest import ALL_YES, a_proposal

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 3
ACTS = 12
POINTS = 3


class Reader:
    """A client that keeps a copy by applying what it is told, and remembers everything it was told."""

    def __init__(self) -> None:
        self.after = 0
        self.copy: dict[str, object] = {}
        self.states: list[tuple[str, object]] = []
        self.places: list[int] = []

    def poll(self, limit: int = 2) -> list[FeedEntry[StoredPoint]]:
        heard = []
        while True:
            changes_order()
            page = feed_page(audience=Audience.PUBLIC, code=None, after=self.after, limit=limit)
            heard += page.entries
            self.after = page.place
            if not page.has_more:
                break
        for entry in heard:
            uid = str(entry.uid)
            self.places.append(entry.place)
            self.states.append((uid, entry.point or (entry.reason, entry.removed_at)))
            if entry.point is None:
                self.copy.pop(uid, None)
            else:
                self.copy[uid] = entry.point
        return heard


def in_thread(work: Callable[[], None], failures: list[BaseException]) -> threading.Thread:
    """Runs `work` with a connection of its own, which it closes; what it raises is kept."""

    def run() -> None:
        try:
            work()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.fixture
def investigations(editor, investigator, reviewer) -> list[Investigation]:
    """One for each writer: within one, writers wait for each other anyway."""
    made = []
    for number in range(WRITERS):
        opened = investigation_open(actor=editor, code=f"W{number}", title=f"Case {number}")
        for person, role in ((investigator, Role.INVESTIGATOR), (reviewer, Role.REVIEWER)):
            member_set(actor=editor, investigation=opened, user=person, role=role)
        Investigation.objects.filter(pk=opened.pk).update(visibility="published")
        made.append(opened)
    return made


def a_verified(investigation, investigator, reviewer) -> Geolocation:
    item = media_create(
        actor=investigator, investigation=investigation, details=MediaDetails(title="Smoke over the quay")
    )
    made = geolocation_propose(actor=investigator, media_item=item, proposal=a_proposal(), submit=True)
    review_decide(actor=reviewer, revision=made.current_revision, decision="approve", checklist=ALL_YES)
    made.refresh_from_db()
    return made


def test_a_change_that_is_committed_after_later_ones_is_still_told(
    investigations, investigator, reviewer, editor
):
    slow, quick = (a_verified(each, investigator, reviewer) for each in investigations[:2])
    reader = Reader()
    reader.poll()
    written, may_commit, failures = threading.Event(), threading.Event(), []

    def retract_slowly() -> None:
        with transaction.atomic():
            geolocation_retract(actor=editor, geolocation=slow, reason="The tower is another one.")
            written.set()
            assert may_commit.wait(60)

    thread = in_thread(retract_slowly, failures)
    assert written.wait(60)
    media_change(actor=investigator, item=quick.media_item, details=MediaDetails(title="Later, and first"))
    heard = [entry.uid for entry in reader.poll()]
    may_commit.set()
    thread.join()
    assert failures == []
    assert heard == [quick.uid]
    assert [(entry.uid, entry.reason) for entry in reader.poll()] == [(slow.uid, "retracted")]
    assert reader.poll() == []


def test_whoever_is_not_the_one_to_number_changes_reads_on_without_waiting(
    investigations, investigator, reviewer
):
    a_verified(investigations[0], investigator, reviewer)
    numbered, may_commit, failures = threading.Event(), threading.Event(), []

    def number_slowly() -> None:
        with transaction.atomic():
            assert changes_order() > 0
            numbered.set()
            assert may_commit.wait(60)

    thread = in_thread(number_slowly, failures)
    assert numbered.wait(60)
    reader = Reader()
    meanwhile = reader.poll()
    may_commit.set()
    thread.join()
    assert failures == []
    assert meanwhile == []
    assert len(reader.poll()) == 1


def acts(investigation, people, chance: random.Random) -> Iterator[None]:
    """Approve, describe, reopen and retract, as a busy desk would."""
    investigator, reviewer, editor = people
    verified = [a_verified(investigation, investigator, reviewer) for _each in range(POINTS)]
    for number in range(ACTS):
        geolocation = Geolocation.objects.get(pk=chance.choice(verified).pk)
        if geolocation.state != "verified":
            verified.remove(next(each for each in verified if each.pk == geolocation.pk))
            verified.append(a_verified(investigation, investigator, reviewer))
        elif chance.random() < 0.4:
            media_change(
                actor=investigator,
                item=geolocation.media_item,
                details=MediaDetails(title=f"Title {number}"),
            )
        elif chance.random() < 0.5:
            revised = geolocation_revise(
                actor=investigator,
                geolocation=geolocation,
                based_on=geolocation.current_revision.number,
                proposal=a_proposal(),
                submit=True,
            )
            yield
            revision = revised.current_revision
            review_decide(actor=reviewer, revision=revision, decision="approve", checklist=ALL_YES)
        else:
            geolocation_retract(actor=editor, geolocation=geolocation, reason="The tower is another one.")
        yield


def test_a_reader_beside_busy_writers_ends_with_the_table_and_hears_nothing_twice(
    investigations, investigator, reviewer, editor
):
    people, failures = (investigator, reviewer, editor), []
    seed = random.randrange(10**6)

    def write(number: int) -> None:
        for _act in acts(investigations[number], people, random.Random(seed + number)):
            pass

    threads = [in_thread(lambda number=number: write(number), failures) for number in range(WRITERS)]
    readers = [Reader(), Reader()]
    while any(thread.is_alive() for thread in threads):
        for reader in readers:
            reader.poll()
    for thread in threads:
        thread.join()
    assert failures == [], seed
    close_old_connections()
    kept = map(StoredPoint._make, VerifiedPoint.objects.values_list(*StoredPoint._fields))
    table = {str(point.uid): point for point in kept}
    assert len(table) >= WRITERS
    for reader in readers:
        reader.poll()
        assert reader.copy == table, seed
        assert reader.places == sorted(set(reader.places)), seed
        assert len(set(reader.states)) == len(reader.states), seed
        # It was told while they wrote, not of the end alone.
        assert len(reader.states) > len(table), seed
