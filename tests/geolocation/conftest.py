"""A proposal in review, as three people would make it."""

import pytest

from geolocation.coordinates.position import Position
from geolocation.models import Geolocation
from geolocation.review.checklist import CHECKLIST
from geolocation.services.geolocations import Placed, Proposal, geolocation_propose


def a_proposal(**changes) -> Proposal:
    values = {
        "camera": Placed(
            position=Position(39.821232, 46.758423), uncertainty_m=15, as_typed="39.821232, 46.758423"
        ),
        "method": "landmarks",
        "reasoning": "The tower and the quay wall line up as seen from the bridge.",
        **changes,
    }
    return Proposal(**values)


ALL_YES = {item.key: "yes" for item in CHECKLIST}


@pytest.fixture
def in_review(media_item, investigator) -> Geolocation:
    return geolocation_propose(actor=investigator, media_item=media_item, proposal=a_proposal(), submit=True)
