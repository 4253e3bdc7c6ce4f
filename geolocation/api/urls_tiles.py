"""Addresses under /tiles/."""

from django.urls import URLPattern, path

from geolocation.api import tiles

urlpatterns: list[URLPattern] = [
    path("tiles/tiles.json", tiles.TileDescription.as_view(), name="tiles-json"),
    path("tiles/<str:z>/<str:x>/<str:y>.mvt", tiles.TileData.as_view(), name="tile"),
    path(
        "tiles/<str:code>/tiles.json",
        tiles.InvestigationTileDescription.as_view(),
        name="investigation-tiles-json",
    ),
    path(
        "tiles/<str:code>/<str:z>/<str:x>/<str:y>.mvt",
        tiles.InvestigationTileData.as_view(),
        name="investigation-tile",
    ),
]
