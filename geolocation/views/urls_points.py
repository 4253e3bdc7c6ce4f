"""Addresses of verified points: for everybody, one to cite, and for the members of an investigation."""

from django.urls import URLPattern, path

from geolocation.views import permalinks, points

urlpatterns: list[URLPattern] = [
    # Before what begins with a code. Codes are written in capitals, so none is mistaken for this.
    path("points/", points.public_points, name="public-points"),
    path("points/<uuid:uid>/", points.point, name="point"),
    path("points/<uuid:uid>/revisions/<int:number>/", permalinks.revision, name="point-revision"),
    path("points/<uuid:uid>/citation.<str:extension>", permalinks.citation_file, name="point-citation"),
    path("<code>/points/", points.verified_points, name="verified-points"),
]
