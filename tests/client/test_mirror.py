"""A file kept in step: corrections, crashes, two runs at once, and writers that do not stop."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pyogrio
import pytest
from django.db import connection

from catalogue_client import (
    Catalogue,
    ChangePage,
    LocalFileError,
    Mirror,
    MirrorMismatch,
    Point,
)
from evidence.services.investigations import investigation_publish
from evidence.services.media import MediaDetails, media_change
from geolocation.models import VerifiedPoint
from geolocation.services.geolocations import geolocation_retract, geolocation_revise
from geolocation.services.review import review_decide
from tests.geolocation.conftest import ALL_YES, a_proposal

pytestmark = pytest.mark.django_db(transaction=True)
CLIENT = Path(__file__).resolve().parents[2] / "client/src"


def rows(path: Path, what: str = "id, title, revision FROM verified_points ORDER BY id") -> list[tuple]:
    database = sqlite3.connect(path)
    try:
        return database.execute(f"SELECT {what}").fetchall()
    finally:
        database.close()


def told(catalogue: Catalogue) -> list[tuple]:
    """What the pages of points hold, which is another way through the service than the feed."""
    return sorted((point.id, point.title, point.revision) for point in catalogue.points())


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "points.gpkg"


def test_first_everything_then_only_what_changed(
    catalogue_of, path, verified, published, investigator, reviewer, editor
):
    first, second, third = verified(1, 1), verified(2, 2), verified(3, 3)
    catalogue = catalogue_of()
    mirror = Mirror(catalogue, path)
    done = mirror.updates()
    assert (done.put, done.dropped, done.held) == (3, 0, 3)
    again = mirror.updates()
    assert (again.put, again.dropped, again.held) == (0, 0, 3)

    media_change(actor=investigator, item=first.media_item, details=MediaDetails(title="Corrected"))
    geolocation_retract(actor=editor, geolocation=second.geolocation, reason="It is another tower.")
    reopened = geolocation_revise(
        actor=investigator, geolocation=third.geolocation, based_on=1, proposal=a_proposal(), submit=True
    )
    done = mirror.updates()
    assert (done.put, done.dropped, done.held) == (1, 2, 1)
    assert [title for _id, title, _revision in rows(path)] == ["Corrected"]
    why = {gone.id: gone for gone in mirror.removed()}
    assert {each.reason for each in why.values()} == {"retracted", "reopened"}
    assert "It is another tower." in why[str(second.uid)].sentence

    review_decide(actor=reviewer, revision=reopened.current_revision, decision="approve", checklist=ALL_YES)
    assert mirror.updates().put == 1
    assert rows(path) == told(catalogue)
    assert [gone.reason for gone in mirror.removed()] == ["retracted"]


def test_it_is_a_geopackage_for_others(catalogue_of, path, verified, published):
    verified(39.821232, 46.758423, title="Քարինտակ / Daşaltı")
    mirror = Mirror(catalogue_of(), path)
    mirror.updates()
    info = pyogrio.read_info(path, layer="verified_points")
    assert (info["crs"], info["geometry_type"], info["features"]) == ("EPSG:4326", "Point", 1)
    assert list(info["total_bounds"]) == [46.758423, 39.821232, 46.758423, 39.821232]
    assert sorted(name for name, _kind in pyogrio.list_layers(path)) == ["removed_points", "verified_points"]
    assert rows(path, "* FROM pragma_integrity_check") == [("ok",)]
    assert rows(path, "count(*) FROM pragma_foreign_key_check") == [(0,)]
    frame = mirror.frame()
    assert (frame.geometry[0].x, frame.geometry[0].y) == (46.758423, 39.821232)
    assert frame["title"][0] == "Քարինտակ / Daşaltı"
    assert list(frame.columns) == list(catalogue_of().pull().columns)
    assert list(frame.dtypes) == list(catalogue_of().pull().dtypes)


def test_a_closed_investigation_leaves_the_public_mirror_and_stays_in_the_members_one(
    catalogue_of, tmp_path, verified, published, editor, viewer, investigation
):
    verified(1, 1)
    public = Mirror(catalogue_of(), tmp_path / "public.gpkg", investigation="TEST1")
    inside = Mirror(catalogue_of(viewer), tmp_path / "inside.gpkg", investigation="TEST1", members=True)
    assert (public.updates().held, inside.updates().held) == (1, 1)
    investigation_publish(actor=editor, investigation=investigation, public=False)
    assert (public.updates().held, inside.updates().held) == (0, 1)
    assert [gone.reason for gone in public.removed()] == ["withheld"]


KILLED = """
import os, signal, sys
from catalogue_client import Catalogue, Mirror, geopackage

calls = 0
whole = geopackage.points_drop

def dies_on_the_second_page(database, removals):
    global calls
    calls += 1
    if calls == 2:
        # The rows of the second page are in the file's journal, its cursor is not.
        database.execute("PRAGMA cache_spill = 1")
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(database, removals)

geopackage.points_drop = dies_on_the_second_page
Mirror(Catalogue(sys.argv[1]), sys.argv[2], page_size=2).updates()
"""


def test_a_run_that_is_killed_between_rows_and_cursor_is_gone_on_with(
    catalogue_of, live_server, path, verified, published
):
    for number in range(5):
        verified(number, number)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, live_server.url, str(path)],
        env={**os.environ, "PYTHONPATH": str(CLIENT)},
        timeout=60,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    catalogue = catalogue_of()
    mirror = Mirror(catalogue, path, page_size=2)
    assert len(rows(path)) == 2
    done = mirror.updates()
    assert (done.put, done.held) == (3, 5)
    assert rows(path) == told(catalogue)


class Meanwhile(Catalogue):
    """A client that does something else between asking for a page and giving it back."""

    def meanwhile(self) -> None: ...

    def changes(self, *args, **named) -> ChangePage:
        page = super().changes(*args, **named)
        self.meanwhile()
        return page


def test_a_page_that_another_run_overtook_is_not_written_over_it(
    live_server, catalogue_of, path, verified, published, investigator
):
    point = verified(1, 1, title="Old")
    slow = Meanwhile(live_server.url)

    def overtake() -> None:
        slow.meanwhile = lambda: None
        media_change(actor=investigator, item=point.media_item, details=MediaDetails(title="New"))
        assert Mirror(catalogue_of(), path).updates().put == 1

    slow.meanwhile = overtake
    with slow:
        done = Mirror(slow, path).updates()
    assert (done.put, done.held) == (0, 1)
    assert [title for _id, title, _revision in rows(path)] == ["New"]


def test_what_is_no_mirror_or_another_one_is_left_as_it_is(catalogue_of, path, verified, published, tmp_path):
    catalogue = catalogue_of()
    text = tmp_path / "letter.gpkg"
    text.write_text("Dear reader, " * 100)
    with pytest.raises(MirrorMismatch, match="is no mirror"):
        Mirror(catalogue, text)
    assert text.read_text().startswith("Dear")
    verified(1, 1)
    catalogue.save(path)
    before = path.read_bytes()
    with pytest.raises(MirrorMismatch, match="is no mirror"):
        Mirror(catalogue, path)
    assert path.read_bytes() == before
    ours = tmp_path / "ours.gpkg"
    Mirror(catalogue, ours).updates()
    with pytest.raises(MirrorMismatch, match="Name another file"):
        Mirror(catalogue, ours, investigation="TEST1")
    with pytest.raises(MirrorMismatch, match="Name another file"):
        Mirror(Catalogue("https://other.example"), ours)
    with pytest.raises(LocalFileError, match="does not end with"):
        Mirror(catalogue, tmp_path / "points.csv")
    with pytest.raises(LocalFileError, match=r"cannot be opened|could not be read"):
        Mirror(catalogue, tmp_path / "nowhere" / "points.gpkg")


def test_a_server_with_a_new_key_is_told_from_a_mistake(catalogue_of, path, verified, published, settings):
    verified(1, 1)
    mirror = Mirror(catalogue_of(), path)
    mirror.updates()
    settings.SECRET_KEY = "another key than before, of a test"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(MirrorMismatch, match="Move the file away"):
        mirror.updates()
    assert len(rows(path)) == 1


class Recording(Catalogue):
    """A client that remembers every entry it was told."""

    def __init__(self, *args, **named) -> None:
        super().__init__(*args, **named)
        self.entries: list[tuple] = []

    def changes(self, *args, **named) -> ChangePage:
        page = super().changes(*args, **named)
        for each in page.entries:
            state = (
                (each.title, each.updated_at) if isinstance(each, Point) else (each.reason, each.removed_at)
            )
            self.entries.append((each.id, type(each).__name__, *state))
        return page


def test_nothing_is_lost_or_told_twice_while_others_write(
    live_server, path, verified, published, investigator, editor
):
    """Two threads verify, one corrects, one retracts, all against the same feed, while the file is synced."""
    points = [verified(number, number, title="Before") for number in range(6)]
    failures: list[BaseException] = []
    ready = threading.Barrier(5)

    def writer(work) -> threading.Thread:
        def run() -> None:
            try:
                ready.wait(timeout=30)
                work()
            except BaseException as error:
                failures.append(error)
            finally:
                connection.close()

        return threading.Thread(target=run)

    def verify(start: int):
        return lambda: [verified(start + number, start, title=f"New {start + number}") for number in range(8)]

    def correct() -> None:
        for number in range(24):
            media_change(
                actor=investigator,
                item=points[number % 3].media_item,
                details=MediaDetails(title=f"Corrected {number}"),
            )

    def retract() -> None:
        for point in points[3:]:
            geolocation_retract(actor=editor, geolocation=point.geolocation, reason="Another tower.")
            time.sleep(0.05)

    writers = [writer(verify(20)), writer(verify(40)), writer(correct), writer(retract)]
    rounds = 0
    with Recording(live_server.url) as catalogue:
        mirror = Mirror(catalogue, path, page_size=3)
        mirror.updates()
        for each in writers:
            each.start()
        ready.wait(timeout=30)
        while any(each.is_alive() for each in writers):
            mirror.updates()
            rounds += 1
        for each in writers:
            each.join(timeout=60)
        mirror.updates()
        assert failures == []
        assert rounds > 1
        assert rows(path) == told(catalogue)
        assert len(rows(path)) == 6 + 16 - 3 == VerifiedPoint.objects.count()
        assert {gone.id for gone in mirror.removed()} == {str(point.uid) for point in points[3:]}
        assert len(catalogue.entries) == len(set(catalogue.entries))
        assert mirror.updates().put == 0
