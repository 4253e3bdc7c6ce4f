"""The order of a collection and its cursors: whole, in order, forwards and backwards, and by an index."""

import base64
import json
import random
from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.errors import InvalidInput
from evidence.services.investigations import investigation_publish
from geolocation.models import VerifiedPoint
from geolocation.ogc.items import asked_read
from geolocation.ogc.queryables import OPTIONAL, QUERYABLES, SORTABLES
from geolocation.ogc.sorting import KEYS_MOST, Edge, Sorting, SortKey, sorting_read
from tests.geolocation.tiles.conftest import gate_ajar, points_make

in_commits = pytest.mark.django_db(transaction=True)
ITEMS = "/ogc/collections/verified-points/items"
POINTS = 23
DAYS = [None, None, date(2023, 9, 19), date(2023, 9, 20)]
MOMENTS = [None, datetime(2023, 9, 19, 5, 0, 0, 1, tzinfo=UTC), datetime(2023, 9, 20, tzinfo=UTC)]
# In small letters without accents, whose order is the same in every collation.
WORDS = ["", "harbour", "mill", "mill race"]


@pytest.fixture
def many(investigation, investigator, editor):
    """Points with few values, so that most are alike in something and many not known in something."""
    points_make(investigation, investigator, POINTS)
    drawn = random.Random(26)
    with gate_ajar():
        for point in VerifiedPoint.objects.all():
            moment = drawn.choice(MOMENTS)
            VerifiedPoint.objects.filter(pk=point.pk).update(
                title=drawn.choice(WORDS),
                place_name=drawn.choice(WORDS),
                source_url=drawn.choice(WORDS),
                uncertainty_m=drawn.choice([5.0, 5.0, 17.25]),
                captured_on=None if moment else drawn.choice(DAYS),
                captured_from=moment,
                captured_to=moment,
                verified_at=drawn.choice(MOMENTS[1:]),
                updated_at=drawn.choice(MOMENTS[1:]),
            )
    investigation_publish(actor=editor, investigation=investigation, public=True)


sortings = st.lists(
    st.tuples(st.sampled_from(SORTABLES), st.booleans()),
    max_size=KEYS_MOST,
    unique_by=lambda each: each[0],
)


def in_order(keys) -> list[str]:
    """The ids as plain Python sorts them: by primary key, then stably by each key, last to first."""
    rows = [
        {"pk": pk, "uid": str(uid), **dict(zip(SORTABLES, values, strict=True))}
        for pk, uid, *values in VerifiedPoint.objects.values_list(
            "pk", "uid", *(QUERYABLES[name].column for name in SORTABLES)
        )
    ]
    rows.sort(key=lambda row: row["pk"], reverse=bool(keys) and keys[-1][1])
    for name, is_falling in reversed(keys):
        known = [row for row in rows if row[name] is not None]
        # What is alike keeps its order in either direction.
        known.sort(key=lambda row: row[name], reverse=is_falling)
        rows = known + [row for row in rows if row[name] is None]
    return [row["uid"] for row in rows]


def pages(client, address, rel="next"):
    """The ids of each page, following the links."""
    while address:
        page = client.get(address).json()
        yield [each["id"] for each in page["features"]]
        address = next((each["href"] for each in page["links"] if each["rel"] == rel), None)


@in_commits
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys=sortings, limit=st.sampled_from([3, 5, 7, POINTS]))
def test_following_next_gives_exactly_the_whole_set_in_order(client, many, keys, limit):
    sortby = ",".join(("-" if is_falling else "") + name for name, is_falling in keys)
    found = [each for page in pages(client, f"{ITEMS}?limit={limit}&sortby={sortby}") for each in page]
    assert found == in_order(keys)


@in_commits
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys=sortings)
def test_going_back_gives_the_pages_that_were_seen(client, many, keys):
    sortby = ",".join(("-" if is_falling else "") + name for name, is_falling in keys)
    forwards, address = [], f"{ITEMS}?limit=6&sortby={sortby}"
    while address:
        page = client.get(address).json()
        links = {each["rel"]: each["href"] for each in page["links"]}
        assert ("prev" in links) == bool(forwards)
        forwards.append([each["id"] for each in page["features"]])
        address, back = links.get("next"), links.get("prev")
    assert list(pages(client, back, "prev")) == forwards[-2::-1]


@in_commits
def test_a_page_goes_on_where_it_ended_though_that_point_has_left(client, many):
    page = client.get(f"{ITEMS}?limit=10&sortby=-captured_on,title").json()
    whole = in_order([("captured_on", True), ("title", False)])
    with gate_ajar():
        VerifiedPoint.objects.filter(uid=whole[9]).delete()
    onward = next(each["href"] for each in page["links"] if each["rel"] == "next")
    assert [each["id"] for each in client.get(onward).json()["features"]] == whole[10:20]


@in_commits
@pytest.mark.parametrize("sortby", ["updated_at", "-updated_at", "verified_at", "-uncertainty_m"])
@pytest.mark.parametrize("continued", [False, True])
def test_one_key_with_an_index_is_read_from_it(many, sortby, continued):
    sorting = sorting_read(sortby)
    points = VerifiedPoint.objects.all()
    if continued:
        *values, pk = points.values_list(*sorting.columns())[4]
        points = sorting.beyond(points, Edge(values=tuple(values), pk=pk))
    with transaction.atomic(), connection.cursor() as cursor:
        # So few rows are sorted sooner than an index is read; only the order may decide here.
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off")
        plan = sorting.order(points).values("pk")[:5].explain()
    assert "Index" in plan.splitlines()[1]
    assert "Sort" not in plan
    assert ("Index Cond" in plan) == continued


def test_plus_and_space_mean_upwards():
    assert sorting_read(" title,+kind,-revision").text() == "title,kind,-revision"


@in_commits
def test_long_texts_are_cut_to_what_a_cursor_holds(client, many):
    with gate_ajar():
        VerifiedPoint.objects.update(source_url="https://example.org/" + "x" * 1900)
    found = [each for page in pages(client, f"{ITEMS}?limit=9&sortby=source_url,-kind") for each in page]
    assert len(set(found)) == len(found) == POINTS


@pytest.mark.parametrize("name", SORTABLES)
@pytest.mark.parametrize(
    "value", [None, True, [], {}, "\0", "2023-09-19T10:00:00", "x" * 201, 1e300, "2023-13-01"]
)
def test_a_cursor_with_a_value_that_does_not_fit_is_refused(name, value):
    sorting = Sorting(keys=(SortKey(name=name),))
    fits = (value is None and name in OPTIONAL) or (
        QUERYABLES[name].kind == "text" and isinstance(value, str) and value not in ("\0", "x" * 201)
    )
    text = base64.urlsafe_b64encode(json.dumps([name, False, [value], 7]).encode()).decode()
    if fits:
        assert sorting.edge_read(text).values == (value,)
    else:
        with pytest.raises(InvalidInput):
            sorting.edge_read(text)


def test_a_cursor_of_another_order_is_refused():
    with pytest.raises(InvalidInput) as refused:
        asked_read(
            {"sortby": "title", "cursor": sorting_read("-title").edge_write(Edge(values=("a",), pk=1))}
        )
    assert refused.value.field == "cursor"
