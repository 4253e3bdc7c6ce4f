"""Four people at the pages on which a geolocation is proposed, looked at, revised and taken back."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from evidence.models import FileRole, MediaFile, MetadataReading
from geolocation.models import CheckRun, Geolocation, Tombstone, TombstoneReason, VerifiedPoint
from geolocation.services.checks import checks_run
from geolocation.services.geolocations import geolocation_revise
from geolocation.services.review import review_decide
from tests.geolocation.conftest import ALL_YES, a_proposal

pytestmark = pytest.mark.django_db

STATEMENT = {
    "camera": "39.821232, 46.758423",
    "camera_uncertainty_m": "15",
    "subject": "N 39° 53' 57.2\" E 46° 47' 16.2\"",
    "subject_uncertainty_m": "50",
    "bearing_deg": "",
    "field_of_view_deg": "40",
    "capture_kind": "unknown",
    "method": "landmarks",
    "reasoning": "The tower stands left of the terminal, as it does only from this avenue.",
    "references": "Satellite image of 2 October 2023",
}


@pytest.fixture
def address(investigation, media_item):
    return reverse("geolocation:geolocate", args=[investigation.code, media_item.reference])


@pytest.fixture
def verified(in_review, reviewer):
    review_decide(actor=reviewer, revision=in_review.current_revision, decision="approve", checklist=ALL_YES)
    in_review.refresh_from_db()
    assert VerifiedPoint.objects.filter(geolocation=in_review).exists()
    return in_review


def page_of(name, geolocation):
    return reverse(f"geolocation:{name}", args=[geolocation.investigation.code, geolocation.reference])


def test_an_investigator_proposes_and_submits(client, investigator, address):
    client.force_login(investigator)
    answer = client.post(address, {**STATEMENT, "action": "submit"}, follow=True)

    made = Geolocation.objects.get()
    assert made.state == "in_review"
    revision = made.current_revision
    assert (revision.camera_latitude, revision.camera_longitude) == (39.821232, 46.758423)
    assert revision.camera_as_typed == "39.821232, 46.758423"
    assert revision.subject_latitude == pytest.approx(39 + 53 / 60 + 57.2 / 3600)
    assert revision.subject_as_typed == STATEMENT["subject"]
    assert revision.field_of_view_deg == 40
    assert revision.bearing_deg is None
    assert made.checks_requested_at is not None
    assert "Submitted for review" in answer.content.decode()


def test_a_draft_is_kept_back_until_it_is_submitted(client, investigator, address):
    client.force_login(investigator)
    client.post(address, {**STATEMENT, "action": "draft"})
    made = Geolocation.objects.get()
    assert (made.state, made.checks_requested_at) == ("draft", None)

    client.post(page_of("submit", made))
    made.refresh_from_db()
    assert made.state == "in_review"


def test_pressing_enter_never_submits_for_review(client, investigator, address):
    """The first button of a form is the one that Enter presses; here it saves a draft."""
    client.force_login(investigator)
    page = client.get(address).content.decode()
    form = page[page.index("data-geolocate") :]
    first_button = form[form.index("<button") : form.index(">", form.index("<button"))]
    assert 'value="draft"' in first_button


def test_a_viewer_may_look_but_not_propose(client, viewer, address, in_review):
    client.force_login(viewer)
    assert client.get(address).status_code == 403
    assert client.post(address, STATEMENT).status_code == 403
    assert client.get(page_of("revise", in_review)).status_code == 403
    assert client.post(page_of("withdraw", in_review)).status_code == 403
    assert client.post(page_of("retract", in_review)).status_code == 403
    assert client.get(page_of("detail", in_review)).status_code == 200
    assert client.get(page_of("checks", in_review)).status_code == 200
    assert client.get(reverse("geolocation:map", args=["TEST1"])).status_code == 200


def test_a_stranger_finds_nothing(client, stranger, address, in_review):
    client.force_login(stranger)
    pages = [
        address,
        reverse("geolocation:map", args=["TEST1"]),
        reverse("geolocation:parse-position", args=["TEST1"]),
    ]
    pages += [page_of(name, in_review) for name in ("detail", "checks", "revise")]
    assert {client.get(page).status_code for page in pages} == {404}
    posts = [page_of(name, in_review) for name in ("submit", "withdraw", "retract")]
    assert {client.post(page).status_code for page in posts} == {404}


def test_an_item_of_another_investigation_is_not_found(client, investigator, investigation):
    client.force_login(investigator)
    assert client.get(reverse("geolocation:geolocate", args=["TEST1", "M99"])).status_code == 404
    assert client.get(reverse("geolocation:detail", args=["TEST1", "G99"])).status_code == 404


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"camera": "48,8566,2,3522"}, "A comma here may mark decimals"),
        ({"camera": "133.2, 39.8"}, "is not on Earth"),
        ({"subject": "39.8 46.7; 40.1 46.9"}, "more than one position"),
        (
            {"camera": "", "subject": "", "camera_uncertainty_m": "", "subject_uncertainty_m": ""},
            "Place the camera",
        ),
        ({"camera_uncertainty_m": ""}, "Give the uncertainty in metres"),
        ({"camera_uncertainty_m": "0"}, "Give the uncertainty in metres"),
        ({"camera": ""}, "There is an uncertainty but no position"),
        ({"bearing_deg": "360"}, "less than 360"),
        ({"field_of_view_deg": "0"}, "more than 0 and at most 360"),
        ({"reasoning": ""}, "Say how you know"),
        ({"capture_kind": "date", "captured_on": ""}, "Give the date"),
        ({"capture_kind": "date", "captured_on": "2023-09-20"}, "Say how the time is known"),
        (
            {"capture_kind": "interval", "captured_from": "2023-09-20T14:00"},
            "Clocks at this position showed +04:00",
        ),
    ],
)
def test_what_was_typed_is_never_lost(client, investigator, address, change, sentence):
    client.force_login(investigator)
    sent = {**STATEMENT, **change, "action": "submit"}
    answer = client.post(address, sent)

    assert answer.status_code == 422
    assert not Geolocation.objects.exists()
    assert sentence in answer.content.decode()
    form = answer.context["form"]
    assert {name: form[name].value() for name in sent if name in form.fields} == {
        name: value for name, value in sent.items() if name in form.fields
    }


def test_a_refused_text_offers_its_readings_without_javascript(client, investigator, address):
    client.force_login(investigator)
    page = client.post(address, {**STATEMENT, "camera": "133.2, 39.8"}).content.decode()
    assert 'name="take_camera" value="lat 39.8, lon 133.2"' in page

    again = client.post(address, {**STATEMENT, "camera": "133.2, 39.8", "take_camera": "lat 39.8, lon 133.2"})
    form = again.context["form"]
    assert form["camera"].value() == "lat 39.8, lon 133.2"
    assert form["reasoning"].value() == STATEMENT["reasoning"]
    assert not form.errors
    assert again.context["echoes"]["camera"]["latitude"] == 39.8
    assert not Geolocation.objects.exists()


def test_a_date_stays_a_date(client, investigator, address):
    client.force_login(investigator)
    when = {"capture_kind": "date", "captured_on": "2023-09-20", "captured_basis": "as posted"}
    client.post(address, {**STATEMENT, **when})
    revision = Geolocation.objects.get().current_revision
    assert (revision.captured_on, revision.captured_from, revision.captured_basis) == (
        date(2023, 9, 20),
        None,
        "as posted",
    )
    page = client.get(page_of("detail", revision.geolocation)).content.decode()
    assert "20 Sep 2023" in page
    assert "date only" in page


def test_local_times_are_converted_with_the_stated_offset(client, investigator, address):
    """14:00 at +04:00 is 10:00 UTC."""
    client.force_login(investigator)
    when = {
        "capture_kind": "interval",
        "captured_from": "2023-09-20T14:00",
        "captured_to": "2023-09-20T14:30:00",
        "captured_offset": "+04:00",
        "captured_basis": "clock seen in the picture",
    }
    client.post(address, {**STATEMENT, **when})
    revision = Geolocation.objects.get().current_revision
    assert revision.captured_from == datetime(2023, 9, 20, 10, 0, tzinfo=UTC)
    assert revision.captured_to == datetime(2023, 9, 20, 10, 30, tzinfo=UTC)
    assert revision.captured_offset_min == 240

    shown = client.get(page_of("revise", revision.geolocation)).content.decode()
    assert 'value="2023-09-20T14:00:00"' in shown
    assert 'value="+04:00"' in shown
    assert "20 Sep 2023, 14:00 +04:00" in client.get(page_of("detail", revision.geolocation)).content.decode()


def test_a_revision_of_a_verified_geolocation_takes_its_point_out(client, investigator, verified):
    client.force_login(investigator)
    page = client.get(page_of("revise", verified))
    assert "takes its point out of every export" in page.content.decode()

    sent = {**STATEMENT, "based_on": page.context["form"]["based_on"].value(), "action": "submit"}
    client.post(page_of("revise", verified), sent)
    verified.refresh_from_db()
    assert verified.state == "in_review"
    assert verified.current_revision.number == 2
    assert not VerifiedPoint.objects.exists()
    assert Tombstone.objects.get().reason == TombstoneReason.REOPENED

    detail = client.get(page_of("detail", verified)).content.decode()
    assert "The subject is placed now." in detail
    assert "left the exports" in detail


def test_somebody_elses_revision_meanwhile_loses_no_word(client, investigator, editor, in_review):
    client.force_login(investigator)
    based_on = client.get(page_of("revise", in_review)).context["form"]["based_on"].value()
    geolocation_revise(
        actor=editor,
        geolocation=in_review,
        based_on=1,
        submit=True,
        proposal=a_proposal(reasoning="The mast moved: compare the second frame."),
    )

    sent = {**STATEMENT, "based_on": based_on}
    answer = client.post(page_of("revise", in_review), sent)
    page = answer.content.decode()
    assert "Revision 2 by Edda Editor was saved meanwhile" in page
    assert "The mast moved: compare the second frame." in page
    assert answer.context["form"]["reasoning"].value() == STATEMENT["reasoning"]
    in_review.refresh_from_db()
    assert in_review.current_revision.number == 2

    client.post(
        page_of("revise", in_review), {**sent, "based_on": answer.context["form"]["based_on"].value()}
    )
    in_review.refresh_from_db()
    assert in_review.current_revision.number == 3


def test_the_revise_form_starts_with_what_was_typed(client, investigator, in_review):
    client.force_login(investigator)
    form = client.get(page_of("revise", in_review)).context["form"]
    assert form["camera"].value() == "39.821232, 46.758423"
    assert form["camera_uncertainty_m"].value() == 15
    assert form["reasoning"].value() == in_review.current_revision.reasoning


def test_only_the_author_withdraws(client, investigator, reviewer, in_review):
    client.force_login(reviewer)
    refused = client.post(page_of("withdraw", in_review), follow=True)
    assert "Only Ines Investigator can withdraw this." in refused.content.decode()

    client.force_login(investigator)
    client.post(page_of("withdraw", in_review), {"reason": "The quay is another one."})
    in_review.refresh_from_db()
    assert (in_review.state, in_review.state_reason) == ("withdrawn", "The quay is another one.")
    answer = client.get(page_of("revise", in_review), follow=True)
    assert answer.redirect_chain
    assert "that is final" in answer.content.decode()


def test_an_editor_retracts_with_a_reason_only(client, editor, reviewer, verified):
    client.force_login(reviewer)
    assert client.post(page_of("retract", verified), {"reason": "x"}).status_code == 403

    client.force_login(editor)
    assert (
        "Say why" in client.post(page_of("retract", verified), {"reason": " "}, follow=True).content.decode()
    )
    assert VerifiedPoint.objects.exists()
    client.post(page_of("retract", verified), {"reason": "Two quays look alike."})
    assert not VerifiedPoint.objects.exists()
    assert Tombstone.objects.get().explanation == "Two quays look alike."


def test_a_refused_step_is_a_sentence_and_not_an_error_page(client, investigator, in_review):
    client.force_login(investigator)
    answer = client.post(page_of("submit", in_review), follow=True)
    assert answer.status_code == 200
    assert "is in review, so it cannot be submitted" in answer.content.decode()


class TestEcho:
    @pytest.fixture
    def ask(self, client, investigator, investigation, media_item):
        client.force_login(investigator)
        return lambda text, **more: client.get(
            reverse("geolocation:parse-position", args=["TEST1"]), {"text": text, **more}
        ).json()

    def test_says_what_was_understood(self, ask):
        answer = ask("39°49'16.4\"N 46°45'30.3\"E")
        assert answer["ok"] is True
        assert answer["notation_name"] == "degrees, minutes, seconds"
        assert answer["latitude"] == pytest.approx(39 + 49 / 60 + 16.4 / 3600)

    def test_refuses_with_readings_that_can_be_taken(self, ask):
        answer = ask("133.2, 39.8")
        assert (answer["ok"], answer["reason"]) == (False, "out_of_range")
        taken = ask(answer["readings"][0]["text"])
        assert (taken["ok"], taken["latitude"], taken["longitude"]) == (True, 39.8, 133.2)

    def test_offers_both_of_two_positions(self, ask):
        readings = ask("39.8 46.7; 40.1 46.9")["readings"]
        assert [ask(reading["text"])["latitude"] for reading in readings] == [39.8, 40.1]

    def test_half_a_position_is_shown_but_cannot_be_taken(self, ask):
        readings = ask("39.8")["readings"]
        assert [reading["text"] for reading in readings] == [None, None]
        assert [reading["shown"] for reading in readings] == ["lat 39.8", "lon 39.8"]

    def test_proposes_the_offset_of_the_zone_there(self, ask):
        """Asia/Baku has kept +04:00 all year since 2016 (IANA time zone database)."""
        answer = ask("39.821232, 46.758423", local="2023-09-20T14:00")
        assert answer["offset"] == {"zone": "Asia/Baku", "offsets": ["+04:00"]}

    def test_a_viewer_has_no_form_and_no_echo(self, client, viewer, investigation):
        client.force_login(viewer)
        assert (
            client.get(reverse("geolocation:parse-position", args=["TEST1"]), {"text": "1, 2"}).status_code
            == 403
        )


class TestChecksPanel:
    def test_asks_again_while_checks_are_pending_and_stops_when_done(self, client, viewer, in_review):
        client.force_login(viewer)
        pending = client.get(page_of("checks", in_review)).content.decode()
        assert "Checking…" in pending
        assert 'hx-trigger="every 2s"' in pending

        checks_run(geolocation_id=in_review.pk)
        done = client.get(page_of("checks", in_review)).content.decode()
        assert "hx-trigger" not in done
        assert "Checking…" not in done
        for run in CheckRun.objects.filter(revision=in_review.current_revision):
            assert run.sentence.replace("'", "&#x27;").replace('"', "&quot;") in done

    def test_says_so_when_no_worker_comes(self, client, viewer, in_review):
        Geolocation.objects.update(checks_requested_at=datetime(2023, 9, 20, tzinfo=UTC))
        client.force_login(viewer)
        assert "none has come for them yet" in client.get(page_of("checks", in_review)).content.decode()

    def test_a_draft_is_not_checked(self, client, investigator, address):
        client.force_login(investigator)
        client.post(address, {**STATEMENT, "action": "draft"})
        page = client.get(page_of("checks", Geolocation.objects.get())).content.decode()
        assert "The checks run when it is submitted" in page


class TestDetail:
    @pytest.mark.parametrize(
        ("person", "shown", "hidden"),
        [
            ("viewer", [], ["Revise", "Withdraw", "Retract"]),
            ("investigator", ["Revise", "Withdraw"], ["Retract"]),
            ("reviewer", ["Revise"], ["Withdraw it", "Retract"]),
        ],
    )
    def test_shows_the_steps_that_the_person_may_take(
        self, client, request, in_review, person, shown, hidden
    ):
        client.force_login(request.getfixturevalue(person))
        page = client.get(page_of("detail", in_review)).content.decode()
        assert all(word in page for word in shown)
        assert not any(word in page for word in hidden)

    def test_tells_the_line_of_sight_and_the_log(self, client, investigator, address):
        """9017.675 m at 16.195 degrees: ST_Distance and ST_Azimuth of PostGIS between the positions typed."""
        client.force_login(investigator)
        client.post(address, {**STATEMENT, "action": "submit"})
        page = client.get(page_of("detail", Geolocation.objects.get())).content.decode()
        assert "9017.7 m, 16.2°" in page
        assert "typed as" in page
        assert "submitted for review" in page


class TestMap:
    def test_has_every_standing_geolocation_by_its_state(self, client, viewer, in_review):
        client.force_login(viewer)
        answer = client.get(reverse("geolocation:map", args=["TEST1"]))
        (point,) = answer.context["points"]["features"]
        assert point["geometry"]["coordinates"] == [46.758423, 39.821232]
        assert point["properties"]["status"] == "in_review"
        assert in_review.reference in answer.content.decode()

    def test_hides_the_closed_until_asked(self, client, investigator, in_review):
        client.force_login(investigator)
        client.post(page_of("withdraw", in_review))
        address = reverse("geolocation:map", args=["TEST1"])
        assert client.get(address).context["rows"] == []
        assert len(client.get(address, {"state": "all"}).context["rows"]) == 1
        assert len(client.get(address, {"state": "withdrawn", "q": "smoke"}).context["rows"]) == 1
        assert client.get(address, {"state": "withdrawn", "q": "bridge"}).context["rows"] == []


def test_what_the_file_says_stands_beside_the_form(client, investigator, address, media_item):
    stored = MediaFile.objects.create(
        investigation=media_item.investigation,
        media_item=media_item,
        role=FileRole.ORIGINAL,
        sha256="a" * 64,
        size_bytes=1,
        mime_type="image/jpeg",
    )
    MetadataReading.objects.create(
        media_file=stored,
        reader="walker",
        state="done",
        fields={
            "preferred_position": {
                "latitude": 39.8213,
                "longitude": 46.7585,
                "status": "ok",
                "source": "EXIF GPS",
                "horizontal_error_m": 4.7,
            },
            "heading_deg": 16.5,
            "heading_reference": "true",
            "captured": {
                "local": "2023-09-20T14:03:11",
                "offset_min": 240,
                "utc": None,
                "basis": "offset_tag",
            },
        },
    )
    client.force_login(investigator)
    page = client.get(address).content.decode()
    assert 'data-fill-camera="39.821300, 46.758500"' in page
    assert 'data-fill-camera_uncertainty_m="4.7"' in page
    assert 'data-fill-bearing_deg="16.50"' in page
    assert 'data-fill-captured_from="2023-09-20T14:03:11"' in page
    assert 'data-fill-captured_offset="+04:00"' in page
