"""Rows that come in together leave what they leave one by one, whatever else happens meanwhile."""

import json
import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import Q

from evidence.models import Appearance, CustodyEvent, MediaItem, Role, Source
from evidence.services import media_many
from evidence.services.custody import custody_verify
from evidence.services.investigations import investigation_blind_set, investigation_open, member_set
from evidence.services.media import MediaDetails, media_create, media_log_links
from geolocation.models import Geolocation, GeolocationRevision, ImportBatch, ImportedPoint
from geolocation.services import geolocations_many, importing_pieces, importing_said
from geolocation.services.importing import import_stage
from geolocation.services.importing_apply import import_apply
from geolocation.services.importing_decide import import_let_in
from geolocation.services.importing_row import row_apply, rows_due

pytestmark = pytest.mark.django_db

HEADER = "id,lat,lon,date,title,link\n"
# Posts with and without a time in their id, twice the same post, one that is logged already, texts beyond
# ASCII, no title, no link, an id in two wordings, a position that nobody believes, and refused links.
PLAIN = HEADER + "".join(
    f"{line}\n"
    for line in (
        "a,39.8,46.7,2023-09-20,Made-up bridge,https://t.me/example/101",
        "b,39.9,46.8,2023-09-20T10:00:00Z,Ստեփանակերտ 🎯,https://twitter.com/example/status/1704412345678901248",
        "c,-39.9,179.99,,,https://example.org/made-up",
        "d,39.9,46.8,,,",
        "e,39.9,46.8,,Not a host,https://made_up.example/1",
        "f,39.7,46.8,,Same post again,https://t.me/example/101",
        "g,39.7,46.8,,Logged before,https://t.me/example/55",
        "h,0,0,,Nowhere,",
        "i,39.1,46.1,,First wording,https://example.org/i",
        "i,39.2,46.1,,Second wording,https://example.org/other",
        "j,39.3,46.2,1066-10-14,Before there were cameras,https://example.org/j",
        "k,39.3,46.2,,Back\\slash,not a link",
        f"l,39.3,46.2,,{'Long title ' * 40},https://example.org/l",
        "m,39.3,46.2,,Not a host either,https://made_up.example/2",
        "n,39.3,46.2,,The last one,https://twitter.com/example/status/1704412345678901249",
    )
)
CHANGED = PLAIN.replace("39.9,46.8", "39.95,46.8").replace("Made-up bridge", "Made-up span") + "z,1,2,,New,\n"
ARCHIVED = (
    "Link,Archive Status,Archive Location,Upload Title,Latitude,Longitude\n"
    "https://t.me/example/1,success,https://archive.example.org/1,Alone,,\n"
    "https://t.me/example/2,success,https://archive.example.org/2,Placed,39.8,46.7\n"
    "https://t.me/example/3,success,,No archive,39.8,46.7\n"
)
TIMEMAP = json.dumps(
    {
        "sources": {
            f"s{number}": {"paths": [f"https://t.me/example/{number}"], "author": author}
            for number, author in enumerate(
                ["Made-up Channel", "made-up channel", "Known Desk", "", "straße", "STRASSE", "Ünal", "ünal"]
            )
        },
        "events": [
            {"id": f"e{n}", "latitude": "39.8", "longitude": "46.7", "time_display": "", "sources": [f"s{n}"]}
            for n in range(8)
        ],
    }
)
FILES = {"plain.csv": PLAIN, "changed.csv": CHANGED, "sheet.csv": ARCHIVED, "events.json": TIMEMAP}


def one_by_one(actor, batch: ImportBatch) -> None:
    for number in list(rows_due(batch).values_list("number", flat=True)):
        row_apply(actor, batch, number)


def in_pieces(size: int) -> Callable[..., None]:
    def apply(actor, batch: ImportBatch) -> None:
        before, importing_pieces.PIECE_ROWS = importing_pieces.PIECE_ROWS, size
        try:
            import_apply(actor=actor, batch=batch)
        finally:
            importing_pieces.PIECE_ROWS = before

    return apply


def tidy(query, *without: str) -> list[dict]:
    """Rows as they are in every investigation: without keys of their own and moments."""
    hidden = {"id", "uid", "investigation_id", "created_at", "updated_at", *without}
    return [{key: value for key, value in row.items() if key not in hidden} for row in query]


def left(investigation) -> dict[str, list]:
    """Everything that bringing in leaves in an investigation."""
    mine = Q(investigation=investigation)
    revisions = GeolocationRevision.objects.filter(geolocation__investigation=investigation).order_by("pk")
    named = {"item": "media_item__reference", "of": "geolocation__reference"}
    return {
        "items": tidy(MediaItem.objects.filter(mine).order_by("pk").values()),
        "posts": tidy(
            Appearance.objects.filter(mine).order_by("pk").values(), "media_item_id", "posted_by_id"
        ),
        "posted": list(
            Appearance.objects.filter(mine).order_by("pk").values_list(named["item"], "posted_by__key")
        ),
        "sources": tidy(Source.objects.filter(mine).order_by("pk").values()),
        "geolocations": tidy(
            Geolocation.objects.filter(mine).order_by("pk").values(), "media_item_id", "current_revision_id"
        ),
        "placed": list(
            Geolocation.objects.filter(mine)
            .order_by("pk")
            .values_list("reference", named["item"], "current_revision__number")
        ),
        "revisions": tidy(revisions.values(), "geolocation_id"),
        "worded": list(revisions.values_list(named["of"], "number")),
        "points": list(
            ImportedPoint.objects.filter(mine)
            .order_by("pk")
            .values_list(
                "format",
                "upstream_id",
                "digest",
                "row__number",
                named["of"],
                "revision__number",
                named["item"],
            )
        ),
        "rows": [
            (batch.reference, row.number, row.applied_at is None, row.sentence)
            for batch in ImportBatch.objects.filter(mine).order_by("pk")
            for row in batch.rows
        ],
        "events": tidy(
            CustodyEvent.objects.filter(mine).order_by("sequence").values(),
            *("hash", "previous_hash", "canonical", "occurred_at"),
        ),
    }


@pytest.fixture
def twins(editor, investigator):
    """Investigations that are alike, each with a post that is logged and a source that is known."""

    def opened(code: str, is_blind: bool):
        made = investigation_open(actor=editor, code=code, title="Harbour fire")
        member_set(actor=editor, investigation=made, user=investigator, role=Role.INVESTIGATOR)
        Source.objects.create(investigation=made, key="known", name="known desk")
        (logged,) = media_log_links(
            actor=investigator,
            investigation=made,
            text="https://t.me/example/55",
            details=MediaDetails(title="Logged before"),
        )
        assert logged.item.reference == "M01"
        if is_blind:
            investigation_blind_set(actor=editor, investigation=made, on=True)
        return made

    return opened


@pytest.mark.parametrize("is_blind", [False, True])
@pytest.mark.parametrize("size", [1, 2, 4, 500])
def test_both_ways_leave_the_same(twins, investigator, tmp_path, size, is_blind):
    outcomes = {}
    # The codes are of one length and differ in nothing that is compared.
    for code, apply in (("ROWS", one_by_one), ("MANY", in_pieces(size))):
        investigation = twins(code, is_blind)
        for name, text in FILES.items():
            path = tmp_path / name
            path.write_text(text)
            batch = import_stage(actor=investigator, investigation=investigation, path=path, name=name)
            for row in batch.rows.filter(verdict="doubtful"):
                import_let_in(actor=investigator, batch=batch, number=row.number)
            apply(investigator, batch)
        report = custody_verify(investigation=investigation)
        assert report.ok, report.first_problem
        text = json.dumps(left(investigation), default=str, sort_keys=True)
        outcomes[code] = json.loads(text.replace(code, "CODE"))
    for what, rows in outcomes["ROWS"].items():
        assert outcomes["MANY"][what] == rows, what
    assert len(outcomes["MANY"]["points"]) > 20
    refused = {number for reference, number, is_out, told in outcomes["MANY"]["rows"] if is_out and told}
    assert {5, 14} <= refused


@pytest.fixture
def stage(tmp_path, investigator, investigation):
    def staged(text, name="points.csv"):
        path = tmp_path / name
        path.write_text(text)
        return import_stage(actor=investigator, investigation=investigation, path=path, name=name)

    return staged


def many(count: int, start: int = 0) -> str:
    rows = (
        f"r{number},39.8,46.{number:04},,Made-up {number},https://example.org/{number}\n"
        for number in range(start, start + count)
    )
    return HEADER + "".join(rows)


def statements(django_assert_max_num_queries, stage, investigator, count, start):
    batch = stage(many(count, start), name=f"{start}.csv")
    with django_assert_max_num_queries(1000) as captured:
        assert import_apply(actor=investigator, batch=batch) == count
    return len(captured)


def test_more_rows_take_no_more_statements(django_assert_max_num_queries, stage, investigator):
    counts = [
        statements(django_assert_max_num_queries, stage, investigator, count, start)
        for count, start in ((5, 0), (100, 1000), (300, 2000))
    ]
    assert counts[0] == counts[1] == counts[2] < 60


def test_a_row_that_the_database_refuses_leaves_the_others_in(stage, investigator, monkeypatch):
    """What no column says by itself is found out when the piece is written; then by halves."""
    monkeypatch.setattr(media_many, "columns_clean", lambda row, **besides: None)
    text = many(9).replace("org/4\n", f"org/{'x' * 2000}\n")
    batch = stage(text)
    assert import_apply(actor=investigator, batch=batch) == 8
    refused = batch.rows.get(number=5)
    assert (refused.applied_at, "at most 2000 characters" in refused.sentence) == (None, True)
    assert [made.reference for made in MediaItem.objects.order_by("pk")] == [f"M{n:02}" for n in range(1, 9)]
    assert custody_verify(investigation=batch.investigation).ok


def test_a_fault_is_raised_at_its_row_and_those_before_it_are_in(stage, investigator, monkeypatch):
    batch, real = stage(many(9)), importing_said.row_said

    def faulty(batch, row):
        return {} if row.number == 6 else real(batch, row)

    monkeypatch.setattr(importing_said, "row_said", faulty)
    with pytest.raises(KeyError):
        import_apply(actor=investigator, batch=batch)
    assert list(rows_due(batch).values_list("number", flat=True)) == [6, 7, 8, 9]
    assert Geolocation.objects.count() == 5
    monkeypatch.setattr(importing_said, "row_said", real)
    assert import_apply(actor=investigator, batch=batch) == 4


@pytest.mark.parametrize("where", ["_save", "geolocation_logged", "references_next"])
def test_a_crash_in_the_middle_of_a_piece_doubles_and_loses_nothing(stage, investigator, monkeypatch, where):
    monkeypatch.setattr(importing_pieces, "PIECE_ROWS", 4)
    batch, real, calls = stage(many(10)), getattr(geolocations_many, where), []

    def dies(*args, **values):
        calls.append(args)
        if len(calls) == (6 if where == "geolocation_logged" else 2):
            raise KeyboardInterrupt
        return real(*args, **values)

    monkeypatch.setattr(geolocations_many, where, dies)
    with pytest.raises(KeyboardInterrupt):
        import_apply(actor=investigator, batch=batch)
    for model in (MediaItem, Appearance, Geolocation, GeolocationRevision, ImportedPoint):
        assert model.objects.count() == 4, model
    assert batch.rows.filter(applied_at__isnull=False).count() == 4
    assert CustodyEvent.objects.filter(action="geolocation.proposed").count() == 4
    assert import_apply(actor=investigator, batch=batch) == 6
    assert import_apply(actor=investigator, batch=batch) == 0
    references = [f"G{number:02}" for number in range(1, 11)]
    assert list(Geolocation.objects.order_by("pk").values_list("reference", flat=True)) == references
    assert list(ImportedPoint.objects.order_by("pk").values_list("upstream_id", flat=True)) == [
        f"r{number}" for number in range(10)
    ]
    assert custody_verify(investigation=batch.investigation).ok


def test_a_row_let_in_later_comes_in_though_later_ones_are_in(stage, investigator):
    batch = stage(f"{HEADER}n,0,0,,Nowhere,\na,39.8,46.7,,Made-up bridge,\nm,0,0,,Nowhere else,\n")
    assert import_apply(actor=investigator, batch=batch) == 1
    for number in (1, 3):
        import_let_in(actor=investigator, batch=batch, number=number)
    assert import_apply(actor=investigator, batch=batch) == 2
    assert not rows_due(batch).exists()


def test_a_draft_that_came_in_is_in_the_grid_of_the_tiles(stage, investigator):
    import_apply(actor=investigator, batch=stage(many(20)))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT tile_cells_wrong()")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT sum(points) FROM geolocation_tilecell WHERE zoom = 0 AND status = 'draft'")
        assert cursor.fetchone() == (20,)


def run_together(*works: Callable[[], object]) -> list[BaseException]:
    """Each in a thread and a connection of its own, begun at once; what they raised."""
    failures: list[BaseException] = []
    begin = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        try:
            begin.wait(30)
            work()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()
    return failures


@pytest.mark.django_db(transaction=True)
def test_two_runs_and_a_person_at_once_share_no_reference_and_wait_for_no_deadlock(
    stage, investigation, investigator, reviewer, monkeypatch
):
    monkeypatch.setattr(importing_pieces, "PIECE_ROWS", 7)
    # Rows 40 to 60 are in both files, and refused ones wait to be tried again in each run.
    bad = "".join(f"x{n},39.8,46.7,,No host,https://made_up.example/{n}\n" for n in range(5))
    first, second = stage(many(60) + bad, "first.csv"), stage(many(60, start=40) + bad, "second.csv")
    import_apply(actor=investigator, batch=first)
    first.rows.exclude(sentence="").update(sentence="again")
    third = stage(many(60, start=200), "third.csv")
    logged = []

    def log() -> None:
        for number in range(25):
            details = MediaDetails(title=f"By hand {number}")
            logged.append(media_create(actor=reviewer, investigation=investigation, details=details))

    failures = run_together(
        lambda: import_apply(actor=investigator, batch=first),
        lambda: import_apply(actor=investigator, batch=second),
        lambda: import_apply(actor=investigator, batch=second),
        lambda: import_apply(actor=investigator, batch=third),
        log,
    )
    assert failures == []
    assert Geolocation.objects.count() == ImportedPoint.objects.count() == 100 + 60
    assert MediaItem.objects.count() == 100 + 60 + len(logged)
    for model, letter in ((MediaItem, "M"), (Geolocation, "G")):
        references = set(model.objects.values_list("reference", flat=True))
        assert references == {f"{letter}{n:02}" for n in range(1, model.objects.count() + 1)}
    report = custody_verify(investigation=investigation)
    assert report.ok, report.first_problem
    assert first.rows.exclude(sentence="").count() == 5
