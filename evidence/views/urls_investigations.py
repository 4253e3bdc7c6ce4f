"""Addresses of the start page, of an investigation's home and settings, its custody log, sources, places."""

from django.urls import URLPattern, path

from evidence.views import catalogue, custody, investigations, search

urlpatterns: list[URLPattern] = [
    path("", investigations.index, name="investigation-list"),
    # Before the patterns that begin with a code, which would take these words for one.
    path("new/", investigations.open_new, name="investigation-open"),
    path("search/", search.search, name="search"),
    path("<code:code>/", investigations.home, name="investigation"),
    path("<code:code>/settings/", investigations.settings, name="investigation-settings"),
    path("<code:code>/settings/publish/", investigations.publish, name="investigation-publish"),
    path("<code:code>/settings/blind/", investigations.blind, name="investigation-blind"),
    path("<code:code>/custody/", custody.log, name="custody-log"),
    path("<code:code>/custody/download/", custody.download, name="custody-download"),
    path("<code:code>/sources/", catalogue.sources, name="source-list"),
    path("<code:code>/sources/add/", catalogue.source_new, name="source-add"),
    path("<code:code>/places/", catalogue.places, name="place-list"),
    path("<code:code>/places/add/", catalogue.place_new, name="place-add"),
]
