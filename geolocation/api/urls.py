"""Addresses of these resources; codes and references are read as evidence.api.urls names them."""

from django.urls import URLPattern, path

from geolocation.api import (
    blind,
    changes,
    downloads,
    exports,
    geolocations,
    imports,
    people_feed,
    points,
    reviews,
    snapshots,
)

_GEOLOCATIONS = "investigations/<code:code>/geolocations"
_ONE = f"{_GEOLOCATIONS}/<reference:reference>"
_IMPORTS = "investigations/<code:code>/imports"
_IMPORT = f"{_IMPORTS}/<reference:reference>"
_SECOND_LOOKS = "investigations/<code:code>/second-looks"

urlpatterns: list[URLPattern] = [
    path("verified-points", points.PointList.as_view(), name="api-points"),
    path("verified-points.geojson", downloads.GeoJsonDownload.as_view(), name="api-points-geojson"),
    path(
        "verified-points.geojsons", downloads.GeoJsonSequenceDownload.as_view(), name="api-points-geojsonseq"
    ),
    path("verified-points.csv", downloads.CsvDownload.as_view(), name="api-points-csv"),
    path(
        "verified-points.csv-metadata.json", downloads.CsvMetadata.as_view(), name="api-points-csv-metadata"
    ),
    path("verified-points.xlsx", downloads.XlsxDownload.as_view(), name="api-points-xlsx"),
    path("verified-points.kml", downloads.KmlDownload.as_view(), name="api-points-kml"),
    path("verified-points.kmz", downloads.KmzDownload.as_view(), name="api-points-kmz"),
    path("verified-points.gpkg", downloads.GeoPackageDownload.as_view(), name="api-points-gpkg"),
    path("verified-points.fgb", downloads.FlatGeobufDownload.as_view(), name="api-points-fgb"),
    path("verified-points.parquet", downloads.GeoParquetDownload.as_view(), name="api-points-geoparquet"),
    path("verified-points.timemap.zip", downloads.TimeMapDownload.as_view(), name="api-points-timemap"),
    path("verified-points/removed", points.RemovedList.as_view(), name="api-points-removed"),
    path("verified-points/<uuid:uid>", points.PointDetail.as_view(), name="api-point"),
    path("exports", exports.ExportList.as_view(), name="api-exports"),
    path("exports/<uuid:uid>", exports.ExportDetail.as_view(), name="api-export"),
    path("exports/<uuid:uid>/file", exports.ExportFile.as_view(), name="api-export-file"),
    path(
        "exports/<uuid:uid>/file-metadata.json",
        exports.ExportFileMetadata.as_view(),
        name="api-export-metadata",
    ),
    path("points/changes", changes.ChangeList.as_view(), name="api-point-changes"),
    path(
        "investigations/<code:code>/points/changes",
        changes.InvestigationChangeList.as_view(),
        name="api-investigation-point-changes",
    ),
    path(
        "investigations/<code:code>/points/feed.atom",
        people_feed.InvestigationFeed.as_view(),
        name="api-investigation-feed",
    ),
    path("snapshots", snapshots.SnapshotList.as_view(), name="api-snapshots"),
    path("snapshots/<str:name>", snapshots.SnapshotDetail.as_view(), name="api-snapshot"),
    path(
        "snapshots/<str:name>/points.geojson", snapshots.SnapshotPoints.as_view(), name="api-snapshot-points"
    ),
    path(
        "snapshots/<str:name>/manifest.json",
        snapshots.SnapshotManifest.as_view(),
        name="api-snapshot-manifest",
    ),
    path(
        "snapshots/<str:name>/SHA256SUMS",
        snapshots.SnapshotChecksums.as_view(),
        name="api-snapshot-checksums",
    ),
    path(_GEOLOCATIONS, geolocations.GeolocationList.as_view(), name="api-geolocations"),
    path(_ONE, geolocations.GeolocationDetail.as_view(), name="api-geolocation"),
    path(f"{_ONE}/revisions", geolocations.RevisionList.as_view(), name="api-revisions"),
    path(f"{_ONE}/submit", geolocations.GeolocationSubmit.as_view(), name="api-geolocation-submit"),
    path(f"{_ONE}/withdraw", geolocations.GeolocationWithdraw.as_view(), name="api-geolocation-withdraw"),
    path(f"{_ONE}/disclosure", geolocations.GeolocationDisclose.as_view(), name="api-geolocation-disclose"),
    path(f"{_ONE}/retract", geolocations.GeolocationRetract.as_view(), name="api-geolocation-retract"),
    path(f"{_ONE}/reviews", reviews.ReviewList.as_view(), name="api-reviews"),
    path(_IMPORTS, imports.ImportList.as_view(), name="api-imports"),
    path(_IMPORT, imports.ImportDetail.as_view(), name="api-import"),
    path(f"{_IMPORT}/rows", imports.ImportRows.as_view(), name="api-import-rows"),
    path(f"{_IMPORT}/errors.csv", imports.ImportErrors.as_view(), name="api-import-errors"),
    path(f"{_IMPORT}/check", imports.ImportCheck.as_view(), name="api-import-check"),
    path(f"{_IMPORT}/apply", imports.ImportApply.as_view(), name="api-import-apply"),
    path(f"{_IMPORT}/cancel", imports.ImportCancel.as_view(), name="api-import-cancel"),
    path(f"{_IMPORT}/decisions", imports.ImportDecisions.as_view(), name="api-import-decisions"),
    path(_SECOND_LOOKS, blind.SecondLookList.as_view(), name="api-second-looks"),
    path(f"{_SECOND_LOOKS}/<reference:reference>", blind.BlindRoundDetail.as_view(), name="api-blind-round"),
    path(
        f"{_SECOND_LOOKS}/<reference:reference>/resolution",
        blind.BlindRoundResolution.as_view(),
        name="api-blind-round-resolution",
    ),
]
