"""Addresses of evidence. Each page module brings its own list, so that none is edited by two people."""

from django.urls import include, path

app_name = "evidence"
urlpatterns = [
    path("", include("evidence.views.urls_investigations")),
    path("", include("evidence.views.urls_media")),
    path("", include("evidence.views.urls_likeness")),
    path("", include("evidence.views.urls_claims")),
]
