"""Points by SQL where many are wanted, and one place from which tiles are asked for and read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from evidence.models import Investigation
from osint_catalogue.accounts.models import User
from tests.geolocation.api.conftest import client_of, published, verified
from tests.geolocation.tiles.reading import layers_of

__all__ = ["client_of", "published", "verified"]

# Through every trigger but the gate of reviews, which is not what these tests are about.
_MANY = """
INSERT INTO evidence_mediaitem (id, investigation_id, reference, kind, title, description, finding, note,
        licence, attribution, is_sensitive, created_by_id, created_at)
    SELECT %(first)s + n, %(investigation)s, 'M' || %(first)s + n, 'video', %(title)s, '', '', '', '', '',
        false, %(author)s, now()
    FROM generate_series(1, %(count)s) AS n;
INSERT INTO geolocation_geolocation (id, uid, investigation_id, media_item_id, reference, author_id, state,
        state_reason, is_sealed, created_at, updated_at)
    SELECT %(first)s + n, gen_random_uuid(), %(investigation)s, %(first)s + n, 'G' || %(first)s + n,
        %(author)s, %(state)s, '', false, now(), now()
    FROM generate_series(1, %(count)s) AS n;
INSERT INTO geolocation_geolocationrevision (id, geolocation_id, number, author_id, camera_latitude,
        camera_longitude, camera_uncertainty_m, camera_as_typed, subject_as_typed, captured_on,
        captured_basis, method, reasoning, "references", created_at)
    SELECT %(first)s + n, %(first)s + n, 1, %(author)s, %(south)s + (n %% 100) * %(step)s,
        %(west)s + (n / 100) * %(step)s, 15, '', '', date '2023-01-15' + n %% 700, '', 'landmarks',
        'Made by a test.', '', now()
    FROM generate_series(1, %(count)s) AS n;
UPDATE geolocation_geolocation SET current_revision_id = id
    WHERE id > %(first)s AND id <= %(first)s + %(count)s;
"""
_MANY_VERIFIED = """
INSERT INTO geolocation_verifiedpoint (geolocation_id, revision_id, investigation_id, media_item_id, uid,
        position_role, disclosure, properties, latitude, longitude, camera_latitude, camera_longitude,
        uncertainty_m, media_reference, media_kind, title, place_name,
        source_url, licence, attribution, claim_references, captured_on, verified_by, verified_at, updated_at)
    SELECT g.id, g.id, g.investigation_id, g.media_item_id, g.uid, 'camera', 'exact', '', r.camera_latitude,
        r.camera_longitude, r.camera_latitude, r.camera_longitude, 15, 'M' || g.id, 'video', %(title)s,
        'Stepanakert / Xankəndi', '', '', '', '{}', r.captured_on, ARRAY['A Reviewer'], now(), now()
    FROM geolocation_geolocation AS g
    JOIN geolocation_geolocationrevision AS r ON r.id = g.current_revision_id
    WHERE g.id > %(first)s AND g.id <= %(first)s + %(count)s;
"""


@contextmanager
def gate_ajar() -> Iterator[None]:
    """Points without reviews may be written meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE geolocation_verifiedpoint DISABLE TRIGGER verified_point_gate")
        try:
            yield
        finally:
            cursor.execute("ALTER TABLE geolocation_verifiedpoint ENABLE TRIGGER verified_point_gate")


def points_make(
    investigation: Investigation,
    author: User,
    count: int,
    *,
    first: int = 100_000,
    state: str = "verified",
    title: str = "Smoke over the quay",
    south: float = 39.8,
    west: float = 46.7,
    step: float = 0.0001,
) -> None:
    """`count` geolocations in one state, a hundred to a column going north, columns going east.

    In autocommit each statement is a transaction. The gate of verified points stands aside: they have no
    reviews.
    """
    given = {
        "first": first, "investigation": investigation.pk, "author": author.pk, "count": count,
        "state": state, "title": title, "south": south, "west": west, "step": step,
    }  # fmt: skip
    with gate_ajar(), connection.cursor() as cursor:
        for statement in (_MANY + (_MANY_VERIFIED if state == "verified" else "")).split(";\n")[:-1]:
            cursor.execute(statement, given)


@pytest.fixture
def tile_of(tmp_path):
    """`tile_of(client, "/tiles/9/322/196.mvt", status=...)`: its layers, the answer kept as `.answer`."""

    class Layers(dict):
        answer = None

    def ask(client, path, **query):
        answer = client.get(path, query)
        assert answer.status_code == 200, answer.content
        numbers = path.removesuffix(".mvt").split("/")[-3:]
        found = Layers(layers_of(answer.content, tuple(map(int, numbers)), tmp_path))
        found.answer = answer
        return found

    return ask
