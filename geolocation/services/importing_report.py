"""The report on an import: rows by verdict, reason and words; points for the map; the errors as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Func, JSONField, Q, QuerySet
from django.db.models.functions import Cast

from evidence.errors import InvalidInput
from geolocation.exports.csv import escape
from geolocation.import_reasons import REASONS, Fault, faults, reason_words
from geolocation.models import ImportBatch, ImportedPoint, RowVerdict, StagedRow
from geolocation.services.importing_rows import row_said

# More is not drawn: the page says so, and the table has all of them.
MOST_ON_MAP = 5000
IN_ERRORS = (RowVerdict.REFUSED, RowVerdict.DOUBTFUL)


@dataclass(frozen=True, kw_only=True)
class RowFilter:
    """Which rows: of one verdict, of one reason, with these words anywhere in them."""

    verdict: str = ""
    reason: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One row with its reasons at their fields, and what stands for it in the catalogue."""

    staged: StagedRow
    faults: list[Fault]
    title: str
    uncertainty_m: float | None
    geolocation: str
    media: str
    needs_decision: bool


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many doubtful or refused rows have a reason, and how many wait for a decision with it alone."""

    reason: str
    sentence: str
    count: int
    open_count: int


def row_filter(*, verdict: str, reason: str, words: str) -> RowFilter:
    """The filter; InvalidInput at its field for a verdict or a reason that is not known."""
    if verdict and verdict not in RowVerdict.values:
        raise InvalidInput(f"A verdict is one of {', '.join(RowVerdict.values)}.", field="verdict")
    if reason and reason not in REASONS:
        raise InvalidInput(f"A reason is one of {', '.join(REASONS)}.", field="reason")
    return RowFilter(verdict=verdict, reason=reason, words=words.replace("\x00", "").strip()[:200])


def rows_matching(batch: ImportBatch, wanted: RowFilter) -> QuerySet[StagedRow]:
    """The rows of a filter."""
    rows = batch.rows.select_related("let_in_by", "kept_out_by")
    if wanted.verdict:
        rows = rows.filter(verdict=wanted.verdict)
    if wanted.reason:
        rows = rows.filter(reasons__contains=[wanted.reason])
    if wanted.words:
        rows = rows.filter(Q(upstream_id__icontains=wanted.words) | Q(row__icontains=wanted.words))
    return rows


def report_rows(batch: ImportBatch, rows: list[StagedRow]) -> list[ReportRow]:
    """These rows as the report shows them, in their order."""
    points = ImportedPoint.objects.filter(row__in=[row.pk for row in rows])
    made = {
        row_id: (geolocation or "", media or "")
        for row_id, geolocation, media in points.values_list(
            "row_id", "geolocation__reference", "media_item__reference"
        )
    }
    return [
        ReportRow(
            staged=row,
            faults=faults(row.reasons, row.row, batch.mapping),
            title=_title(batch, row),
            uncertainty_m=row_said(batch, row).get("uncertainty_m"),
            geolocation=made.get(row.pk, ("", ""))[0],
            media=made.get(row.pk, ("", ""))[1],
            needs_decision=row.verdict == RowVerdict.DOUBTFUL
            and row.applied_at is None
            and row.let_in_by_id is None
            and row.kept_out_by_id is None,
        )
        for row in rows
    ]


def _title(batch: ImportBatch, row: StagedRow) -> str:
    """What the row is called: also of a refused one, which has no more than itself."""
    column = batch.mapping.get("title", "title")
    return str(row.payload.get("title") or row.row.get(column) or row.upstream_id)[:200]


def reason_counts(batch: ImportBatch) -> list[ReasonCount]:
    """Every reason that occurs, the most frequent first."""
    alone = Q(
        verdict=RowVerdict.DOUBTFUL,
        applied_at__isnull=True,
        let_in_by__isnull=True,
        kept_out_by__isnull=True,
        reasons__len=1,
    )
    counted = (
        batch.rows.filter(verdict__in=IN_ERRORS)
        .order_by()
        .annotate(reason=Func(F("reasons"), function="unnest"))
        .values("reason")
        .annotate(count=Count("pk"), open_count=Count("pk", filter=alone))
        .order_by("-count", "reason")
    )
    return [
        ReasonCount(each["reason"], reason_words(each["reason"]), each["count"], each["open_count"])
        for each in counted
    ]


def map_features(batch: ImportBatch, rows: QuerySet[StagedRow]) -> dict[str, Any]:
    """The first points of a filter as GeoJSON for the map, and whether there are more."""
    placed = rows.filter(latitude__isnull=False).order_by("pk")
    found = list(placed[: MOST_ON_MAP + 1])
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [row.longitude, row.latitude]},
            "properties": {
                "status": f"import_{row.verdict}",
                "status_word": str(row.get_verdict_display()),
                "title": f"{row.number} {_title(batch, row)}",
            },
        }
        for row in found[:MOST_ON_MAP]
    ]
    return {"type": "FeatureCollection", "features": features, "has_more": len(found) > MOST_ON_MAP}


class _Line:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def errors_csv(batch: ImportBatch) -> Iterator[str]:
    """Doubtful and refused rows as they came, after their number, verdict and what is wrong; in pieces.

    Put right, the file can be brought in again: its own columns keep their names. A cell that a spreadsheet
    would run begins with an apostrophe.
    """
    rows = batch.rows.filter(verdict__in=IN_ERRORS).order_by("pk")
    columns = _columns(batch, rows)
    writer = csv.writer(_Line())
    yield writer.writerow(["row number", "verdict", "what is wrong", *columns])
    for row in rows.iterator(chunk_size=2000):
        wrong = " ".join(_said(fault) for fault in faults(row.reasons, row.row, batch.mapping))
        values = [escape(_text(row.row.get(name))) for name in columns]
        yield writer.writerow([row.number, row.verdict, wrong, *values])


def _columns(batch: ImportBatch, rows: QuerySet[StagedRow]) -> list[str]:
    keys = rows.order_by().annotate(column=Func(Cast("row", JSONField()), function="jsonb_object_keys"))
    return sorted(set(keys.values_list("column", flat=True).distinct()))


def _said(fault: Fault) -> str:
    where = fault.column or fault.field
    return f"{where}: {fault.sentence}"


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return str(value)
