"""Addresses of the recordings that look alike."""

from django.urls import URLPattern, path

from evidence.views import likeness

urlpatterns: list[URLPattern] = [
    path("<code:code>/likeness/", likeness.index, name="likeness-list"),
    path("<code:code>/likeness/<reference>/<other>/", likeness.compare, name="likeness-compare"),
    path("<code:code>/media/<reference>/elsewhere/", likeness.elsewhere, name="likeness-elsewhere"),
]
