"""What the catalogue has of a piece of rows: asked once a piece, and added to as the piece comes in."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from evidence.models import Investigation, MediaItem, Source
from evidence.services.appearances import appearances_find
from geolocation.models import ImportBatch, ImportedPoint
from geolocation.services.importing_said import Said

# As the lookup of one name ignores case, whose rules are the database's.
_SOURCES_NAMED = """
SELECT DISTINCT ON (asked.name) asked.name, source.id
FROM unnest(%(names)s::text[]) AS asked (name)
JOIN evidence_source AS source
    ON source.investigation_id = %(investigation)s AND upper(source.name::text) = upper(asked.name)
ORDER BY asked.name, source.name
"""


class Known:
    """The points by upstream id, items by canonical link and sources by name that rows lead to."""

    def __init__(self, batch: ImportBatch, rows: Sequence[Said]) -> None:
        investigation = batch.investigation
        self.points: dict[str, ImportedPoint] = {
            point.upstream_id: point
            for point in ImportedPoint.objects.filter(
                investigation=investigation,
                format=batch.format,
                upstream_id__in={said.row.upstream_id for said in rows},
            )
        }
        links = {said.link.canonical for said in rows if said.link}
        appearances = appearances_find(investigation=investigation, canonical_urls=links)
        self.items: dict[str, MediaItem] = {url: found.media_item for url, found in appearances.items()}
        for item in self.items.values():
            item.investigation = investigation
        self.sources = _sources_named(investigation, {said.publisher for said in rows if said.publisher})


def _sources_named(investigation: Investigation, names: set[str]) -> dict[str, Source]:
    """The source that each of these names is of, ignoring case; names of none are left out."""
    if not names:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_SOURCES_NAMED, {"names": sorted(names), "investigation": investigation.pk})
        keys = dict(cursor.fetchall())
    sources = Source.objects.in_bulk(set(keys.values()))
    return {name: sources[key] for name, key in keys.items()}
