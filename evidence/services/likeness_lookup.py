"""Find stored hashes within the threshold of given ones, exactly, by their bands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from evidence.fingerprints import Algorithm, Fingerprint, probes_of
from evidence.models.bits import bits_text

# A band that so many stored hashes share tells nothing apart and costs the most: it is not looked up.
HOT_BAND_ROWS = 2_000
# Two films of the same still picture match frame by frame; more than this adds nothing to a suggestion.
MOST_MATCHES = 20_000

# How common a band is, PostgreSQL knows from its own statistics. The comparison stands in a CASE because bits
# of different length cannot be compared, and the order in which conditions are tried is the planner's.
_LOOKUP = """
WITH hot AS MATERIALIZED (
    SELECT COALESCE(array_agg(common.band), '{}') AS bands
    FROM pg_stats AS s
    JOIN pg_class AS c ON c.oid = 'evidence_mediafingerprint'::regclass
    CROSS JOIN LATERAL unnest(s.most_common_elems::text::int[], s.most_common_elem_freqs)
        AS common (band, share)
    WHERE s.schemaname = c.relnamespace::regnamespace::text AND s.tablename = 'evidence_mediafingerprint'
        AND s.attname = 'bands' AND common.band IS NOT NULL
        AND common.share * c.reltuples > %(hot_rows)s
), asked AS MATERIALIZED (
    SELECT q.number, q.algorithm, q.bits::bit varying AS bits, q.threshold,
        ARRAY(SELECT unnest(q.probes::int[]) EXCEPT SELECT unnest(hot.bands)) AS probes,
        cardinality(q.probes::int[]) AS wanted
    FROM unnest(%(algorithms)s::text[], %(bits)s::text[], %(thresholds)s::int[], %(probes)s::text[])
        WITH ORDINALITY AS q (algorithm, bits, threshold, probes, number), hot
), found AS (
    SELECT asked.number, stored.media_file_id, stored.time_s, stored.until_s, compared.distance
    FROM asked
    JOIN evidence_mediafingerprint AS stored ON stored.bands && asked.probes AND NOT stored.is_mirrored
    CROSS JOIN LATERAL (
        SELECT CASE WHEN stored.algorithm = asked.algorithm
            THEN bit_count(stored.bits # asked.bits) END AS distance
    ) AS compared
    WHERE stored.investigation_id = ANY(%(investigations)s) AND stored.media_file_id <> %(except_file)s
        AND stored.id > %(after)s AND compared.distance <= asked.threshold
    LIMIT %(most)s
)
SELECT number, media_file_id, time_s, until_s, distance, NULL FROM found
UNION ALL
SELECT NULL, NULL, NULL, NULL, NULL, sum(wanted - cardinality(probes)) FROM asked
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A stored hash near one that was asked for. `asked` is the index of that one."""

    asked: int
    media_file_id: int
    time_s: float | None
    until_s: float | None
    distance: int


@dataclass(frozen=True, slots=True)
class Found:
    """The hits, and what was left out: `skipped_probes` of bands that too many hashes share.

    With none skipped and the result not cut, nothing within the threshold is missing.
    """

    hits: tuple[Hit, ...]
    skipped_probes: int = 0

    @property
    def is_cut(self) -> bool:
        return len(self.hits) >= MOST_MATCHES


def likeness_lookup(
    *,
    asked: Sequence[Fingerprint],
    investigation_ids: Collection[int],
    except_file_id: int = 0,
    after_id: int = 0,
    hot_band_rows: int = HOT_BAND_ROWS,
) -> Found:
    """Stored hashes within each one's threshold, in these investigations only; one query for all of them.

    The caller names investigations that the person belongs to, or the file's own. `after_id` leaves out rows
    up to that key.
    """
    hashes = [each for each in asked if each.is_searchable]
    places = [index for index, each in enumerate(asked) if each.is_searchable]
    if not hashes or not investigation_ids:
        return Found(())
    parameters = {
        "algorithms": [str(each.algorithm) for each in hashes],
        "bits": [bits_text(each.hash_bytes) for each in hashes],
        "thresholds": [Algorithm(each.algorithm).threshold for each in hashes],
        "probes": [_array(probes_of(each.algorithm, each.hash_bytes)) for each in hashes],
        "investigations": list(investigation_ids),
        "except_file": except_file_id,
        "after": after_id,
        "hot_rows": hot_band_rows,
        "most": MOST_MATCHES,
    }
    hits: list[Hit] = []
    skipped = 0
    for number, file_id, time_s, until_s, distance, left_out in _rows(parameters):
        if number is None:
            skipped = int(left_out or 0)
        else:
            hits.append(Hit(places[number - 1], file_id, time_s, until_s, distance))
    return Found(tuple(hits), skipped)


def _rows(parameters: dict[str, Any]) -> list[tuple[int | None, int, float, float, int, int | None]]:
    """The planner thinks a scan of the table cheaper than 272 look-ups in an index; it is ten times dearer.

    The setting holds for this one statement.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(_LOOKUP, parameters)
        rows: list[tuple[int | None, int, float, float, int, int | None]] = cursor.fetchall()
        cursor.execute("SET LOCAL enable_seqscan = DEFAULT")
    return rows


def _array(numbers: Sequence[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"
