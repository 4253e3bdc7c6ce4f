"""How a recording looks in the API, and what logging one takes."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from evidence.api.base import rows_named
from evidence.models import (
    Appearance,
    Investigation,
    MediaFile,
    MediaItem,
    MediaKind,
    MetadataReading,
    Place,
    Source,
)
from evidence.second_opinion import Verdict
from evidence.services.media import MediaDetails
from evidence.services.readers.exiftool import compared
from evidence.services.readers.registry import EXIFTOOL, WALKER
from evidence.services.serials import fields_without_serials


class AppearanceSerializer(serializers.ModelSerializer[Appearance]):
    """One place where it was published; `posted_basis` says how its time is known."""

    posted_by = serializers.SlugRelatedField[Source](slug_field="key", read_only=True, allow_null=True)

    class Meta:
        model = Appearance
        fields = [
            "id",
            "url",
            "canonical_url",
            "platform",
            "post_id",
            "posted_on",
            "posted_at",
            "posted_offset_min",
            "posted_basis",
            "posted_precision_s",
            "derivation",
            "posted_by",
            "archived_url",
            "is_earliest_known",
        ]
        read_only_fields = fields


class ReadingSerializer(serializers.ModelSerializer[MetadataReading]):
    """What one reader made of a file: `found` holds normalised values, and what the file lacks is null.

    Readers: `walker` (metadata), `pixels` (pictures to look at), `credentials` (Content Credentials) and,
    once somebody asked, `exiftool` (a second opinion). Serial numbers are given to members who may edit.
    """

    found = serializers.DictField(source="fields")

    def to_representation(self, instance: MetadataReading) -> dict[str, Any]:
        """Without serial numbers, unless the view says that the person may see them."""
        shown: dict[str, Any] = super().to_representation(instance)
        if not self.context.get("may_edit"):
            shown["found"] = fields_without_serials(shown["found"])
        return shown

    class Meta:
        model = MetadataReading
        fields = [
            "reader",
            "reader_version",
            "state",
            "sentence",
            "finished_at",
            "latitude",
            "longitude",
            "captured_at",
            "found",
        ]
        read_only_fields = fields


class ComparedValueSerializer(serializers.Serializer[Any]):
    """One reader's value and where in the file it found it."""

    shown = serializers.CharField()
    where = serializers.CharField()


class ComparedSerializer(serializers.Serializer[Any]):
    """One value of our reader (`first`) beside exiftool's (`second`); `by` is how far they are apart."""

    key = serializers.CharField()
    verdict = serializers.ChoiceField(choices=[each.value for each in Verdict])
    first = ComparedValueSerializer(allow_null=True)
    second = ComparedValueSerializer(allow_null=True)
    by = serializers.CharField()


class FileSerializer(serializers.ModelSerializer[MediaFile]):
    """One stored file, addressed by its SHA-256. `second_opinion` is null until exiftool was asked."""

    readings = ReadingSerializer(many=True)
    second_opinion = serializers.SerializerMethodField()

    @extend_schema_field(ComparedSerializer(many=True, allow_null=True))
    def get_second_opinion(self, media_file: MediaFile) -> list[dict[str, Any]] | None:
        """Our reader and exiftool value by value."""
        by_reader = {reading.reader: reading for reading in media_file.readings.all()}
        rows = compared(by_reader.get(WALKER), by_reader.get(EXIFTOOL))
        return None if rows is None else [asdict(row) for row in rows]

    class Meta:
        model = MediaFile
        fields = [
            "role",
            "sha256",
            "size_bytes",
            "mime_type",
            "original_name",
            "width",
            "height",
            "created_at",
            "readings",
            "second_opinion",
        ]
        read_only_fields = fields


class MediaSerializer(serializers.ModelSerializer[MediaItem]):
    """One recording in a list."""

    author = serializers.SlugRelatedField[Source](slug_field="key", read_only=True, allow_null=True)
    place = serializers.SlugRelatedField[Place](slug_field="key", read_only=True, allow_null=True)
    logged_by = serializers.StringRelatedField[Any](source="created_by")
    logged_at = serializers.DateTimeField(source="created_at")

    class Meta:
        model = MediaItem
        fields = [
            "reference",
            "kind",
            "title",
            "description",
            "author",
            "place",
            "finding",
            "note",
            "licence",
            "attribution",
            "is_sensitive",
            "logged_by",
            "logged_at",
        ]
        read_only_fields = fields


class MediaDetailSerializer(MediaSerializer):
    """One recording with where it appeared, its files, and what they say."""

    appearances = AppearanceSerializer(many=True)
    files = FileSerializer(many=True)

    class Meta(MediaSerializer.Meta):
        fields = [*MediaSerializer.Meta.fields, "appearances", "files"]
        read_only_fields = fields


class DetailsSerializer(serializers.Serializer[Any]):
    """What a person says of a recording; every part may be left out."""

    title = serializers.CharField(max_length=200, default="", allow_blank=True)
    kind = serializers.ChoiceField(choices=MediaKind.choices, default=MediaKind.UNKNOWN)
    description = serializers.CharField(default="", allow_blank=True)
    author = serializers.CharField(max_length=80, default=None, allow_null=True, help_text="Key of a source.")
    place = serializers.CharField(max_length=80, default=None, allow_null=True, help_text="Key of a place.")
    finding = serializers.CharField(default="", allow_blank=True)
    note = serializers.CharField(default="", allow_blank=True)
    licence = serializers.CharField(max_length=120, default="", allow_blank=True)
    attribution = serializers.CharField(max_length=200, default="", allow_blank=True)
    is_sensitive = serializers.BooleanField(default=False)


class NewMediaSerializer(DetailsSerializer):
    """Links, one item each; without any, one item that has neither link nor file yet."""

    links = serializers.ListField(
        child=serializers.CharField(max_length=2000),
        default=list,
        max_length=500,
        help_text="Every link is taken, or none.",
    )


class UploadSerializer(DetailsSerializer):
    """One file; `item` adds it to a recording that is there, and the details are then left as they are."""

    file = serializers.FileField(allow_empty_file=True)
    item = serializers.CharField(max_length=16, default="", allow_blank=True)


class LoggedSerializer(serializers.Serializer[Any]):
    """Where logging led: to a new item, or to the one that has this post or these bytes already."""

    existed = serializers.BooleanField()
    sentence = serializers.CharField()
    given = serializers.CharField(help_text="The link or the name of the file.")
    item = MediaSerializer()


def details_from(given: dict[str, Any], *, investigation: Investigation) -> MediaDetails:
    """The details of a request, with the keys turned into the source and the place that have them."""
    values = {field.name: given[field.name] for field in fields(MediaDetails)}
    for name, model in (("author", Source), ("place", Place)):
        if values[name]:
            rows: Any = model._default_manager.filter(investigation=investigation)
            values[name] = rows_named(rows, [values[name]], column="key", field=name)[0]
        else:
            values[name] = None
    return MediaDetails(**values)
