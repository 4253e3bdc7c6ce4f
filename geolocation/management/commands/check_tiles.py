"""Compare the grid behind the vector tiles with the points, and make it again if that is asked for."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from geolocation.services.tiles import tile_cells_rebuild, tile_cells_wrong


class Command(BaseCommand):
    help = "Compare the grid behind the vector tiles with the points; --rebuild makes it again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--rebuild", action="store_true", help="make the grid again; writers wait until it is done"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rebuild"]:
            self.stdout.write(f"The grid was made again: {tile_cells_rebuild()} cells.")
        wrong = tile_cells_wrong()
        if wrong:
            raise CommandError(
                f"{wrong} cells differ from the points. Run `manage.py check_tiles --rebuild`, and find out"
                " who wrote with triggers off."
            )
        self.stdout.write("The grid says what the points say.")
