"""Logging through the API: the same services as the pages, so the same rules and the same refusals."""

import io

import pytest
from PIL import Image
from rest_framework.test import APIClient

from evidence.models import CustodyEvent, MediaItem, Place, Source
from evidence.services.media import media_log_links

INSIDE = "/api/v1/investigations/TEST1"
LINK = "https://twitter.com/marutvanian/status/1704733065673687175"  # M11 of the reference case


@pytest.fixture(autouse=True)
def _media_root(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def client(client_of, investigator) -> APIClient:
    return client_of(investigator)


def a_picture(colour="red") -> io.BytesIO:
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(picture, "JPEG")
    picture.seek(0)
    picture.name = "quay.jpg"
    return picture


def test_a_source_a_place_and_a_claim_about_them(client, investigation):
    source = client.post(f"{INSIDE}/sources", {"name": "A reporter", "kind": "journalist"}, format="json")
    assert source.status_code == 201, source.json()
    assert client.get(source["Location"]).json()["name"] == "A reporter"
    names = [{"name": "Stepanakert"}, {"name": "Xankəndi", "language": "az", "is_shown": True}]
    place = client.post(
        f"{INSIDE}/places", {"names": names, "latitude": 39.8, "longitude": 46.7}, format="json"
    )
    assert place.status_code == 201, place.json()
    assert client.get(place["Location"]).json()["display_name"] == "Stepanakert / Xankəndi"
    claim = client.post(
        f"{INSIDE}/claims",
        {
            "statement": "A convoy left the town.",
            "claimant": source.json()["key"],
            "made_on": "2023-09-20",
            "places": [place.json()["key"]],
        },
        format="json",
    )
    assert claim.status_code == 201, claim.json()
    read = client.get(claim["Location"]).json()
    assert (read["made_on"], read["about_from"], read["assessment"]) == ("2023-09-20", None, "unverified")


def test_what_a_claim_names_has_to_be_in_the_investigation(client, investigation):
    answer = client.post(f"{INSIDE}/claims", {"statement": "x", "claimant": "nobody"}, format="json")
    assert answer.status_code == 400
    assert "“nobody”" in answer.json()["error"]["fields"]["claimant"][0]


def test_a_misspelled_field_is_refused_not_lost(client, investigation):
    answer = client.post(f"{INSIDE}/sources", {"name": "x", "reliabilty": "A"}, format="json")
    assert answer.status_code == 400
    assert "reliability" in answer.json()["error"]["fields"]["reliabilty"][0]
    assert not Source.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {"names": []},
        {"names": [{"name": ""}]},
        {"names": [{"name": "A"}, {"name": "A"}]},
        {"names": [{"name": "A"}], "latitude": 91, "longitude": 0},
        {"names": [{"name": "A"}], "latitude": 9},
        {"names": [{"name": "A"}], "radius_m": -1},
        {"names": [{"name": "A" * 201}]},
        {"names": "A"},
        {"names": [{"name": "A"}], "within": "nowhere"},
    ],
)
def test_a_place_that_does_not_fit_is_refused(client, investigation, body):
    answer = client.post(f"{INSIDE}/places", body, format="json")
    assert answer.status_code == 400, answer.content
    assert answer.json()["error"]["fields"]
    assert not Place.objects.exists()


def test_only_a_reviewer_assesses_and_only_with_a_reason(client, client_of, investigation, reviewer):
    key = client.post(f"{INSIDE}/sources", {"name": "A reporter"}, format="json").json()["key"]
    client.post(f"{INSIDE}/claims", {"statement": "x", "claimant": key}, format="json")
    wanted = {"assessment": "contradicted", "reason": "M01 shows otherwise."}
    assert client.post(f"{INSIDE}/claims/C01/assessment", wanted, format="json").status_code == 403
    by_reviewer = client_of(reviewer)
    answer = by_reviewer.post(f"{INSIDE}/claims/C01/assessment", {"assessment": "supported"}, format="json")
    assert answer.status_code == 400
    assert "reason" in answer.json()["error"]["fields"]
    answer = by_reviewer.post(f"{INSIDE}/claims/C01/assessment", wanted, format="json")
    assert (answer.status_code, answer.json()["assessed_by"]) == (200, "Rui Reviewer")


def test_evidence_is_tied_to_a_claim_once(client, media_item):
    key = client.post(f"{INSIDE}/sources", {"name": "A reporter"}, format="json").json()["key"]
    client.post(f"{INSIDE}/claims", {"statement": "x", "claimant": key}, format="json")
    for relation in ("supports", "contradicts"):
        answer = client.post(
            f"{INSIDE}/claims/C01/evidence", {"media": "M01", "relation": relation}, format="json"
        )
        assert answer.status_code == 200, answer.json()
    assert [(row["media"], row["relation"]) for row in answer.json()["evidence"]] == [("M01", "contradicts")]


def test_a_link_is_logged_once_and_found_the_second_time(client, investigation):
    first = client.post(f"{INSIDE}/media", {"links": [LINK]}, format="json")
    assert first.status_code == 201, first.json()
    posting = client.get(first["Location"]).json()["appearances"][0]
    assert (posting["posted_at"], posting["posted_basis"]) == ("2023-09-21T05:43:29.922000Z", "platform_id")
    again = client.post(f"{INSIDE}/media", {"links": [LINK]}, format="json")
    assert again.status_code == 200
    assert again.json()["results"][0]["existed"] is True
    assert again.json()["results"][0]["item"]["reference"] == first.json()["results"][0]["item"]["reference"]


def test_a_refused_link_saves_nothing(client, investigation):
    answer = client.post(f"{INSIDE}/media", {"links": [LINK, "not a link"]}, format="json")
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "link_refused"
    assert not MediaItem.objects.exists()


def test_a_recording_is_logged_by_its_details_alone(client, investigation):
    answer = client.post(f"{INSIDE}/media", {"title": "Seen on air", "kind": "video"}, format="json")
    assert answer.status_code == 201
    assert client.get(answer["Location"]).json()["title"] == "Seen on air"


def test_a_file_is_stored_once(client, investigation):
    first = client.post(f"{INSIDE}/media/upload", {"file": a_picture(), "title": "Quay"}, format="multipart")
    assert first.status_code == 201, first.json()
    item = client.get(first["Location"]).json()
    assert (item["title"], item["kind"], item["files"][0]["role"]) == ("Quay", "photo", "original")
    assert {reading["state"] for reading in item["files"][0]["readings"]} == {"waiting"}
    again = client.post(f"{INSIDE}/media/upload", {"file": a_picture()}, format="multipart")
    assert (again.status_code, again.json()["existed"]) == (200, True)
    assert again.json()["item"]["reference"] == item["reference"]


def test_a_file_is_added_to_an_item(client, media_item):
    given = {"file": a_picture(), "item": "m01"}
    answer = client.post(f"{INSIDE}/media/upload", given, format="multipart")
    assert answer.json()["item"]["reference"] == "M01"
    unknown = {"file": a_picture("blue"), "item": "M99"}
    assert client.post(f"{INSIDE}/media/upload", unknown, format="multipart").status_code == 404


def test_a_file_that_is_no_picture_or_video_is_415_and_an_empty_one_400(client, investigation):
    text = io.BytesIO(b"hello, this is text")
    text.name = "text.jpg"
    answer = client.post(f"{INSIDE}/media/upload", {"file": text}, format="multipart")
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "file_kind_refused")
    empty = io.BytesIO(b"")
    empty.name = "empty.jpg"
    assert client.post(f"{INSIDE}/media/upload", {"file": empty}, format="multipart").status_code == 400
    assert client.post(f"{INSIDE}/media/upload", {}, format="multipart").status_code == 400


def test_a_file_that_is_too_large_is_413(client, investigation, settings):
    settings.MAX_UPLOAD_BYTES = 100
    answer = client.post(f"{INSIDE}/media/upload", {"file": a_picture()}, format="multipart")
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "file_too_large")


def test_a_viewer_writes_nothing(client_of, viewer, media_item):
    client = client_of(viewer)
    for address, body in (
        ("sources", {"name": "x"}),
        ("places", {"names": [{"name": "x"}]}),
        ("media", {"title": "x"}),
    ):
        assert client.post(f"{INSIDE}/{address}", body, format="json").status_code == 403
    answer = client.post(f"{INSIDE}/media/upload", {"file": a_picture()}, format="multipart")
    assert answer.status_code == 403


def test_whoever_opens_an_investigation_is_its_editor(client_of, stranger):
    client = client_of(stranger)
    answer = client.post("/api/v1/investigations", {"code": "NEW1", "title": "New"}, format="json")
    assert (answer.status_code, answer.json()["role"]) == (201, "editor")
    assert client.get(answer["Location"]).json()["visibility"] == "private"
    again = client.post("/api/v1/investigations", {"code": "NEW1", "title": "New"}, format="json")
    assert again.status_code == 409
    wrong = client.post("/api/v1/investigations", {"code": "n", "title": "New"}, format="json")
    assert wrong.status_code == 400


def test_the_custody_log_is_read_in_pages_and_verified(client, investigator, investigation):
    from evidence.services.media import MediaDetails

    media_log_links(actor=investigator, investigation=investigation, text=LINK, details=MediaDetails())
    address, sequences = f"{INSIDE}/custody?limit=2", []
    while address:
        page = client.get(address).json()
        sequences += [event["sequence"] for event in page["results"]]
        address = page["next"]
    assert sequences == list(range(1, len(sequences) + 1))
    report = client.get(f"{INSIDE}/custody/verification").json()
    assert (report["ok"], report["length"]) == (True, len(sequences))


def test_media_of_one_investigation_are_not_found_in_another(client_of, stranger, media_item):
    client = client_of(stranger)
    client.post("/api/v1/investigations", {"code": "NEW1", "title": "New"}, format="json")
    assert client.get("/api/v1/investigations/NEW1/media/M01").status_code == 404


def test_a_program_asks_for_a_second_opinion_as_the_button_does(
    client, client_of, viewer, investigation, settings
):
    settings.EXIFTOOL = "true"  # a program that is there; it is only asked, not run
    stored = client.post(f"{INSIDE}/media/upload", {"file": a_picture()}, format="multipart").json()["item"]
    (file,) = client.get(f"{INSIDE}/media/{stored['reference']}").json()["files"]
    address = f"{INSIDE}/media/{stored['reference']}/files/{file['sha256']}/readings"
    assert client_of(viewer).post(f"{address}/exiftool").status_code == 403
    answer = client.post(f"{address}/exiftool")
    assert answer.status_code == 202, answer.json()
    assert (answer.json()["reader"], answer.json()["state"]) == ("exiftool", "waiting")
    assert CustodyEvent.objects.filter(action="file.reading_asked").count() == 1
    assert client.post(f"{address}/oracle").status_code == 404
    assert client.post(f"{address.replace(file['sha256'], 'b' * 64)}/exiftool").status_code == 404
    assert client.post(f"{address}/contact_sheet").status_code == 400, "not for a picture"
    settings.EXIFTOOL = ""
    refused = client.post(f"{address}/exiftool")
    assert refused.status_code == 400
    assert "libimage-exiftool-perl" in refused.json()["error"]["sentence"]
