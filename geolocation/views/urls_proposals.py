"""Addresses of proposing a geolocation, looking at it, and the map of everything."""

from django.urls import URLPattern, path

from geolocation.views import (
    disclosure,
    geolocations,
    overview,
    positions,
    proposals,
    resections,
    shadow,
    taking_over,
)

urlpatterns: list[URLPattern] = [
    path("<code:code>/media/<reference>/geolocate/", proposals.geolocate, name="geolocate"),
    path("<code:code>/media/<reference>/resection/", resections.solve, name="resection"),
    path("<code:code>/media/<reference>/shadow/", shadow.workbench, name="shadow"),
    path("<code:code>/media/<reference>/take-over/", taking_over.take_over, name="take-over"),
    path("<code:code>/parse-position/", positions.parse, name="parse-position"),
    path("<code:code>/map/", overview.overview, name="map"),
    path("<code:code>/geolocations/<reference>/", geolocations.detail, name="detail"),
    path("<code:code>/geolocations/<reference>/checks/", geolocations.checks, name="checks"),
    path("<code:code>/geolocations/<reference>/revise/", proposals.revise, name="revise"),
    path("<code:code>/geolocations/<reference>/submit/", proposals.submit, name="submit"),
    path("<code:code>/geolocations/<reference>/withdraw/", proposals.withdraw, name="withdraw"),
    path("<code:code>/geolocations/<reference>/retract/", proposals.retract, name="retract"),
    path("<code:code>/geolocations/<reference>/disclosure/", disclosure.disclosure, name="disclosure"),
]
