"""The page that explains the checks, and the way to it from a check's line."""

import pytest
from django.urls import reverse

from geolocation.checks import PERMANENT_KEYS, registered_checks
from geolocation.services.checks import checks_run

pytestmark = pytest.mark.django_db


def test_everybody_reads_every_check_with_its_version(client):
    page = client.get(reverse("geolocation:checks-explained")).content.decode()
    for check in registered_checks():
        assert f'id="{check.key}"' in page
        assert check.title in page
    assert "advises" in page
    assert "It cannot find a plausible wrong number." in page
    assert "`" not in page.split("<main")[1]


def test_each_line_of_a_geolocation_leads_to_its_check(client, in_review, investigator):
    checks_run(geolocation_id=in_review.pk)
    client.force_login(investigator)
    address = reverse("geolocation:checks", args=[in_review.investigation.code, in_review.reference])
    page = client.get(address).content.decode()
    for key in PERMANENT_KEYS:
        assert f'href="/checks/#{key}"' in page
