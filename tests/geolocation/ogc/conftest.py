"""The points and clients of the API's tests."""

from tests.geolocation.api.conftest import client_of, published, verified

__all__ = ["client_of", "published", "verified"]
