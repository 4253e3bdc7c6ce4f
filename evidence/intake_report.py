"""The report on a batch as rows of a table, safe to open in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.models import IntakeBatch

REPORT_COLUMNS = ("batch", "name", "state", "reference", "sentence", "sha256", "size_bytes")
_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\n")


def report_rows(batch: IntakeBatch) -> Iterator[tuple[str, ...]]:
    """One row a file in the order of the ZIP or folder, read from the database in pieces."""
    members = batch.members.select_related("media_item").order_by("position")
    for member in members.iterator(chunk_size=2000):
        yield tuple(
            map(
                cell,
                (
                    batch.reference,
                    member.name,
                    member.state,
                    member.media_item.reference if member.media_item else "",
                    member.sentence,
                    member.sha256,
                    "" if member.size_bytes is None else str(member.size_bytes),
                ),
            )
        )


def cell(text: str) -> str:
    """The text; with an apostrophe before it where a spreadsheet would run it as a formula."""
    return f"'{text}" if text.startswith(_RUN_BY_SPREADSHEETS) else text
