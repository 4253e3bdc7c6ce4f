"""The quick way through a CSV gives every row the verdict that the careful one gives."""

import csv
import random
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geolocation.importers.formats import csv_blocks, plain
from geolocation.importers.formats.plain_columns import csv_judged
from geolocation.importers.formats.row import FileUnreadable, ImportedRow, RefusedRow, row_text, text_digest

LATITUDES = [
    "39.8",
    "-12",
    "+7.25",
    " 39.8",
    "91",
    "0",
    "0.0",
    "39,8",
    "",
    "٣٩.٨",
    "1e1",
    "nan",
    "39.8N",
    "89.999999",
    "-90",
]
LONGITUDES = ["46.7", "-180", "181", "0", "-0.0", "46,7", "", "12.5 ", "x", "179.5", "46°42'"]
DATES = [
    "",
    " ",
    "2023-09-20",
    "3/4/2023",
    "13/4/2023",
    "1527-01-01",
    "soon",
    "2023-09-20T10:00:00Z",
    "2023-02-30",
]
RADII = ["", "25", "25 m", "-3", "nan", "inf", " 7", "near"]
IDS = [
    "a",
    "",
    " b ",
    "tab\tinside",
    "back\\slash",
    "Խանքենդի",
    "خان",
    "🎯",
    "x" * 300,
    "line\nbreak",
    "nul\x00",
    "\ufffd",
]
MAPPINGS = [
    None,
    {"latitude": "lat", "longitude": "lon", "date": "when", "upstream_id": "id", "uncertainty": "r"},
    {"latitude": "lat", "longitude": "lon", "date": "when", "date_order": "day_first", "uncertainty_m": "9"},
    {"latitude": "lon", "longitude": "lat"},
    {"position": "lat"},
]


def rows_at_random(seed, *, ragged):
    draw = random.Random(seed)
    for _turn in range(400):
        row = [
            draw.choice(IDS),
            draw.choice(LATITUDES),
            draw.choice(LONGITUDES),
            draw.choice(DATES),
            draw.choice(RADII),
        ]
        if ragged:
            row = row[: draw.choice([5, 5, 5, 5, 3])] + draw.choice([[], [], [], ["beyond"]])
        yield row
    for number in range(100):
        yield [
            f"p{number}",
            f"{draw.uniform(-90, 90):.6f}",
            f"{draw.uniform(-180, 180):.6f}",
            "2023-09-20",
            "12",
        ]


MAPPING = {"latitude": "lat", "longitude": "lon"}


def judged_by_number(path, mapping):
    """Every row of the quick way by its number: a tuple where it is plainly a point."""
    found, before = {}, 0
    for piece in csv_judged(path, mapping):
        points = piece.points
        numbers = points.numbers.tolist() if points is not None else []
        if points is not None:
            ids, texts = points.upstream_ids.to_pylist(), points.texts.to_pylist()
            places = zip(points.latitudes.tolist(), points.longitudes.tolist(), strict=True)
            for number, upstream_id, place, text in zip(numbers, ids, places, texts, strict=True):
                found[number] = (number, upstream_id, text, *place)
        found |= {row.number: row for row in piece.rows}
        assert sorted([*numbers, *(row.number for row in piece.rows)]) == list(
            range(before + 1, piece.last_number + 1)
        )
        before = piece.last_number
    return found


def assert_same(careful, quick):
    """The quick way's rows are the careful way's."""
    assert len(careful) == len(quick)
    for slow in careful:
        fast = quick[slow.number]
        if not isinstance(fast, tuple):
            assert repr(fast) == repr(slow)
            continue
        assert isinstance(slow, ImportedRow)
        assert slow.doubts == ()
        assert fast == (slow.number, slow.upstream_id, row_text(slow.row), slow.latitude, slow.longitude)
        assert text_digest(fast[2]) == slow.digest


def plainly_points(quick):
    return [row for row in quick.values() if isinstance(row, tuple)]


@pytest.fixture(params=[1 << 20, 300], ids=["large-blocks", "small-blocks"])
def _block_size(request, monkeypatch):
    """Blocks so small that rows, quotes and line ends fall across their edges."""
    monkeypatch.setattr(csv_blocks, "BLOCK_BYTES", request.param)


@pytest.mark.parametrize("mapping", MAPPINGS)
@pytest.mark.parametrize("ragged", [False, True], ids=["whole", "ragged"])
@pytest.mark.parametrize("ends", ["\r\n", "\n"], ids=["crlf", "lf"])
@pytest.mark.usefixtures("_block_size")
def test_both_ways_give_every_row_the_same_verdict(tmp_path, mapping, ragged, ends):
    path = tmp_path / "points.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream, lineterminator=ends)
        writer.writerow(["id", "lat", "lon", "when", "r"])
        writer.writerows(rows_at_random(len(ends), ragged=ragged))
    careful, quick = list(plain.rows(path, mapping)), judged_by_number(path, mapping)
    assert_same(careful, quick)
    assert RefusedRow in [type(each) for each in quick.values()]
    if not ragged and not (mapping and "position" in mapping):
        assert len(plainly_points(quick)) >= 60


PIECES = ['"', '""', ",", "\n", "\r\n", "\r", " ", "1.5", "-7", "a", "é", "\ufffd", "\x00", "\\", "2023-9"]


@settings(deadline=None)
@given(
    head=st.sampled_from(["lat,lon,id\n", "\ufefflat,lon,id\r\n", 'lat,"lon","i\nd"\n', "lat,lon,id\r"]),
    cells=st.lists(st.one_of(st.sampled_from(PIECES), st.just("1.5,2.5,x\n"), st.just('3,4,"a ""b"""\n'))),
    damage=st.booleans(),
    block_bytes=st.sampled_from([8, 33, 1 << 20]),
)
def test_whatever_a_file_holds_both_ways_agree(tmp_path_factory, head, cells, damage, block_bytes):
    path = tmp_path_factory.mktemp("any") / "points.csv"
    path.write_bytes((head + "".join(cells)).encode() + b"\xff" * damage)
    with mock.patch.object(csv_blocks, "BLOCK_BYTES", block_bytes):
        assert_same(list(plain.rows(path, MAPPING)), judged_by_number(path, MAPPING))


def test_a_quote_out_of_place_sends_only_what_follows_the_careful_way(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_blocks, "BLOCK_BYTES", 200)
    rows = [f"p{number},1.5,2.5" for number in range(100)]
    rows[50] = 'the 5" gun,1.5,2.5'
    path = tmp_path / "points.csv"
    path.write_text("\n".join(["id,lat,lon", *rows]))
    quick = judged_by_number(path, None)
    assert_same(list(plain.rows(path, None)), quick)
    assert 30 <= len(plainly_points(quick)) <= 50


def test_quoted_cells_go_the_quick_way(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text('id,lat,lon,title\n"p, ""1""",1.5,"2.5","two\nlines"\np2,1,2,plain\n')
    quick = judged_by_number(path, None)
    assert [row[:2] for row in plainly_points(quick)] == [(1, 'p, "1"'), (2, "p2")]
    assert_same(list(plain.rows(path, None)), quick)


@pytest.mark.parametrize("content", ["", "\n", "id,id\n1,2\n", "name,when\na,b\n", " , \n"])
def test_a_file_without_columns_for_a_position_is_refused_as_before(tmp_path, content):
    path = tmp_path / "points.csv"
    path.write_text(content)
    with pytest.raises(FileUnreadable):
        list(csv_judged(path, None))
