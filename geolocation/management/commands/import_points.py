"""`manage.py import_points FILE`: other people's points, checked row by row, brought in as drafts."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from evidence.errors import CatalogueError
from evidence.models import Investigation
from evidence.services.readers.base import scratch
from geolocation.importers.formats.registry import NAMES
from geolocation.models import ImportBatch
from geolocation.services.importing import AUTO, import_counts, import_stage
from geolocation.services.importing_apply import import_apply
from geolocation.services.importing_files import folder_pack


class Command(BaseCommand):
    help = (
        "Read a file of points, judge each row, and bring new and changed ones in as drafts. The same file "
        "twice changes nothing, so a run that was stopped is simply started again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="or a folder of auto-archiver's folders")
        parser.add_argument("--investigation", required=True, help="its code")
        parser.add_argument("--actor", required=True, help="e-mail address of who brings them in")
        parser.add_argument("--format", default=AUTO, choices=[AUTO, *NAMES])
        parser.add_argument(
            "--column", action="append", default=[], metavar="FIELD=COLUMN", help="for plain files"
        )
        parser.add_argument("--dry-run", action="store_true", help="judge the rows and bring nothing in")
        parser.add_argument("--json", action="store_true", help="one JSON line a row")

    def handle(self, *args: Any, **options: Any) -> None:
        investigation = Investigation.objects.filter(code=options["investigation"].upper()).first()
        actor = get_user_model().objects.filter(email__iexact=options["actor"], is_active=True).first()
        if investigation is None or actor is None:
            what = "investigation" if investigation is None else "person"
            raise CommandError(f"There is no such {what}.")
        if not options["file"].exists():
            raise CommandError(f"Not found: {options['file']}")
        mapping = _mapping(options["column"])
        try:
            with _as_file(options["file"]) as path:
                batch = import_stage(
                    actor=actor,
                    investigation=investigation,
                    path=path,
                    name=options["file"].resolve().name,
                    format_name=options["format"],
                    mapping=mapping,
                )
            counts = import_counts(batch)
            applied = 0 if options["dry_run"] else import_apply(actor=actor, batch=batch)
        except CatalogueError as refusal:
            raise CommandError(refusal.sentence) from refusal
        if options["json"]:
            self._write_rows(batch)
            return
        told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
        self.stdout.write(
            f"{batch.reference} {batch.source_name} ({batch.format}): {told}. {applied} brought in."
        )

    def _write_rows(self, batch: ImportBatch) -> None:
        for row in batch.rows.order_by("pk").iterator(chunk_size=1000):
            line = {
                "row": row.number,
                "upstream_id": row.upstream_id,
                "sha256": row.digest,
                "verdict": row.verdict,
                "reasons": row.reasons,
                "latitude": row.latitude,
                "longitude": row.longitude,
                "applied": row.applied_at is not None,
                "sentence": row.sentence,
            }
            self.stdout.write(json.dumps(line, ensure_ascii=False))


@contextmanager
def _as_file(path: Path) -> Iterator[Path]:
    """The file; of a folder a ZIP of what is in it, beside the storage while it is read."""
    if not path.is_dir():
        yield path
        return
    with scratch() as folder:
        folder_pack(path, folder / "folder.zip")
        yield folder / "folder.zip"


def _mapping(columns: list[str]) -> dict[str, str] | None:
    parts = [column.partition("=") for column in columns]
    if any(not field or not name for field, _equals, name in parts):
        raise CommandError("Write each column as FIELD=COLUMN, for example latitude=Breite.")
    return {field: name for field, _equals, name in parts} or None
