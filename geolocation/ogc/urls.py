"""Addresses under /ogc/."""

from django.urls import URLPattern, path

from geolocation.ogc import views

urlpatterns: list[URLPattern] = [
    path("ogc/", views.Landing.as_view(), name="ogc-landing"),
    path("ogc/api", views.Description.as_view(), name="ogc-api"),
    path("ogc/conformance", views.Conformance.as_view(), name="ogc-conformance"),
    path("ogc/collections", views.CollectionList.as_view(), name="ogc-collections"),
    path("ogc/collections/<str:collection>", views.CollectionDetail.as_view(), name="ogc-collection"),
    path("ogc/collections/<str:collection>/queryables", views.Queryables.as_view(), name="ogc-queryables"),
    path("ogc/collections/<str:collection>/items", views.Items.as_view(), name="ogc-items"),
    path("ogc/collections/<str:collection>/items/<uuid:uid>", views.Item.as_view(), name="ogc-item"),
]
