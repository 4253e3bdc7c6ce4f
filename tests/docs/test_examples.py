"""Examples in the documents do what the documents say they do."""

from __future__ import annotations

import json
import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evidence.models import Investigation
from evidence.services.investigations import investigation_publish
from geolocation.api.proposal_shapes import DecisionSerializer, NewGeolocationSerializer
from geolocation.coordinates.outcome import Parsed, Refused
from geolocation.coordinates.parse import parse_position
from geolocation.geodesy import distance_m
from geolocation.importers.case import CASE_FILE
from osint_catalogue.accounts.models import ApiToken, User
from tests.docs.documents import blocks, section, text_of

READERS_PAGES = ("README.md", "docs/api.md", "docs/how-to/open-the-points-in-qgis.md")


def requests_for_points() -> list[str]:
    """Every address of verified points that one of the documents reads with curl or pastes into a program."""
    found = []
    for document in READERS_PAGES:
        for block in blocks(text_of(document)):
            found += re.findall(
                r"http://localhost:8000(/api/v1/(?:verified-points|points/changes)[^\s'\"]*)", block
            )
    return found


@pytest.fixture
def published_case(db: None) -> Investigation:
    call_command("load_case", verbosity=0)
    investigation = Investigation.objects.get(code="NK23")
    investigation_publish(actor=investigation.created_by, investigation=investigation, public=True)
    return investigation


def test_every_request_for_points_in_the_documents_is_answered_without_signing_in(
    published_case: Investigation, client: Client
) -> None:
    asked = requests_for_points()
    assert len(asked) >= 7
    for address in asked:
        # `make run` is the local mode, where Django puts another cursor around every statement; so does this.
        with CaptureQueriesContext(connection):
            answer = client.get(address)
            body = answer.getvalue()
        assert answer.status_code == 200, (address, body[:300])
        assert body


def test_the_readmes_first_request_gives_the_four_points_of_the_case(
    published_case: Investigation, client: Client
) -> None:
    features = json.loads(client.get(requests_for_points()[0]).getvalue())["features"]
    assert len(features) == 4
    assert len({tuple(feature["geometry"]["coordinates"]) for feature in features}) == 3


def test_the_readmes_second_request_takes_a_token_and_no_wrong_one(
    published_case: Investigation, client: Client, viewer: User
) -> None:
    _token, secret = ApiToken.issue(user=viewer, name="documents")
    address = requests_for_points()[1]
    answer = client.get(address, headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200
    assert len(answer.json()["results"]) == 4
    assert client.get(address, headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_the_numbers_of_the_case_in_the_readme_are_those_of_its_file() -> None:
    case = json.loads(CASE_FILE.read_text(encoding="utf-8"))
    placed = [item for item in case["media"] if (item.get("geolocation") or {}).get("latitude") is not None]
    items = f"{len(case['claims'])} claims, {len(case['media'])} media items"
    told = f"{items} and {len(placed)} verified geolocations"
    assert told in " ".join(text_of("README.md").split())


def test_the_bodies_in_the_api_guide_are_taken() -> None:
    guide = next(block for block in blocks(text_of("docs/api.md")) if "media/upload" in block)
    proposal, decision = (json.loads(body) for body in re.findall(r"-d '(\{.*?\})'", guide, re.DOTALL))
    for serializer in (NewGeolocationSerializer(data=proposal), DecisionSerializer(data=decision)):
        assert serializer.is_valid(), serializer.errors
    assert isinstance(parse_position(proposal["camera"]["text"]), Parsed)


def test_the_positions_in_the_tour_are_the_avenue_and_the_ambiguous_one_is_refused() -> None:
    tour = section(text_of("README.md"), "### Five minutes")
    spans = re.findall(r"`([^`\n]+)`", tour.split("usual notation:")[1].split("5. ")[0])
    avenue = parse_position("39.821232, 46.758423")
    assert isinstance(avenue, Parsed)
    read = [parse_position(span) for span in spans[:3]]
    assert all(isinstance(each, Parsed) and distance_m(each.position, avenue.position) < 20 for each in read)
    refused = parse_position("48,8566,2,3522")
    assert "48,8566,2,3522" in spans
    assert isinstance(refused, Refused)
    assert refused.to_json()["readings"]
