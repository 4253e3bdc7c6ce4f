"""Addresses that are cited: each revision that was verified, and the citation as a file."""

import json

import pytest

from geolocation.services.geolocations import geolocation_retract, geolocation_revise
from geolocation.services.review import review_decide
from tests.geolocation.api.conftest import verified
from tests.geolocation.conftest import ALL_YES, a_proposal
from tests.geolocation.views.test_points import as_person, published, text

__all__ = ["published", "verified"]


@pytest.fixture
def point(verified, published):
    return verified(39.8, 46.7, title="Smoke over the quay", licence="CC BY 4.0")


def revised(point, investigator):
    return geolocation_revise(
        actor=investigator, geolocation=point.geolocation, based_on=1, proposal=a_proposal(), submit=True
    )


def test_the_revision_that_is_verified_has_a_page_of_its_own(point):
    page = as_person(None).get(f"/points/{point.uid}/revisions/1/")
    assert page.status_code == 200
    assert f"http://testserver/points/{point.uid}/revisions/1/" in page.context["citation"]
    assert "Licence: CC BY 4.0." in page.context["citation"]


@pytest.mark.parametrize("number", [0, 2, 2**40])
def test_a_revision_that_never_was_verified_is_not_there(point, number):
    assert as_person(None).get(f"/points/{point.uid}/revisions/{number}/").status_code == 404


def test_a_draft_revision_is_not_there_even_for_members(point, investigator):
    revised(point, investigator)
    assert as_person(investigator).get(f"/points/{point.uid}/revisions/2/").status_code == 404


def test_while_it_is_reviewed_again_the_cited_revision_is_gone_with_the_reason(point, investigator):
    revised(point, investigator)
    page = as_person(None).get(f"/points/{point.uid}/revisions/1/")
    assert page.status_code == 410
    assert "under review again" in text(page)


def test_an_earlier_revision_leads_to_the_one_that_is_verified_now(point, investigator, reviewer):
    revision = revised(point, investigator).current_revision
    review_decide(actor=reviewer, revision=revision, decision="approve", checklist=ALL_YES)
    page = as_person(None).get(f"/points/{point.uid}/revisions/1/")
    assert page.status_code == 200
    assert f"/points/{point.uid}/revisions/2/" in text(page)
    assert "Another one is verified now" in text(page)
    assert "39.8" not in text(page)
    assert "with every revision" not in text(page)
    assert "with every revision" in text(as_person(reviewer).get(f"/points/{point.uid}/revisions/1/"))


def test_the_citation_is_a_file_for_programs(point):
    client = as_person(None)
    answer = client.get(f"/points/{point.uid}/citation.bib")
    assert answer["Content-Type"] == "application/x-bibtex; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="TEST1-M01-r1.bib"'
    assert f"url = {{http://testserver/points/{point.uid}/revisions/1/}}" in text(answer)
    (item,) = json.loads(text(client.get(f"/points/{point.uid}/citation.json")))
    assert item["title"] == "Smoke over the quay"
    assert client.get(f"/points/{point.uid}/citation.doc").status_code == 404


def test_what_was_retracted_is_cited_no_more(point, editor):
    geolocation_retract(actor=editor, geolocation=point.geolocation, reason="The tower is another one.")
    for ending in ("citation.bib", "revisions/1/"):
        answer = as_person(None).get(f"/points/{point.uid}/{ending}")
        assert answer.status_code == 410
        assert "The tower is another one." in text(answer)


def test_the_page_of_the_geolocation_leads_to_its_permanent_address(point, viewer):
    page = as_person(viewer).get(f"/TEST1/geolocations/{point.geolocation.reference}/")
    assert f'href="/points/{point.uid}/"' in text(page)
