"""Four people at the claims: who reads, who writes, who assesses, and what the pages keep apart."""

from datetime import date

import pytest
from django.urls import reverse

from evidence.models import Claim, CustodyEvent, PlaceName, Source
from evidence.services.catalogue import Name, place_add, source_add
from evidence.services.claims import ClaimDetails, claim_assess, claim_evidence_link, claim_log
from evidence.services.investigations import investigation_open

pytestmark = pytest.mark.django_db


@pytest.fixture
def port_authority(investigation, investigator):
    return source_add(actor=investigator, investigation=investigation, name="Port authority", reliability="B")


@pytest.fixture
def quay(investigation, investigator):
    names = [Name(name="Old quay", language="en"), Name(name="Hin navamatuyts", language="hy", is_shown=True)]
    return place_add(
        actor=investigator, investigation=investigation, names=names, latitude=39.82, longitude=46.75
    )


@pytest.fixture
def claim(investigation, investigator, port_authority, quay):
    details = ClaimDetails(
        statement="The fire began in the afternoon.",
        claimant=port_authority,
        made_on=date(2023, 9, 20),
        about_from=date(2023, 9, 19),
        about_to=date(2023, 9, 20),
        figures={"sheds": 3},
    )
    return claim_log(actor=investigator, investigation=investigation, details=details, places=[quay])


def address(name, claim):
    return reverse(f"evidence:{name}", args=[claim.investigation.code, claim.reference])


def listed(client, investigation, **query):
    answer = client.get(reverse("evidence:claim-list", args=[investigation.code], query=query))
    return [found.reference for found in answer.context["page_obj"]]


WRITTEN = {
    "statement": "Three sheds burned.",
    "claimant": "Harbour pilots",
    "via": "",
    "made_on": "2023-09-21",
    "about_from": "",
    "about_to": "",
    "new_places": "Fish market / Balıq bazarı",
    "figures": "sheds: 3\nwitnesses: about ten",
    "credibility": "3",
    "note": "",
}


def test_an_investigator_logs_a_claim_with_a_new_source_and_a_new_place(client, investigation, investigator):
    client.force_login(investigator)
    answer = client.post(reverse("evidence:claim-add", args=[investigation.code]), WRITTEN)
    made = Claim.objects.get()
    assert answer.url == address("claim-detail", made)
    assert (made.reference, made.assessment, made.made_on) == ("C01", "unverified", date(2023, 9, 21))
    assert made.claimant == Source.objects.get(name="Harbour pilots")
    assert made.figures == {"sheds": 3, "witnesses": "about ten"}
    assert made.places.get().display_name == "Fish market / Balıq bazarı"


def test_a_known_source_is_found_whatever_the_case_of_its_letters(
    client, investigation, investigator, port_authority
):
    client.force_login(investigator)
    client.post(
        reverse("evidence:claim-add", args=[investigation.code]), {**WRITTEN, "claimant": "port AUTHORITY"}
    )
    assert Claim.objects.get().claimant == port_authority


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"statement": " "}, "statement"),
        ({"claimant": ""}, "claimant"),
        ({"made_on": "yesterday"}, "made_on"),
        ({"about_from": "2023-09-21", "about_to": "2023-09-19"}, "about_to"),
        ({"figures": "three sheds"}, "figures"),
        ({"figures": "sheds: 3\nsheds: 4"}, "figures"),
        ({"credibility": "7"}, "credibility"),
    ],
)
def test_what_does_not_fit_comes_back_at_its_field_and_nothing_is_made(
    client, investigation, investigator, changes, field
):
    client.force_login(investigator)
    answer = client.post(reverse("evidence:claim-add", args=[investigation.code]), {**WRITTEN, **changes})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert b"about ten" in answer.content or "figures" in changes
    assert not Claim.objects.exists()
    assert not Source.objects.exists()
    assert not PlaceName.objects.exists()


def test_editing_shows_what_is_there_and_the_log_says_what_changed(client, investigator, claim):
    client.force_login(investigator)
    form = client.get(address("claim-edit", claim)).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields if name not in ("places", "new_places")}
    typed |= {"places": form["places"].value(), "made_on": "2023-09-20"}
    typed |= {"about_from": "2023-09-19", "about_to": "2023-09-20", "new_places": ""}
    client.post(address("claim-edit", claim), typed)
    assert not CustodyEvent.objects.filter(action="claim.changed").exists()
    client.post(address("claim-edit", claim), {**typed, "statement": "The fire began at noon.", "places": []})
    changed = CustodyEvent.objects.get(action="claim.changed").details["changed"]
    assert changed == {
        "statement": ["The fire began in the afternoon.", "The fire began at noon."],
        "places": ["old-quay", ""],
    }


def test_the_dossier_attributes_the_statement_and_keeps_a_date_a_date(client, viewer, claim):
    client.force_login(viewer)
    page = client.get(address("claim-detail", claim)).content.decode()
    assert "According to Port authority" in page
    assert "Old quay / Hin navamatuyts" in page
    assert "B · usually reliable" in page
    assert '<time datetime="2023-09-20">20 Sep 2023</time>' in page
    assert "2023-09-20T" not in page
    assert "Log the claim" not in page
    assert 'name="assess-assessment"' not in page
    assert 'name="evidence-media_item"' not in page


def test_evidence_is_linked_regrouped_and_removed(client, investigator, claim, media_item):
    client.force_login(investigator)
    sent = {
        "evidence-media_item": media_item.pk,
        "evidence-relation": "supports",
        "evidence-note": "At 0:12.",
    }
    client.post(address("claim-link", claim), sent)
    groups = {
        group["relation"]: [card["item"] for card in group["cards"]]
        for group in client.get(address("claim-detail", claim)).context["groups"]
    }
    assert groups == {"supports": [media_item], "contradicts": [], "context": []}
    client.post(address("claim-link", claim), {**sent, "evidence-relation": "contradicts"})
    assert claim.evidence.get().relation == "contradicts"
    answer = client.post(address("claim-unlink", claim), {"media": media_item.reference}, follow=True)
    assert not claim.evidence.exists()
    assert b"M01, contradicts" in answer.content
    again = client.post(address("claim-unlink", claim), {"media": media_item.reference}, follow=True)
    assert b"not linked to this claim any more" in again.content


def test_a_link_without_a_relation_or_with_a_foreign_item_is_refused_in_place(
    client, investigator, stranger, claim, media_item
):
    client.force_login(investigator)
    open_relation = client.post(address("claim-link", claim), {"evidence-media_item": media_item.pk})
    assert open_relation.status_code == 422
    assert set(open_relation.context["evidence_form"].errors) == {"relation"}
    foreign = client.post(
        address("claim-link", claim), {"evidence-media_item": 10**6, "evidence-relation": "supports"}
    )
    assert set(foreign.context["evidence_form"].errors) == {"media_item"}
    assert not claim.evidence.exists()


def test_a_reviewer_assesses_with_a_reason(client, reviewer, claim):
    client.force_login(reviewer)
    bare = client.post(address("claim-assess", claim), {"assess-assessment": "contradicted"})
    assert bare.status_code == 422
    assert set(bare.context["assessment_form"].errors) == {"reason"}
    said = {"assess-assessment": "contradicted", "assess-reason": "M01 shows smoke at nine."}
    answer = client.post(address("claim-assess", claim), said, follow=True)
    claim.refresh_from_db()
    assert (claim.assessment, claim.assessed_by) == ("contradicted", reviewer)
    assert b"M01 shows smoke at nine." in answer.content


@pytest.mark.parametrize(
    ("who", "may_write", "may_assess"),
    [
        ("viewer", False, False),
        ("investigator", True, False),
        ("reviewer", True, True),
        ("editor", True, True),
    ],
)
def test_each_role_may_do_what_is_its_own(
    client, request, investigation, claim, media_item, who, may_write, may_assess
):
    client.force_login(request.getfixturevalue(who))
    assert client.get(address("claim-detail", claim)).status_code == 200
    assert listed(client, investigation) == ["C01"]
    linked = client.post(
        address("claim-link", claim),
        {"evidence-media_item": media_item.pk, "evidence-relation": "context", "evidence-note": ""},
    )
    assert linked.status_code == (302 if may_write else 403)
    assert client.get(address("claim-edit", claim)).status_code == (200 if may_write else 403)
    said = {"assess-assessment": "inconclusive", "assess-reason": "One angle only."}
    assert client.post(address("claim-assess", claim), said).status_code == (302 if may_assess else 403)


def test_a_stranger_finds_no_claim(client, stranger, investigation, claim):
    client.force_login(stranger)
    for name in ("claim-detail", "claim-edit"):
        assert client.get(address(name, claim)).status_code == 404
    assert client.get(reverse("evidence:claim-list", args=[investigation.code])).status_code == 404


def test_a_claim_of_another_investigation_is_not_found(client, investigator, claim):
    other = investigation_open(actor=investigator, code="OTHER", title="Elsewhere")
    client.force_login(investigator)
    assert client.get(reverse("evidence:claim-detail", args=[other.code, claim.reference])).status_code == 404


@pytest.fixture
def many(investigation, investigator, reviewer, claim, media_item):
    """C01 by the port authority with one supporting item and assessed; C02 by a newspaper via it."""
    claim_evidence_link(actor=investigator, claim=claim, media_item=media_item, relation="supports")
    claim_assess(actor=reviewer, claim=claim, assessment="supported", reason="M01.")
    paper = source_add(actor=investigator, investigation=investigation, name="Evening paper")
    details = ClaimDetails(statement="Nothing burned.", claimant=paper, via=claim.claimant)
    return claim, claim_log(
        actor=investigator, investigation=investigation, details=details, contradicts=[claim]
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["C01", "C02"]),
        ({"assessment": "supported"}, ["C01"]),
        ({"assessment": "nonsense"}, ["C01", "C02"]),
        ({"q": "navamatuyts"}, ["C01"]),
        ({"q": "evening"}, ["C02"]),
        ({"q": "c02"}, ["C02"]),
        ({"sort": "-reference"}, ["C02", "C01"]),
        ({"sort": "claimant"}, ["C02", "C01"]),
        ({"sort": "-evidence"}, ["C01", "C02"]),
        ({"sort": "-made"}, ["C01", "C02"]),
        ({"sort": "nonsense", "page": "99"}, ["C01", "C02"]),
    ],
)
def test_the_address_filters_and_sorts_the_list(client, viewer, investigation, many, query, expected):
    client.force_login(viewer)
    assert listed(client, investigation, **query) == expected


def test_the_list_finds_who_carried_a_claim_and_counts_its_evidence(client, viewer, investigation, many):
    claim, _other = many
    client.force_login(viewer)
    assert listed(client, investigation, claimant=claim.claimant_id) == ["C01", "C02"]
    page = client.get(reverse("evidence:claim-list", args=[investigation.code])).context["page_obj"]
    counts = [(row.supports_count, row.contradicts_count, row.context_count) for row in page]
    assert counts == [(1, 0, 0), (0, 0, 0)]


def test_two_claims_that_contradict_each_other_name_each_other(client, viewer, many):
    claim, other = many
    client.force_login(viewer)
    assert list(client.get(address("claim-detail", claim)).context["contradicted_by"]) == [other]
    assert list(client.get(address("claim-detail", other)).context["contradicts"]) == [claim]


def test_the_list_asks_the_database_as_often_for_one_claim_as_for_many(
    client, viewer, investigation, investigator, port_authority, django_assert_max_num_queries
):
    for number in range(30):
        details = ClaimDetails(statement=f"Statement {number}.", claimant=port_authority)
        claim_log(actor=investigator, investigation=investigation, details=details)
    client.force_login(viewer)
    with django_assert_max_num_queries(20):
        assert len(listed(client, investigation)) == 30
