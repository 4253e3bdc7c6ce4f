"""`manage.py log_media INVESTIGATION PATH...`: bring in folders, ZIPs and files, in a person's name."""

from __future__ import annotations

import csv
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from evidence.errors import CatalogueError
from evidence.intake_report import REPORT_COLUMNS, report_rows
from evidence.models import IntakeBatch, IntakeMember, Investigation
from evidence.services.intake import batch_counts, batch_finish, batch_of_folder, batch_of_zip, zip_refuse
from evidence.services.intake_folder import folder_bring_in
from evidence.services.intake_zip import batch_run
from evidence.storage import media_storage

_HEAD_BYTES = 4096
_PIECE_BYTES = 1 << 20


class Command(BaseCommand):
    help = (
        "Bring in folders, ZIPs and single files. Files that are known change nothing, so a run that was "
        "stopped is simply started again. Ends with a report."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("investigation", help="its code")
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--as", dest="email", required=True, help="e-mail address of who logs them")
        parser.add_argument("--sensitive", action="store_true", help="show each one blurred until asked")
        parser.add_argument("--report", type=Path, help="also write the report to this CSV file")

    def handle(self, *args: Any, **options: Any) -> None:
        investigation = Investigation.objects.filter(code=options["investigation"].upper()).first()
        actor = get_user_model().objects.filter(email__iexact=options["email"], is_active=True).first()
        if investigation is None or actor is None:
            what = "investigation" if investigation is None else "person"
            raise CommandError(f"There is no such {what}.")
        if absent := [str(path) for path in options["paths"] if not path.exists()]:
            raise CommandError(f"Not found: {', '.join(absent)}")
        given = {"actor": actor, "investigation": investigation, "is_sensitive": options["sensitive"]}
        try:
            batches = [self._bring_in(path.resolve(), given) for path in options["paths"]]
        except CatalogueError as refusal:
            raise CommandError(refusal.sentence) from refusal
        for batch in batches:
            counts = ", ".join(f"{count} {state}" for state, count in batch_counts(batch).items() if count)
            self.stdout.write(
                f"{batch.reference} {batch.source_name}: {counts or 'no files'}. {batch.sentence}".strip()
            )
        if options["report"]:
            self._write_report(options["report"], batches)

    def _bring_in(self, path: Path, given: dict[str, Any]) -> IntakeBatch:
        if path.is_file() and _is_zip(path):
            return self._zip(path, given)
        batch, _existed = batch_of_folder(name=str(path), **given)
        folder_bring_in(batch, path, told=self._told)
        batch_finish(batch)
        batch.refresh_from_db()
        return batch

    def _zip(self, path: Path, given: dict[str, Any]) -> IntakeBatch:
        with path.open("rb") as stream:
            stored = media_storage().put(iter(lambda: stream.read(_PIECE_BYTES), b""))
        batch, _existed = batch_of_zip(stored=stored, name=path.name, **given)
        while batch.is_unfinished:
            batch_run(batch_id=batch.pk)
            batch.refresh_from_db()
            if batch.lease_until is not None:  # a worker has it
                time.sleep(0.5)
        for member in batch.members.all():
            self._told(member)
        return batch

    def _told(self, member: IntakeMember) -> None:
        self.stdout.write(f"  {member.state:<8} {member.name}: {member.sentence}")

    def _write_report(self, path: Path, batches: list[IntakeBatch]) -> None:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(REPORT_COLUMNS)
            for batch in batches:
                writer.writerows(report_rows(batch))


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return zip_refuse(path.name, file.read(_HEAD_BYTES)) is None
