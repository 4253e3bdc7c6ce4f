"""ASGI entry point for the production server."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "osint_catalogue.settings")
application = get_asgi_application()
