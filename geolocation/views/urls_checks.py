"""The address of the page that explains the checks."""

from django.urls import URLPattern, path

from geolocation.views.checks_explained import checks_explained

urlpatterns: list[URLPattern] = [
    # Before what begins with a code; those are written in capitals.
    path("checks/", checks_explained, name="checks-explained"),
]
