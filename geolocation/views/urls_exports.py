"""Addresses of files made in the background: one's own."""

from django.urls import URLPattern, path

from geolocation.views import exports

urlpatterns: list[URLPattern] = [
    # Before what begins with a code. Codes are written in capitals, so none is mistaken for this.
    path("exports/", exports.index, name="exports"),
    path("exports/new/", exports.ask, name="export-ask"),
    path("exports/<uuid:uid>/", exports.detail, name="export"),
    path("exports/<uuid:uid>/end/", exports.end, name="export-end"),
    path("exports/<uuid:uid>/file/", exports.file, name="export-file"),
]
