"""How an import and its rows look in the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field, inline_serializer
from rest_framework import serializers

from geolocation.import_reasons import REASONS
from geolocation.importers.formats.registry import NAMES
from geolocation.models import ImportBatch, ImportState, RowVerdict
from geolocation.services.importing import AUTO, import_counts
from geolocation.services.importing_decide import RowDecision
from geolocation.services.importing_report import ReportRow, reason_counts

_COUNTS = inline_serializer(
    "ImportCounts", {str(verdict): serializers.IntegerField() for verdict in RowVerdict.values}
)
_REASON = inline_serializer(
    "ImportReason",
    {
        "reason": serializers.CharField(),
        "sentence": serializers.CharField(),
        "count": serializers.IntegerField(),
        "open": serializers.IntegerField(help_text="Doubtful rows with this reason alone, not decided on."),
    },
    many=True,
)


class ImportSerializer(serializers.ModelSerializer[ImportBatch]):
    """One import: its file, how far it is, and the report in numbers."""

    state = serializers.ChoiceField(choices=ImportState.choices, read_only=True)
    sent_by = serializers.CharField(source="created_by.name", read_only=True)
    sent_at = serializers.DateTimeField(source="created_at", read_only=True)
    checked_at = serializers.DateTimeField(source="staged_at", read_only=True, allow_null=True)
    rows = serializers.IntegerField(source="row_count", read_only=True)
    counts = serializers.SerializerMethodField()
    reasons = serializers.SerializerMethodField()
    brought_in = serializers.SerializerMethodField()

    class Meta:
        model = ImportBatch
        fields = [
            "reference",
            "source_name",
            "format",
            "sha256",
            "size_bytes",
            "state",
            "sentence",
            "columns",
            "mapping",
            "rows",
            "counts",
            "reasons",
            "brought_in",
            "sent_by",
            "sent_at",
            "checked_at",
            "finished_at",
        ]
        read_only_fields = fields

    @extend_schema_field(_COUNTS)
    def get_counts(self, batch: ImportBatch) -> dict[str, int]:
        return import_counts(batch)

    @extend_schema_field(_REASON)
    def get_reasons(self, batch: ImportBatch) -> list[dict[str, Any]]:
        return [
            {
                "reason": each.reason,
                "sentence": each.sentence,
                "count": each.count,
                "open": each.open_count,
            }
            for each in reason_counts(batch)
        ]

    def get_brought_in(self, batch: ImportBatch) -> int:
        return int(batch.rows.filter(applied_at__isnull=False).count())


class NewImportSerializer(serializers.Serializer[Any]):
    """A file, its format (`auto` recognises it), and for plain files which column is what, as JSON."""

    file = serializers.FileField(allow_empty_file=True)
    format = serializers.ChoiceField(choices=[AUTO, *NAMES], default=AUTO)
    mapping = serializers.CharField(default="", allow_blank=True, max_length=20_000)


class MappingSerializer(serializers.Serializer[Any]):
    """Which column is what; left out, as the last time."""

    mapping = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False)


class ImportDecisionSerializer(serializers.Serializer[Any]):
    """On one row by its number, or on all open ones that have this reason and no other."""

    decision = serializers.ChoiceField(choices=[str(each) for each in RowDecision])
    row = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    reason = serializers.ChoiceField(choices=REASONS, required=False)


class FaultSerializer(serializers.Serializer[Any]):
    """One reason at its field: the column as the file calls it, and what stands there."""

    reason = serializers.ChoiceField(choices=REASONS)
    sentence = serializers.CharField()
    field = serializers.CharField()
    column = serializers.CharField()
    value = serializers.CharField()


class RowSerializer(serializers.Serializer[Any]):
    """One row as judged, with the row itself. Unknown is null."""

    number = serializers.IntegerField(source="staged.number")
    upstream_id = serializers.CharField(source="staged.upstream_id")
    sha256 = serializers.CharField(source="staged.digest")
    verdict = serializers.ChoiceField(choices=RowVerdict.choices, source="staged.verdict")
    faults = FaultSerializer(many=True)
    title = serializers.CharField()
    latitude = serializers.FloatField(source="staged.latitude", allow_null=True)
    longitude = serializers.FloatField(source="staged.longitude", allow_null=True)
    let_in_by = serializers.CharField(source="staged.let_in_by.name", default=None, allow_null=True)
    kept_out_by = serializers.CharField(source="staged.kept_out_by.name", default=None, allow_null=True)
    decided_at = serializers.DateTimeField(source="staged.decided_at", allow_null=True)
    applied_at = serializers.DateTimeField(source="staged.applied_at", allow_null=True)
    geolocation = serializers.SerializerMethodField()
    media = serializers.SerializerMethodField()
    sentence = serializers.CharField(source="staged.sentence")
    row = serializers.DictField(source="staged.row")

    def get_geolocation(self, row: ReportRow) -> str | None:
        return row.geolocation or None

    def get_media(self, row: ReportRow) -> str | None:
        return row.media or None
