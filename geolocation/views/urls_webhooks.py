"""Addresses of webhooks."""

from django.urls import URLPattern, path

from geolocation.views import webhooks

_ONE = "<code>/webhooks/<int:webhook_id>"

urlpatterns: list[URLPattern] = [
    path("<code>/webhooks/", webhooks.index, name="webhooks"),
    path(f"{_ONE}/", webhooks.log, name="webhook-log"),
    path(f"{_ONE}/end/", webhooks.end, name="webhook-end"),
    path(f"{_ONE}/resume/", webhooks.resume, name="webhook-resume"),
    path(f"{_ONE}/deliveries/<int:delivery_id>/again/", webhooks.again, name="webhook-again"),
]
