"""Addresses of geolocation."""

from django.urls import include, path

from geolocation.api.people_feed import public_feed

app_name = "geolocation"
urlpatterns = [
    # Before what begins with a code. Codes are written in capitals, so none is mistaken for this.
    path("", include("geolocation.ogc.urls")),
    path("", include("geolocation.api.urls_tiles")),
    path("", include("geolocation.views.urls_checks")),
    path("", include("geolocation.views.urls_proposals")),
    path("", include("geolocation.views.urls_review")),
    path("", include("geolocation.views.urls_blind")),
    path("", include("geolocation.views.urls_imports")),
    path("", include("geolocation.views.urls_webhooks")),
    path("", include("geolocation.views.urls_snapshots")),
    path("", include("geolocation.views.urls_exports")),
    path("points/feed.atom", public_feed, name="public-feed"),
    path("", include("geolocation.views.urls_points")),
]
