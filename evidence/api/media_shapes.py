"""How a recording looks in the API, and what logging one takes."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

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
from evidence.services.media import MediaDetails


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
    """What one reader made of a file: `found` holds normalised values, and what the file lacks is null."""

    found = serializers.DictField(source="fields")

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


class FileSerializer(serializers.ModelSerializer[MediaFile]):
    """One stored file, addressed by its SHA-256."""

    readings = ReadingSerializer(many=True)

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
