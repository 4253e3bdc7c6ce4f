"""Addresses of proposing a geolocation, looking at it, and the map of everything."""

from django.urls import URLPattern, path

from geolocation.views import geolocations, overview, positions, proposals

urlpatterns: list[URLPattern] = [
    path("<code>/media/<reference>/geolocate/", proposals.geolocate, name="geolocate"),
    path("<code>/parse-position/", positions.parse, name="parse-position"),
    path("<code>/map/", overview.overview, name="map"),
    path("<code>/geolocations/<reference>/", geolocations.detail, name="detail"),
    path("<code>/geolocations/<reference>/checks/", geolocations.checks, name="checks"),
    path("<code>/geolocations/<reference>/revise/", proposals.revise, name="revise"),
    path("<code>/geolocations/<reference>/submit/", proposals.submit, name="submit"),
    path("<code>/geolocations/<reference>/withdraw/", proposals.withdraw, name="withdraw"),
    path("<code>/geolocations/<reference>/retract/", proposals.retract, name="retract"),
]
