"""Every address of the application."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import TemplateView

from evidence.api.base import UnknownAddress
from osint_catalogue.health import healthz, readyz
from osint_catalogue.styleguide import styleguide_context

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("osint_catalogue.accounts.urls")),
    path("account/", include("allauth.urls")),
    path("api/v1/", include("osint_catalogue.api_urls")),
    re_path(r"^api(/|$)", UnknownAddress.as_view()),
    path("", include("geolocation.urls")),
    path("", include("evidence.urls")),
]
if settings.DEBUG:
    urlpatterns.insert(
        0,
        path(
            "styleguide/",
            TemplateView.as_view(template_name="styleguide.html", extra_context=styleguide_context()),
            name="styleguide",
        ),
    )
