"""Reviews: what was decided on each revision, and a decision."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from evidence.api.base import CODE_PARAMETER, REFERENCE_PARAMETER, checked, created, refusals, row_for
from evidence.api.paging import PAGE_NAMES, PAGE_PARAMETERS, page_of, paged
from evidence.errors import InvalidInput
from geolocation.api.geolocation_shapes import ReviewSerializer
from geolocation.api.geolocations import GeolocationView
from geolocation.api.proposal_shapes import DecisionSerializer
from geolocation.models import Review
from geolocation.services.review import review_decide


@extend_schema(parameters=[CODE_PARAMETER, REFERENCE_PARAMETER])
class ReviewList(GeolocationView):
    known_parameters = PAGE_NAMES
    writing_needs = "geolocation.review"

    @extend_schema(
        operation_id="reviews_list",
        parameters=PAGE_PARAMETERS,
        responses={200: paged("ReviewPage", ReviewSerializer), **refusals(400, 401, 404)},
    )
    def get(self, request: Request, code: str, reference: str) -> Response:
        """Every decision on this geolocation."""
        geolocation = row_for(self.geolocations(), reference=reference)
        reviews = Review.objects.filter(revision__geolocation=geolocation)
        page = page_of(reviews.select_related("revision", "reviewer"), request)
        return Response({"results": ReviewSerializer(page.rows, many=True).data, "next": page.next_url})

    @extend_schema(
        operation_id="reviews_decide",
        request=DecisionSerializer,
        responses={201: ReviewSerializer, **refusals(400, 401, 403, 404, 409)},
    )
    def post(self, request: Request, code: str, reference: str) -> Response:
        """Decide on one revision. Nobody decides on their own, nor on one that is no longer current."""
        geolocation = row_for(self.geolocations(), reference=reference)
        given = checked(DecisionSerializer, request)
        number = given.pop("revision")
        revision = geolocation.revisions.filter(number=number).first()
        if revision is None:
            raise InvalidInput(
                _("%(reference)s has no revision %(number)d.")
                % {"reference": geolocation.reference, "number": number},
                field="revision",
            )
        review = review_decide(actor=request.user, revision=revision, **given)
        return created(
            ReviewSerializer(review).data,
            reverse("api-reviews", args=[self.investigation.code, geolocation.reference]),
        )
