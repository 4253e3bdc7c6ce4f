"""Addresses of bringing in other people's points."""

from django.urls import URLPattern, path

from geolocation.views import imports, imports_report

_ONE = "<code:code>/imports/<reference>"

urlpatterns: list[URLPattern] = [
    path("<code:code>/imports/", imports.index, name="imports"),
    path(f"{_ONE}/", imports_report.report, name="import"),
    path(f"{_ONE}/progress/", imports_report.progress, name="import-progress"),
    path(f"{_ONE}/points.geojson", imports_report.points, name="import-points"),
    path(f"{_ONE}/errors.csv", imports_report.errors, name="import-errors"),
    path(f"{_ONE}/columns/", imports.columns, name="import-columns"),
    path(f"{_ONE}/check/", imports.check, name="import-check"),
    path(f"{_ONE}/apply/", imports.apply, name="import-apply"),
    path(f"{_ONE}/cancel/", imports.cancel, name="import-cancel"),
    path(f"{_ONE}/decide/", imports.decide, name="import-decide"),
]
