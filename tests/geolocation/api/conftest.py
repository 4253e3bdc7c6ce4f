"""Clients of three kinds, and points that passed the gate through the services."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from evidence.services.investigations import investigation_publish
from evidence.services.media import MediaDetails, media_create
from geolocation.coordinates.position import Position
from geolocation.models import VerifiedPoint
from geolocation.services.geolocations import Captured, Placed, geolocation_propose
from geolocation.services.review import review_decide
from osint_catalogue.accounts.models import ApiToken
from tests.geolocation.conftest import ALL_YES, a_proposal


@pytest.fixture
def client_of() -> Callable[..., APIClient]:
    """`client_of(user)`: a client with that person's token; None is nobody."""

    def make(user) -> APIClient:
        client = APIClient()
        if user is not None:
            _token, secret = ApiToken.issue(user=user, name="test")
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
        return client

    return make


@pytest.fixture
def verified(investigation, investigator, reviewer) -> Callable[..., VerifiedPoint]:
    """`verified(latitude, longitude, ...)`: one more verified point, proposed and approved by two people."""

    def make(latitude: float, longitude: float, *, title="Quay", captured=None, **details) -> VerifiedPoint:
        item = media_create(
            actor=investigator, investigation=investigation, details=MediaDetails(title=title, **details)
        )
        proposal = a_proposal(
            camera=Placed(position=Position(latitude, longitude), uncertainty_m=15.0),
            captured=captured or Captured(),
        )
        made = geolocation_propose(actor=investigator, media_item=item, proposal=proposal, submit=True)
        review_decide(
            actor=reviewer, revision=made.current_revision, decision="approve", checklist=ALL_YES, reason=""
        )
        return VerifiedPoint.objects.get(geolocation=made)

    return make


@pytest.fixture
def published(investigation, editor):
    return investigation_publish(actor=editor, investigation=investigation, public=True)
