"""The grid says what the points say, whoever writes and in whatever order."""

from __future__ import annotations

import random
import threading
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from evidence.models import Place, PlaceName
from evidence.services.investigations import investigation_publish
from geolocation.models import Geolocation, TileCell, TileVersion, VerifiedPoint
from geolocation.review.checklist import CHECKLIST
from geolocation.services.geolocations import Captured, geolocation_retract, geolocation_revise
from geolocation.services.review import review_decide
from geolocation.services.tiles import TileFilter, tile_cells_rebuild, tile_cells_wrong, tile_version
from tests.geolocation.conftest import a_proposal
from tests.geolocation.tiles.conftest import points_make

pytestmark = pytest.mark.django_db(transaction=True)
ALL_YES = {item.key: "yes" for item in CHECKLIST}


def counted(status: str, zoom: int = 0, period: int = 0) -> int:
    cells = TileCell.objects.filter(status=status, zoom=zoom, period=period)
    return sum(cells.values_list("points", flat=True))


def test_an_approval_moves_a_geolocation_from_one_status_to_the_other(in_review, reviewer):
    assert (counted("in_review"), counted("verified")) == (1, 0)
    review_decide(actor=reviewer, revision=in_review.current_revision, decision="approve", checklist=ALL_YES)
    assert (counted("in_review"), counted("verified")) == (0, 1)
    assert not TileCell.objects.filter(points=0).exists()
    assert tile_cells_wrong() == 0


def test_a_point_counts_in_the_month_in_which_its_capture_begins_and_without_a_day_in_none(verified):
    verified(39.8, 46.7, captured=Captured(on=date(2023, 9, 20)))
    verified(39.8, 46.7)
    kept = TileCell.objects.filter(status="verified", zoom=8).order_by("period")
    assert list(kept.values_list("period", "points")) == [(0, 2), (2023, 1), (202309, 1)]


@pytest.mark.parametrize("seed", range(3))
def test_the_grid_equals_the_points_after_any_sequence_of_acts(
    seed, verified, investigation, editor, investigator, reviewer
):
    chance = random.Random(seed)
    made: list[Geolocation] = []

    def approve_new():
        day = Captured(on=date(2022, chance.randrange(1, 13), 5)) if chance.random() < 0.7 else Captured()
        where = chance.uniform(-85.5, 85.5), chance.uniform(-180, 180)
        made.append(verified(*where, captured=day).geolocation)

    def reopen():
        each = chance.choice(made)
        each.refresh_from_db()
        if each.state == "verified":
            geolocation_revise(
                actor=investigator,
                geolocation=each,
                based_on=each.current_revision.number,
                submit=True,
                proposal=a_proposal(reasoning="Seen again from the bridge, with the same result."),
            )

    def approve_again():
        each = chance.choice(made)
        each.refresh_from_db()
        if each.state == "in_review":
            review_decide(
                actor=reviewer, revision=each.current_revision, decision="approve", checklist=ALL_YES
            )

    def retract():
        each = chance.choice(made)
        each.refresh_from_db()
        if each.state == "verified":
            geolocation_retract(actor=editor, geolocation=each, reason="The tower is another one.")

    def show():
        investigation.refresh_from_db()
        investigation_publish(
            actor=editor, investigation=investigation, public=not investigation.is_published
        )

    def around_python():
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE geolocation_geolocation SET state = CASE state WHEN 'rejected' THEN 'draft'"
                " ELSE 'rejected' END WHERE state IN ('in_review', 'rejected', 'draft')"
            )
            cursor.execute("UPDATE geolocation_verifiedpoint SET title = title || '.'")

    approve_new()
    for _step in range(12):
        chance.choice([approve_new, approve_new, reopen, approve_again, retract, show, around_python])()
        assert tile_cells_wrong() == 0
    assert sum(
        counted(state) for state in ("verified", "in_review", "rejected", "retracted", "draft")
    ) == len(made)


def test_what_is_sealed_is_in_no_cell_and_changes_no_version(in_review, investigation):
    wanted = TileFilter(investigations=(investigation.pk,), statuses=("draft",))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE geolocation_geolocation SET state = 'draft', is_sealed = true")
        assert TileCell.objects.count() == 0
        before = tile_version(wanted)
        cursor.execute("UPDATE geolocation_geolocation SET state = 'withdrawn'")
    assert TileCell.objects.count() == 0
    assert tile_version(wanted) == before


def test_a_rolled_back_act_leaves_the_grid_and_its_version_alone(in_review, investigation):
    before = list(TileCell.objects.values_list()), list(TileVersion.objects.values_list())
    with transaction.atomic():
        with transaction.atomic():
            Geolocation.objects.update(state="rejected")
            transaction.set_rollback(True)
        Geolocation.objects.update(updated_at="2026-01-01T00:00Z")
    assert (list(TileCell.objects.values_list()), list(TileVersion.objects.values_list())) == before


def test_many_rows_of_one_statement_are_added_up_at_its_commit(investigation, investigator):
    points_make(investigation, investigator, 2_500)
    assert counted("verified") == 2_500
    assert tile_cells_wrong() == 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM geolocation_verifiedpoint WHERE id % 2 = 0")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DELETE FROM geolocation_verifiedpoint")
    assert counted("verified") == 0
    assert tile_cells_wrong() == 0


def test_writers_in_the_same_cells_neither_wait_for_ever_nor_lose_a_point(investigation, investigator):
    """Rows of their own in opposite orders, so that locks taken cell by cell would meet crosswise."""
    points_make(investigation, investigator, 200, state="in_review")
    failures: list[BaseException] = []
    together = threading.Barrier(4)

    def write(number: int) -> None:
        try:
            mine = list(range(100_001 + number, 100_201, 4))
            together.wait(10)
            for keys in (mine[:20], mine[20::-1] if number % 2 else mine[:20]):
                for state in ("changes_requested", "rejected", "in_review"):
                    with transaction.atomic():
                        for key in keys:
                            Geolocation.objects.filter(pk=key).update(state=state)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for each in writers:
        each.start()
    for each in writers:
        each.join(60)
    assert failures == []
    assert tile_cells_wrong() == 0
    assert counted("in_review") == 200


def test_an_uncommitted_writer_keeps_no_other_from_committing(investigation, investigator):
    points_make(investigation, investigator, 2, state="in_review")
    done = threading.Event()

    def write() -> None:
        Geolocation.objects.filter(pk=100_002).update(state="rejected")
        done.set()
        connections.close_all()

    with transaction.atomic():
        Geolocation.objects.filter(pk=100_001).update(state="rejected")
        other = threading.Thread(target=write)
        other.start()
        assert done.wait(10)
        other.join()
    assert counted("rejected") == 2


def test_versions_follow_what_is_seen(verified, media_item, investigation, in_review, reviewer):
    public = TileFilter(investigations=(investigation.pk,))
    members = TileFilter(investigations=(investigation.pk,), statuses=("in_review",))
    seen = [(tile_version(public), tile_version(members))]

    def changed() -> tuple[bool, bool]:
        seen.append((tile_version(public), tile_version(members)))
        return seen[-1][0] != seen[-2][0], seen[-1][1] != seen[-2][1]

    assert changed() == (False, False)
    Geolocation.objects.update(state="rejected")
    assert changed() == (False, True)
    verified(39.8, 46.7)
    assert changed() == (True, True)
    VerifiedPoint.objects.update(place_name="The old harbour")
    assert changed() == (True, True)
    media_item.place = Place.objects.create(investigation=investigation, key="quay")
    media_item.save()
    assert changed() == (False, True)
    PlaceName.objects.create(place=media_item.place, name="Quay")
    assert changed() == (False, True)
    tile_cells_rebuild()
    assert changed() == (True, True)
    assert len(set(seen[1:])) == len(seen[1:])


def test_the_command_finds_what_was_written_with_triggers_off_and_mends_it(
    investigation, investigator, capsys
):
    points_make(investigation, investigator, 30)
    points_make(investigation, investigator, 5, first=200_000, state="in_review", south=-40.0, west=179.9999)
    call_command("check_tiles")
    assert "what the points say" in capsys.readouterr().out
    before = set(TileCell.objects.values_list())
    TileCell.objects.filter(zoom=3).update(points=7)
    with pytest.raises(CommandError, match="differ from the points"):
        call_command("check_tiles")
    call_command("check_tiles", rebuild=True)
    assert set(TileCell.objects.values_list()) == before
