"""Addresses of these resources."""

from django.urls import URLPattern, path, register_converter

from evidence.api import (
    archived_copies,
    batches,
    claims,
    custody,
    investigations,
    likeness,
    media,
    places,
    readings,
    sources,
)
from evidence.api.addresses import ReferenceConverter

register_converter(ReferenceConverter, "reference")
_INVESTIGATION = "investigations/<code:code>"

urlpatterns: list[URLPattern] = [
    path("investigations", investigations.InvestigationList.as_view(), name="api-investigations"),
    path(_INVESTIGATION, investigations.InvestigationDetail.as_view(), name="api-investigation"),
    path(f"{_INVESTIGATION}/sources", sources.SourceList.as_view(), name="api-sources"),
    path(f"{_INVESTIGATION}/sources/<slug:key>", sources.SourceDetail.as_view(), name="api-source"),
    path(f"{_INVESTIGATION}/places", places.PlaceList.as_view(), name="api-places"),
    path(f"{_INVESTIGATION}/places/<slug:key>", places.PlaceDetail.as_view(), name="api-place"),
    path(f"{_INVESTIGATION}/claims", claims.ClaimList.as_view(), name="api-claims"),
    path(f"{_INVESTIGATION}/claims/<reference:reference>", claims.ClaimDetail.as_view(), name="api-claim"),
    path(
        f"{_INVESTIGATION}/claims/<reference:reference>/assessment",
        claims.ClaimAssessment.as_view(),
        name="api-claim-assessment",
    ),
    path(
        f"{_INVESTIGATION}/claims/<reference:reference>/evidence",
        claims.ClaimEvidenceList.as_view(),
        name="api-claim-evidence",
    ),
    path(f"{_INVESTIGATION}/media", media.MediaList.as_view(), name="api-media"),
    # Before one item: "upload" is not a reference.
    path(f"{_INVESTIGATION}/media/upload", media.MediaUpload.as_view(), name="api-media-upload"),
    path(f"{_INVESTIGATION}/media/<reference:reference>", media.MediaDetail.as_view(), name="api-media-item"),
    path(
        f"{_INVESTIGATION}/media/<reference:reference>/files/<str:sha256>/readings/<slug:reader>",
        readings.ReadingAsk.as_view(),
        name="api-reading-ask",
    ),
    path(
        f"{_INVESTIGATION}/media/<reference:reference>/appearances/<int:appearance_id>/copies",
        archived_copies.CopyList.as_view(),
        name="api-copies",
    ),
    path(
        f"{_INVESTIGATION}/media/<reference:reference>/appearances/<int:appearance_id>/copies/<int:copy_id>/file",
        archived_copies.CopyFile.as_view(),
        name="api-copy-file",
    ),
    path(f"{_INVESTIGATION}/likeness", likeness.LikenessList.as_view(), name="api-likeness"),
    path(
        f"{_INVESTIGATION}/likeness/<reference:reference>/<reference:other>/decision",
        likeness.LikenessDecision.as_view(),
        name="api-likeness-decision",
    ),
    path(f"{_INVESTIGATION}/batches", batches.BatchList.as_view(), name="api-batches"),
    path(f"{_INVESTIGATION}/batches/<reference:reference>", batches.BatchDetail.as_view(), name="api-batch"),
    path(
        f"{_INVESTIGATION}/batches/<reference:reference>/members",
        batches.BatchMembers.as_view(),
        name="api-batch-members",
    ),
    path(f"{_INVESTIGATION}/custody", custody.CustodyList.as_view(), name="api-custody"),
    path(
        f"{_INVESTIGATION}/custody/verification",
        custody.CustodyVerification.as_view(),
        name="api-custody-verification",
    ),
]
