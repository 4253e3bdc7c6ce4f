"""Take the verified geolocation of a confirmed copy over as a draft: offered, never done by itself."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from evidence.errors import InvalidInput
from evidence.models import MediaItem
from evidence.services.likeness import copies_of
from geolocation.coordinates.position import Position
from geolocation.models import Geolocation, GeolocationRevision
from geolocation.review.states import State
from geolocation.services.blind_rounds import live_round
from geolocation.services.geolocations import Captured, Placed, Proposal, ShadowSeen, geolocation_propose


def geolocations_offered(item: MediaItem) -> list[Geolocation]:
    """The verified geolocations of the item's confirmed copies; none while the item is placed blind.

    The first proposal may be one that was taken over: an offer would show where it is.
    """
    copies = copies_of(item)
    if not copies or live_round(item) is not None:
        return []
    verified = Geolocation.objects.filter(
        investigation=item.investigation, media_item__in=copies, state=State.VERIFIED.value
    )
    return list(verified.select_related("media_item", "current_revision__author").order_by("reference"))


@transaction.atomic
def geolocation_take_over(*, actor: Any, media_item: MediaItem, reference: str) -> Geolocation:
    """A draft by this person with what a copy's verified geolocation says, reviewed later like any other.

    Raises InvalidInput unless the reference is one of those that are offered.
    """
    offered = {each.reference: each for each in geolocations_offered(media_item)}
    source = offered.get(reference.upper())
    if source is None or source.current_revision is None:
        raise InvalidInput(
            _("“%(reference)s” is not a verified geolocation of a confirmed copy. Load the page again.")
            % {"reference": reference[:20]},
            field="geolocation",
        )
    return geolocation_propose(
        actor=actor,
        media_item=media_item,
        proposal=_proposal(source, source.current_revision),
        submit=False,
        taken_over_from=source.current_revision,
    )


def rests_on_words_of(geolocation: Geolocation, person: Any) -> bool:
    """Whether it was taken over, directly or by others between, from a revision that this person wrote."""
    source = geolocation.taken_over_from
    while source is not None:
        if source.author_id == person.pk:
            return True
        source = source.geolocation.taken_over_from
    return False


def _proposal(source: Geolocation, revision: GeolocationRevision) -> Proposal:
    names = {
        "geolocation": source.reference,
        "number": revision.number,
        "media": source.media_item.reference,
        "author": revision.author,
    }
    taken = _(
        "Taken over from %(geolocation)s, revision %(number)d by %(author)s, of %(media)s, "
        "a confirmed copy of this recording. Its reasoning:"
    )
    return Proposal(
        camera=_placed(revision, "camera"),
        subject=None if revision.places_area_alone else _placed(revision, "subject"),
        subject_area=revision.area_corners(),
        bearing_deg=revision.bearing_deg,
        field_of_view_deg=revision.field_of_view_deg,
        captured=Captured(
            on=revision.captured_on,
            start=revision.captured_from,
            end=revision.captured_to,
            offset_min=revision.captured_offset_min,
            basis=revision.captured_basis,
        ),
        light_seen=revision.light_seen,
        shadow=ShadowSeen(
            azimuth_deg=revision.shadow_azimuth_deg,
            azimuth_error_deg=revision.shadow_azimuth_error_deg,
            length_ratio=revision.shadow_length_ratio,
            length_ratio_error=revision.shadow_length_ratio_error,
        ),
        method=revision.method,
        reasoning=f"{taken % names}\n\n{revision.reasoning}",
        references=revision.references,
    )


def _placed(revision: GeolocationRevision, role: str) -> Placed | None:
    latitude, longitude = (getattr(revision, f"{role}_{axis}") for axis in ("latitude", "longitude"))
    if latitude is None:
        return None
    return Placed(
        position=Position(latitude, longitude),
        uncertainty_m=getattr(revision, f"{role}_uncertainty_m"),
        as_typed=getattr(revision, f"{role}_as_typed"),
    )
