"""Addresses of blind second looks."""

from django.urls import URLPattern, path

from geolocation.views import blind

urlpatterns: list[URLPattern] = [
    path("<code:code>/second-looks/", blind.second_looks, name="second-looks"),
    path("<code:code>/second-looks/<reference>/", blind.blind_round, name="blind-round"),
]
