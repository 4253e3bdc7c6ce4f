"""`/api/v1/`: the description and the resources of both applications."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

urlpatterns = [
    path("schema", SpectacularAPIView.as_view(), name="api-schema"),
    path("", include("evidence.api.urls")),
    path("", include("geolocation.api.urls")),
]
