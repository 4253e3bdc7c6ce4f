"""The project: settings, addresses, queue and accounts around the two applications."""

from osint_catalogue.celery import app as celery_app

__all__ = ["celery_app"]
