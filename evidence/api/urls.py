"""Addresses of these resources."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
