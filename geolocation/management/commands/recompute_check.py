"""Compute the verdict of a stored check run again, from the inputs that it kept."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from geolocation.models import CheckRun
from geolocation.services.checks import check_recompute, is_same_result


class Command(BaseCommand):
    help = "Compute the verdict of a check run again from its stored inputs, and compare."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", type=int, help="the number of the check run")

    def handle(self, *args: Any, **options: Any) -> None:
        run = CheckRun.objects.select_related("revision__geolocation").filter(pk=options["run"]).first()
        if run is None:
            raise CommandError(f"There is no check run {options['run']}.")
        try:
            result = check_recompute(run=run)
        except LookupError as missing:
            raise CommandError(f"The check {run.key} is not among those of this version.") from missing
        except (KeyError, TypeError, ValueError) as broken:
            raise CommandError(f"The stored inputs cannot be read: {broken}") from broken
        self.stdout.write(f"{run.key} on {run.revision}, {run.ran_at:%Y-%m-%d %H:%M} UTC")
        for label, version, verdict, value, unit, sentence in (
            ("stored", run.version, run.verdict, run.measured_value, run.unit, run.sentence),
            (
                "now",
                result.version,
                result.verdict.value,
                result.measured_value,
                result.unit,
                result.sentence,
            ),
        ):
            measured = "" if value is None else f" {value:.6g} {unit}"
            self.stdout.write(f"{label}: version {version}, {verdict}{measured}. {sentence}")
        if is_same_result(run, result):
            self.stdout.write("The same.")
        elif run.version != result.version:
            self.stdout.write("The check has been changed since (its version differs).")
        else:
            raise CommandError("The stored inputs now give another result.")
