"""Staging judges rows and brings nothing in; applying makes drafts; the same file twice changes nothing."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from evidence.errors import InvalidInput, NotAllowed, NotFound
from evidence.models import Appearance, CustodyEvent, MediaItem, Source
from geolocation.importers.formats import csv_blocks, plain
from geolocation.importers.formats.row import RefusedRow
from geolocation.models import Geolocation, GeolocationRevision, StagedRow
from geolocation.services import importing_pieces
from geolocation.services.geolocations import geolocation_submit
from geolocation.services.importing import import_counts, import_stage
from geolocation.services.importing_apply import import_apply
from geolocation.services.importing_decide import import_let_in

pytestmark = pytest.mark.django_db
HEADER = "id,lat,lon,date,title,link\n"
FIRST = "a,39.8,46.7,2023-09-20,Made-up bridge,https://t.me/example/101\n"
GOOD = f"{HEADER}{FIRST}b,39.9,46.8,,Made-up school,\n"
MIXED = f"{GOOD}c,0,0,,Nowhere,\nd,139.8,46.7,,Swapped,\na,39.8,46.7,,Another wording,\n{FIRST}"


@pytest.fixture
def stage(tmp_path, investigator, investigation):
    def staged(text, actor=investigator, name="points.csv", **options):
        path = tmp_path / name
        path.write_text(text)
        return import_stage(actor=actor, investigation=investigation, path=path, name=name, **options)

    return staged


def everything():
    return (
        MediaItem.objects.count(),
        Geolocation.objects.count(),
        GeolocationRevision.objects.count(),
        CustodyEvent.objects.exclude(action="import.staged").count(),
    )


def verdicts(batch):
    return list(batch.rows.order_by("number").values_list("verdict", flat=True))


def test_a_dry_run_judges_every_row_and_brings_nothing_in(stage):
    before = everything()
    batch = stage(MIXED)
    assert verdicts(batch) == ["new", "new", "doubtful", "refused", "doubtful", "same"]
    reasons = list(batch.rows.order_by("number").values_list("reasons", flat=True))
    assert reasons == [[], [], ["zero_position"], ["axes_swapped"], ["id_twice"], []]
    assert import_counts(batch) == {"new": 2, "changed": 0, "same": 1, "doubtful": 2, "refused": 1}
    assert everything() == before


def test_rows_that_came_by_columns_are_kept_as_those_that_came_one_by_one(
    stage, monkeypatch, investigation, tmp_path
):
    lines = [f"p{number},{number % 90}.5,-7.25,2023-09-20,Made-up place,\n" for number in range(60)]
    lines[20:20] = ["t\tb,91,0,,Out,\n", 'q"x,1,2,soon,"Խանքենդի, ""🎯""",\n']
    lines[40:40] = [" p1 ,1,2,,back\\slash,\n", ",3,4,,No id,\n", ",3,4,,No id,\n"]
    text = HEADER + "".join(lines)
    (tmp_path / "read.csv").write_text(text)
    careful = list(plain.rows(tmp_path / "read.csv"))
    monkeypatch.setattr(csv_blocks, "BLOCK_BYTES", 500)
    batch = stage(text)
    kept = list(batch.rows)
    assert [row.number for row in kept] == [row.number for row in careful]
    for row, read in zip(kept, careful, strict=True):
        if isinstance(read, RefusedRow):
            assert (row.verdict, row.reasons, row.digest) == ("refused", list(read.reasons), "")
            continue
        assert (row.upstream_id, row.digest, row.row) == (read.upstream_id, read.digest, dict(read.row))
        assert (row.latitude, row.longitude) == (read.latitude, read.longitude)
    assert verdicts(batch)[20:22] == ["refused", "doubtful"]
    # The same id in another wording, and the same row twice: both came in blocks of their own.
    assert [verdicts(batch)[at] for at in (40, 41, 42)] == ["doubtful", "new", "same"]
    assert import_counts(batch) == {"new": 61, "changed": 0, "same": 1, "doubtful": 2, "refused": 1}


def test_rows_come_in_as_drafts_that_say_whose_they_are(stage, investigator):
    batch = stage(MIXED)
    assert import_apply(actor=investigator, batch=batch) == 2
    made = Geolocation.objects.order_by("pk")
    assert [geolocation.state for geolocation in made] == ["draft", "draft"]
    revision = made[0].current_revision
    digest = batch.rows.get(number=1).digest
    assert "upstream id a" in revision.reasoning
    assert digest in revision.reasoning
    assert "1000 m is assumed" in revision.reasoning
    assert revision.captured_on.isoformat() == "2023-09-20"
    assert revision.captured_from is None
    assert made[0].media_item.appearances.get().canonical_url == "https://t.me/example/101"


def test_the_same_file_twice_changes_nothing(stage, investigator):
    import_apply(actor=investigator, batch=stage(MIXED))
    before = everything()
    batch = stage(MIXED)
    assert verdicts(batch) == ["same", "same", "doubtful", "refused", "doubtful", "same"]
    assert import_apply(actor=investigator, batch=batch) == 0
    assert everything() == before


def test_a_changed_row_revises_the_untouched_draft(stage, investigator):
    import_apply(actor=investigator, batch=stage(GOOD))
    batch = stage(GOOD.replace("39.9,46.8", "39.95,46.8"))
    assert verdicts(batch) == ["same", "changed"]
    assert import_apply(actor=investigator, batch=batch) == 1
    assert Geolocation.objects.count() == 2
    revisions = GeolocationRevision.objects.filter(subject_longitude=46.8).order_by("number")
    assert [revision.subject_latitude for revision in revisions] == [39.9, 39.95]


def test_a_changed_row_leaves_what_is_in_review_as_it_is(stage, investigator):
    import_apply(actor=investigator, batch=stage(GOOD))
    submitted = Geolocation.objects.order_by("pk").last()
    geolocation_submit(actor=investigator, geolocation=submitted)
    import_apply(actor=investigator, batch=stage(GOOD.replace("39.9,46.8", "39.95,46.8")))
    submitted.refresh_from_db()
    assert (submitted.state, submitted.current_revision.subject_latitude) == ("in_review", 39.9)
    beside = Geolocation.objects.order_by("pk").last()
    assert (beside.state, beside.media_item_id) == ("draft", submitted.media_item_id)


def test_a_doubtful_row_comes_in_only_when_a_person_lets_it(stage, investigator):
    batch = stage(MIXED)
    import_apply(actor=investigator, batch=batch)
    import_let_in(actor=investigator, batch=batch, number=3)
    assert import_apply(actor=investigator, batch=batch) == 1
    with pytest.raises(NotFound):
        import_let_in(actor=investigator, batch=batch, number=4)


def test_a_run_that_was_killed_goes_on_where_it_stood(stage, investigator, monkeypatch):
    rows = "".join(f"r{number},39.8,46.{number},,Made-up {number},\n" for number in range(1, 6))
    batch = stage(HEADER + rows)
    propose, calls = importing_pieces.geolocations_propose, []

    def killed(**values):
        calls.append(propose(**values))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return calls[-1]

    monkeypatch.setattr(importing_pieces, "PIECE_ROWS", 2)
    monkeypatch.setattr(importing_pieces, "geolocations_propose", killed)
    with pytest.raises(KeyboardInterrupt):
        import_apply(actor=investigator, batch=batch)
    assert (Geolocation.objects.count(), MediaItem.objects.count()) == (2, 2)
    assert import_apply(actor=investigator, batch=batch) == 3
    assert (Geolocation.objects.count(), MediaItem.objects.count()) == (5, 5)


def test_a_row_that_the_catalogue_refuses_hides_no_other(stage, investigator):
    batch = stage(f"{GOOD}n,39.8,46.7,,No such host,https://made_up.example/1\nz,39.7,46.6,,Made-up mill,\n")
    assert import_apply(actor=investigator, batch=batch) == 3
    row = batch.rows.get(number=3)
    assert (row.applied_at, row.sentence) == (None, "Enter a valid URL. Enter a valid URL.")
    assert [made.reference for made in MediaItem.objects.order_by("pk")] == ["M01", "M02", "M03"]


def test_a_known_post_is_the_item_that_exists(stage, investigator):
    import_apply(actor=investigator, batch=stage(GOOD))
    import_apply(actor=investigator, batch=stage(GOOD.replace("a,39.8", "z,39.7"), name="other.csv"))
    assert MediaItem.objects.filter(appearances__canonical_url="https://t.me/example/101").count() == 1
    assert Geolocation.objects.count() == 3


def test_only_investigators_and_above_may(stage, viewer, stranger):
    with pytest.raises(NotAllowed):
        stage(GOOD, actor=viewer)
    with pytest.raises(NotFound):
        stage(GOOD, actor=stranger)


def test_a_file_that_cannot_be_read_stages_nothing(stage):
    with pytest.raises(InvalidInput):
        stage("[1,", name="x.json", format_name="timemap")
    with pytest.raises(InvalidInput):
        stage("a,b\n1,2\n")
    assert not StagedRow.objects.exists()


def test_private_fields_reach_no_proposal(stage, investigator):
    text = (
        "File Path,File Hash SHA256,File Created,Location.Latitude,Location.Longitude,DeviceID\n"
        "/sd/a.jpg,aa11,2023-09-20T10:00:00+04:00,39.8,46.7,device-made-up\n"
    )
    import_apply(actor=investigator, batch=stage(text))
    revision = GeolocationRevision.objects.get()
    assert "device-made-up" not in f"{revision.reasoning} {revision.references}"
    assert "device-made-up" not in json.dumps(StagedRow.objects.get().row)
    assert revision.captured_from == revision.captured_to is not None


def test_the_command_prints_a_summary_or_a_line_a_row(tmp_path, investigator, investigation):
    path = tmp_path / "points.csv"
    path.write_text(MIXED)
    options = {"investigation": investigation.code, "actor": investigator.email, "stdout": StringIO()}
    call_command("import_points", path, "--dry-run", "--json", **options)
    lines = [json.loads(line) for line in options["stdout"].getvalue().splitlines()]
    assert [line["verdict"] for line in lines][:3] == ["new", "new", "doubtful"]
    assert not Geolocation.objects.exists()
    call_command("import_points", path, **options)
    assert "2 new" in options["stdout"].getvalue()
    assert "2 brought in." in options["stdout"].getvalue()
    with pytest.raises(CommandError):
        call_command("import_points", path, "--column", "latitude", **options)


SHEET = "Link,Archive Status,Archive Location,Upload Title,Latitude,Longitude\n"
ARCHIVED = f"{SHEET}https://t.me/example/101,success,https://archive.example.org/101,Made-up bridge,,\n"


def test_an_archived_posting_without_a_position_is_a_recording_with_its_archive(stage, investigator):
    batch = stage(ARCHIVED)
    assert (batch.format, verdicts(batch)) == ("auto_archiver", ["new"])
    assert import_apply(actor=investigator, batch=batch) == 1
    item = MediaItem.objects.get()
    appearance = item.appearances.get()
    assert (item.title, appearance.archived_url) == ("Made-up bridge", "https://archive.example.org/101")
    assert not Geolocation.objects.exists()
    assert verdicts(stage(ARCHIVED)) == ["same"]


def test_an_archived_posting_that_gets_a_position_is_placed_at_the_same_recording(stage, investigator):
    import_apply(actor=investigator, batch=stage(ARCHIVED))
    batch = stage(ARCHIVED.replace("bridge,,", "bridge,39.8,46.7"), name="later.csv")
    assert verdicts(batch) == ["changed"]
    assert import_apply(actor=investigator, batch=batch) == 1
    assert Geolocation.objects.get().media_item == MediaItem.objects.get()


TIMEMAP = {
    "sources": {
        "s1": {"paths": ["https://t.me/example/101"], "author": "Made-up Channel"},
        "s2": {"url": "https://t.me/example/102", "author": "made-up channel"},
        "s3": {"paths": ["https://t.me/example/103"]},
    },
    "events": [
        {"id": f"e{n}", "latitude": "39.8", "longitude": "46.7", "time_display": "", "sources": [f"s{n}"]}
        for n in (1, 2, 3)
    ],
}


def test_authors_of_timemap_sources_become_sources_once_each(stage, investigator):
    batch = stage(json.dumps(TIMEMAP), name="events.json")
    assert import_apply(actor=investigator, batch=batch) == 3
    source = Source.objects.get()
    assert (source.name, source.reliability) == ("Made-up Channel", "F")
    posted = Appearance.objects.order_by("url").values_list("url", "posted_by")
    assert list(posted) == [
        ("https://t.me/example/101", source.pk),
        ("https://t.me/example/102", source.pk),
        ("https://t.me/example/103", None),
    ]
