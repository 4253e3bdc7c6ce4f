"""Re-checking many at once, and computing an old verdict again from what its run kept."""

import random
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from evidence.forms.investigations import SettingsForm
from evidence.models import Appearance, MediaFile, MediaLikeness, MetadataReading, ReadingState
from evidence.services.appearances import PostedTime, appearance_add
from evidence.services.catalogue import Name, place_add, source_add
from evidence.services.claims import ClaimDetails, claim_evidence_link, claim_log
from evidence.services.investigations import investigation_change
from evidence.services.likeness import likeness_decide
from evidence.services.media import MediaDetails, media_change, media_create
from geolocation.checks import PERMANENT_KEYS
from geolocation.coordinates.position import Position
from geolocation.models import CheckRun, Geolocation
from geolocation.services.checks import (
    check_recompute,
    checks_newest,
    checks_recheck,
    checks_run,
    is_same_result,
)
from geolocation.services.geolocations import Captured, Placed, ShadowSeen, geolocation_propose
from tests.geolocation.conftest import a_proposal

pytestmark = pytest.mark.django_db

SEED = 20230919


@pytest.fixture
def investigation_of_many(investigation, investigator, editor):
    """Twenty items with files, places, claims, posts, shadows and company, from a fixed seed."""
    chance = random.Random(SEED)
    source = source_add(actor=investigator, investigation=investigation, name="A channel")
    place = place_add(
        actor=investigator,
        investigation=investigation,
        names=[Name(name="Town")],
        latitude=39.82,
        longitude=46.76,
    )
    claim = claim_log(
        actor=investigator,
        investigation=investigation,
        details=ClaimDetails(statement="A fire.", claimant=source, about_from=date(2023, 9, 19)),
        places=[place],
    )
    for number in range(20):
        item = media_create(
            actor=investigator,
            investigation=investigation,
            details=MediaDetails(title=f"Item {number}", author=source if number % 2 else None),
        )
        if number % 3 == 0:
            claim_evidence_link(actor=investigator, claim=claim, media_item=item, relation="supports")
        if number % 4 == 0:
            details = MediaDetails(title=item.title, author=item.author, place=place)
            media_change(actor=investigator, item=item, details=details)
        if number % 5 == 0:
            posted = datetime(2023, 9, 21, 12, tzinfo=UTC) + timedelta(hours=chance.uniform(-72, 72))
            appearance_add(
                actor=investigator,
                item=item,
                url=f"https://t.me/somechannel/{number + 1}",
                posted=PostedTime(posted_at=posted, basis="as_posted"),
            )
        _file(item, investigator, number, chance)
        for actor in (investigator, editor)[: 1 + number % 2]:
            geolocation_propose(actor=actor, media_item=item, proposal=_proposal(chance, number), submit=True)
    return investigation


def _file(item, person, number, chance):
    stored = MediaFile.objects.create(
        investigation=item.investigation,
        media_item=item,
        role="original",
        sha256=f"{number:064x}",
        size_bytes=1,
        mime_type="image/jpeg",
        added_by=person,
    )
    fix = {
        "latitude": 39.82 + chance.uniform(-0.01, 0.01),
        "longitude": 46.76,
        "source": "EXIF GPS",
        "status": "ok",
    }
    fields = {
        "positions": [fix],
        "preferred_position": fix,
        "heading_deg": chance.uniform(0, 359),
        "heading_reference": chance.choice(["true", "magnetic", None]),
        "times": [{"local": "2023-09-20T14:00:00", "offset_min": 240, "utc": None, "basis": "offset_tag"}],
        "serials": ["F17" if number % 4 == 0 else f"S{number}"],
        "camera_make": "Lumen",
        "camera_model": "3",
    }
    MetadataReading.objects.create(media_file=stored, reader="walker", state=ReadingState.DONE, fields=fields)


def _proposal(chance, number):
    start = datetime(2023, 9, 18, tzinfo=UTC) + timedelta(minutes=chance.randrange(5 * 1440))
    at = Position(39.82 + chance.uniform(-0.02, 0.02), 46.76 + chance.uniform(-0.02, 0.02))
    if number in {3, 4, 5, 6, 7}:
        at = Position(39.821232, 46.758423)
    return a_proposal(
        camera=Placed(position=at, uncertainty_m=chance.uniform(5, 100)),
        subject=Placed(position=Position(at.latitude + 0.004, at.longitude), uncertainty_m=20),
        bearing_deg=chance.uniform(0, 359),
        captured=Captured(start=start, end=start + timedelta(minutes=30), offset_min=240, basis="as posted")
        if number % 6
        else Captured(on=start.date(), basis="as posted"),
        light_seen=chance.choice(["", "day", "night"]),
        shadow=ShadowSeen(azimuth_deg=40.0, azimuth_error_deg=5.0) if number % 3 else ShadowSeen(),
    )


def said(geolocation):
    geolocation.refresh_from_db()
    runs = checks_newest(revision=geolocation.current_revision)
    return {key: (run.version, run.verdict, run.sentence, run.threshold) for key, run in runs.items()}, {
        key: run.measured_value for key, run in runs.items()
    }


def test_all_at_once_says_the_same_as_one_by_one(investigation_of_many):
    geolocations = list(Geolocation.objects.order_by("pk"))
    assert len(geolocations) == 30
    for geolocation in geolocations:
        checks_run(geolocation_id=geolocation.pk)
    alone = [said(each) for each in geolocations]
    CheckRun.objects.all().delete()
    looked_at = list(checks_recheck(geolocations=Geolocation.objects.all(), batch=7))
    assert [count for count, _added in looked_at] == [7, 7, 7, 7, 2]
    for (words, figures), geolocation in zip(alone, geolocations, strict=True):
        again, figures_again = said(geolocation)
        assert again == words
        for key, value in figures.items():
            assert figures_again[key] == (value and pytest.approx(value, rel=1e-9, abs=1e-9))
    # The world above reaches every check that needs no landmarks, look-alike, area or blind round.
    verdicts = {run.key for run in CheckRun.objects.exclude(verdict="inapplicable")}
    assert verdicts == set(PERMANENT_KEYS) - {"resection", "likeness", "area", "blind_second"}
    assert not CheckRun.objects.filter(verdict="error").exists()


def test_a_batch_asks_as_many_queries_as_one(investigation_of_many, django_assert_max_num_queries):
    with django_assert_max_num_queries(24):
        list(checks_recheck(geolocations=Geolocation.objects.all(), batch=100))


def test_run_again_nothing_is_added(investigation_of_many):
    list(checks_recheck(geolocations=Geolocation.objects.all()))
    before = CheckRun.objects.count()
    assert before == 30 * len(PERMANENT_KEYS)
    assert list(checks_recheck(geolocations=Geolocation.objects.all())) == [(30, 0)]
    assert CheckRun.objects.count() == before


def test_every_stored_run_gives_its_verdict_again_after_the_evidence_is_gone(investigation_of_many):
    list(checks_recheck(geolocations=Geolocation.objects.all()))
    MetadataReading.objects.all().delete()
    Appearance.objects.all().delete()
    for run in CheckRun.objects.all():
        assert is_same_result(run, check_recompute(run=run)), run.key


def test_the_command_computes_a_run_again_and_says_whether_it_is_the_same(in_review):
    run = next(run for run in checks_run(geolocation_id=in_review.pk) if run.key == "suspicious_numbers")
    out = StringIO()
    call_command("recompute_check", str(run.pk), stdout=out)
    assert out.getvalue().rstrip().endswith("The same.")
    CheckRun.objects.filter(pk=run.pk).update(version=1)
    call_command("recompute_check", str(run.pk), stdout=out)
    assert "changed since" in out.getvalue()
    CheckRun.objects.filter(pk=run.pk).update(version=run.version, sentence="Something else.")
    with pytest.raises(CommandError, match="another result"):
        call_command("recompute_check", str(run.pk), stdout=out)
    CheckRun.objects.filter(pk=run.pk).update(inputs={"camera": {"nonsense": 1}})
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("recompute_check", str(run.pk), stdout=out)
    CheckRun.objects.filter(pk=run.pk).update(key="mood")
    with pytest.raises(CommandError, match="not among"):
        call_command("recompute_check", str(run.pk), stdout=out)
    with pytest.raises(CommandError, match="no check run"):
        call_command("recompute_check", "123456789", stdout=out)


def test_the_recheck_command_takes_one_investigation_or_all(in_review):
    for which in (["recheck", in_review.investigation.code], ["recheck", "--all"]):
        out = StringIO()
        call_command(*which, stdout=out, stderr=StringIO())
        assert "1 geolocations checked" in out.getvalue()
    with pytest.raises(CommandError, match="no investigation NOPE"):
        call_command("recheck", "NOPE")


SQUARE = "39, 46\n39, 47\n40, 47\n40, 46"


def test_an_area_that_changes_has_everything_in_it_checked_again(
    in_review, editor, run_on_commit, monkeypatch
):
    checks_run(geolocation_id=in_review.pk)
    sent = []
    monkeypatch.setattr(
        "geolocation.services.checks.current_app.send_task",
        lambda name, args, **kwargs: sent.append((name, args)),
    )
    area = SettingsForm.base_fields["area"].clean(SQUARE)
    with run_on_commit():
        investigation_change(actor=editor, investigation=in_review.investigation, area=area)
    assert sent == [("geolocation.tasks.recheck_investigation", [in_review.investigation_id])]
    in_review.refresh_from_db()
    assert in_review.checks_requested_at > in_review.checks_done_at
    checks_run(geolocation_id=in_review.pk)
    run = checks_newest(revision=in_review.current_revision)["area"]
    assert run.verdict == "passed"
    # 39.821232 N is 0.178768 degrees from the northern side: 111.04 km a degree there.
    assert run.measured_value == pytest.approx(-0.178768 * 111_035, rel=1e-3)
    with run_on_commit():
        investigation_change(actor=editor, investigation=in_review.investigation, title="Another title")
    assert len(sent) == 1, "a title is not compared with anything"


def test_many_items_on_one_point_are_counted_without_the_item_itself(investigation_of_many):
    list(checks_recheck(geolocations=Geolocation.objects.all()))
    crowded = CheckRun.objects.filter(key="suspicious_numbers", sentence__contains="exactly the point of 4")
    assert crowded.count() == 5 + 3, "items 3 to 7; the odd ones have two geolocations"


def test_recordings_of_one_device_are_compared_with_the_nearest_in_time(investigation_of_many):
    list(checks_recheck(geolocations=Geolocation.objects.all()))
    runs = CheckRun.objects.filter(key="journey").exclude(verdict="inapplicable")
    ties = {each["tie"] for run in runs for each in run.inputs["recordings"]}
    assert ties == {"device", "source"}
    names = {each["name"] for run in runs for each in run.inputs["recordings"]}
    assert names == {"Lumen 3", "A channel"}
    for run in runs:
        assert "F17" not in str(run.inputs) + run.sentence, "not everybody may read serial numbers"
        own = run.revision.geolocation.media_item.reference
        assert own not in {each["item"] for each in run.inputs["recordings"]}


def test_a_time_hidden_in_the_post_id_is_read_out_of_the_link(in_review, investigator):
    # Twitter's published example of an id: 1212092628029698048 is 2019-12-31T19:26:16.771Z.
    appearance_add(
        actor=investigator,
        item=in_review.media_item,
        url="https://twitter.com/somebody/status/1212092628029698048",
        posted=PostedTime(),
    )
    checks_run(geolocation_id=in_review.pk)
    inputs = checks_newest(revision=in_review.current_revision)["posting_order"].inputs
    assert inputs["earliest_posting"]["id_utc"].startswith("2019-12-31T19:26:16.771")
    assert inputs["earliest_posting"]["id_precision_s"] == pytest.approx(0.001)


def look_alike(item, person):
    """Another item with a file that looks like the item's, and the pair."""
    other = media_create(
        actor=person, investigation=item.investigation, details=MediaDetails(title="A clip of it")
    )
    files = [
        MediaFile.objects.create(
            investigation=item.investigation,
            media_item=each,
            role="original",
            sha256=f"{each.pk:064x}",
            size_bytes=1,
            mime_type="video/mp4",
            added_by=person,
        )
        for each in (item, other)
    ]
    pair = MediaLikeness.objects.create(
        investigation=item.investigation,
        item_a=item,
        item_b=other,
        file_a=files[0],
        file_b=files[1],
        kind="clip",
        score=0.9,
    )
    return other, pair


def test_a_look_alike_placed_elsewhere_is_flagged_until_somebody_dismisses_it(
    in_review, investigator, reviewer
):
    other, pair = look_alike(in_review.media_item, investigator)
    elsewhere = Placed(position=Position(40.0, 46.9), uncertainty_m=15)
    checks_run(geolocation_id=in_review.pk)
    done = Geolocation.objects.get(pk=in_review.pk).checks_done_at
    geolocation_propose(
        actor=investigator, media_item=other, proposal=a_proposal(camera=elsewhere), submit=True
    )
    in_review.refresh_from_db()
    assert in_review.checks_requested_at > done, "a placed look-alike has this one compared again"
    checks_run(geolocation_id=in_review.pk)
    run = checks_newest(revision=in_review.current_revision)["likeness"]
    assert run.verdict == "flagged"
    assert f"{other.reference}, which looks like this one, in part" in run.sentence

    done = Geolocation.objects.get(pk=in_review.pk).checks_done_at
    likeness_decide(actor=reviewer, likeness=pair, decision="dismissed", reason="Another street.")
    in_review.refresh_from_db()
    assert in_review.checks_requested_at > done
    checks_run(geolocation_id=in_review.pk)
    assert checks_newest(revision=in_review.current_revision)["likeness"].verdict == "inapplicable"
