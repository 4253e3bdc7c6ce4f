"""Addresses of snapshots: one, for everybody who may read it, and an investigation's list."""

from django.urls import URLPattern, path

from geolocation.views import snapshots

urlpatterns: list[URLPattern] = [
    # Before what begins with a code. Codes are written in capitals, so none is mistaken for this.
    path("snapshots/<str:name>/", snapshots.snapshot, name="snapshot"),
    path("<code>/snapshots/", snapshots.index, name="snapshots"),
]
