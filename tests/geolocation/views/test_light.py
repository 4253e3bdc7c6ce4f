"""Light and shadow in the form: kept, shown again, and refused in their place."""

import pytest
from django.urls import reverse

from geolocation.models import Geolocation
from geolocation.services.geolocations import ShadowSeen, geolocation_revise
from tests.geolocation.conftest import a_proposal
from tests.geolocation.views.test_proposals import STATEMENT, page_of

pytestmark = pytest.mark.django_db

SEEN = {
    "light_seen": "day",
    "shadow_azimuth_deg": "28.5",
    "shadow_azimuth_error_deg": "2",
    "shadow_length_ratio": "0.9",
    "shadow_length_ratio_error": "0.05",
}


@pytest.fixture
def address(investigation, media_item):
    return reverse("geolocation:geolocate", args=[investigation.code, media_item.reference])


def test_what_the_person_sees_is_kept_and_shown_again(client, investigator, address):
    client.force_login(investigator)
    client.post(address, {**STATEMENT, **SEEN, "action": "submit"})
    made = Geolocation.objects.get()
    revision = made.current_revision
    assert {name: getattr(revision, name) for name in SEEN} == {
        "light_seen": "day",
        "shadow_azimuth_deg": 28.5,
        "shadow_azimuth_error_deg": 2.0,
        "shadow_length_ratio": 0.9,
        "shadow_length_ratio_error": 0.05,
    }
    page = client.get(page_of("detail", made)).content.decode()
    assert "to 28.5° ± 2°" in page
    assert "0.90 ± 0.05 times the height" in page
    form = client.get(page_of("revise", made)).context["form"]
    for name, value in SEEN.items():
        assert str(form[name].value()) in {value, f"{value}.0"}
    assert form.light_is_given


def test_nobody_has_to_say_anything_of_it(client, investigator, address):
    client.force_login(investigator)
    page = client.get(address)
    assert not page.context["form"].light_is_given
    client.post(address, {**STATEMENT, "action": "submit"})
    assert Geolocation.objects.get().current_revision.light_seen == ""


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"shadow_azimuth_deg": "360"}, "shadow_azimuth_deg", "less than 360"),
        ({"shadow_azimuth_error_deg": ""}, "shadow_azimuth_error_deg", "Say how uncertain"),
        ({"shadow_azimuth_error_deg": "0"}, "shadow_azimuth_error_deg", "Say how uncertain"),
        ({"shadow_azimuth_deg": ""}, "shadow_azimuth_deg", "no measure"),
        ({"shadow_length_ratio": "-1"}, "shadow_length_ratio", "0 or more"),
        ({"shadow_length_ratio": "long"}, "shadow_length_ratio", "Enter a number"),
        ({"light_seen": "dusk"}, "light_seen", "not one of the available choices"),
    ],
)
def test_half_a_measure_is_refused_in_its_place_with_the_drawer_open(
    client, investigator, address, change, field, words
):
    client.force_login(investigator)
    answer = client.post(address, {**STATEMENT, **SEEN, **change, "action": "submit"})
    assert answer.status_code == 422
    form = answer.context["form"]
    assert words in " ".join(form.errors[field])
    assert form.light_is_given
    assert not Geolocation.objects.exists()


def test_a_revision_says_that_light_and_shadow_changed(client, in_review, investigator):
    geolocation_revise(
        actor=investigator,
        geolocation=in_review,
        based_on=1,
        proposal=a_proposal(light_seen="night", shadow=ShadowSeen(azimuth_deg=10.0, azimuth_error_deg=1.0)),
        submit=True,
    )
    client.force_login(investigator)
    page = client.get(page_of("detail", in_review)).content.decode()
    assert "What light is seen in the media changed." in page
    assert "The shadow measured changed." in page
