"""`/api/v1/`: the description and the resources of both applications."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from evidence.api.base import UnknownAddress

urlpatterns = [
    path("schema", SpectacularAPIView.as_view(), name="api-schema"),
    path("", include("evidence.api.urls")),
    path("", include("geolocation.api.urls")),
    # Last: whatever else is asked for under this address is answered in the API's own words.
    re_path(r"^.*$", UnknownAddress.as_view(), name="api-unknown"),
]
