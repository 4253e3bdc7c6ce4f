from django.apps import AppConfig


class GeolocationConfig(AppConfig):
    name = "geolocation"

    def ready(self) -> None:
        # Receivers connect when they are imported; the app registry must be ready first.
        from geolocation import receivers  # noqa: F401
