"""``manage.py request_readings``: have stored files read by the readers that came with an upgrade."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from evidence.services.reading_backlog import readings_request_missing


class Command(BaseCommand):
    help = "Ask for every reading that a stored file does not have yet. What was read is not read again."

    def handle(self, *args: Any, **options: Any) -> None:
        """Queue what is missing and say how much that was."""
        self.stdout.write(f"{readings_request_missing()} readings were asked for.")
