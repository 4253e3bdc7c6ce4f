"""Run the checks again on an investigation, or on all of them."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.models import Investigation
from geolocation.models import Geolocation
from geolocation.services.checks import BATCH, checks_recheck


class Command(BaseCommand):
    help = "Run the checks again; what says the same as before is not stored twice."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("investigation", nargs="?", help="the code of an investigation")
        which.add_argument("--all", action="store_true", help="every investigation")
        parser.add_argument("--batch", type=int, default=BATCH, help="geolocations a transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["batch"] < 1:
            raise CommandError("A batch holds at least one geolocation.")
        chosen = Geolocation.objects.all()
        if not options["all"]:
            investigation = Investigation.objects.filter(code=options["investigation"]).first()
            if investigation is None:
                raise CommandError(f"There is no investigation {options['investigation']}.")
            chosen = chosen.filter(investigation=investigation)
        started, looked_at, added = time.perf_counter(), 0, 0
        for batch, runs in checks_recheck(geolocations=chosen, batch=options["batch"]):
            looked_at += batch
            added += runs
            self.stderr.write(f"{looked_at} geolocations, {added} new results")
        seconds = time.perf_counter() - started
        self.stdout.write(f"{looked_at} geolocations checked in {seconds:.1f} s, {added} new results.")
