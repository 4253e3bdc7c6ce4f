from django.apps import AppConfig


class GeolocationConfig(AppConfig):
    name = "geolocation"

    def ready(self) -> None:
        # Permissions and receivers register when they are imported; the models must be ready first.
        from geolocation import permissions, receivers  # noqa: F401
