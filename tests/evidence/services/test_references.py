"""References go up by one, whatever their number of digits; the last is found by an index."""

import pytest
from django.db import connection

from evidence.models import MediaItem
from evidence.services.media import MediaDetails, media_create
from evidence.services.references import reference_next, references_next

pytestmark = pytest.mark.django_db


@pytest.fixture
def after(investigation, investigator):
    def following(*references):
        for reference in references:
            media_create(
                actor=investigator,
                investigation=investigation,
                details=MediaDetails(title="A recording"),
                reference=reference,
            )
        return reference_next(model=MediaItem, investigation=investigation, letter="M")

    return following


@pytest.mark.parametrize(
    ("there", "following"),
    [
        ((), "M01"),
        (("M01",), "M02"),
        (("M09", "M02"), "M10"),
        (("M99",), "M100"),
        (("M100", "M99"), "M101"),
        (("M99999", "M100000", "M12"), "M100001"),
        (("M07", "X99", "M1a", "M0099"), "M08"),
    ],
)
def test_the_next_is_one_more_than_the_last(after, there, following):
    assert after(*there) == following


def test_the_last_is_found_by_an_index(after, investigation):
    after("M01", "M02")
    with connection.cursor() as cursor:
        # A few rows are read whole, and sorted, unless that is forbidden: then the plan shows what can be.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(
            "EXPLAIN SELECT reference FROM evidence_mediaitem WHERE investigation_id = %s"
            " AND reference ~ '^M([0-9]{2}|[1-9][0-9]{2,})$'"
            " ORDER BY length(reference) DESC, reference DESC LIMIT 1",
            [investigation.pk],
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "media_reference_last" in plan
    assert "Sort" not in plan


def test_many_at_once_follow_each_other_and_the_last(investigation, investigator, after):
    after("M98")
    many = {"model": MediaItem, "investigation": investigation, "letter": "M"}
    assert references_next(**many, count=3) == ["M99", "M100", "M101"]
    assert references_next(**many, count=0) == []
