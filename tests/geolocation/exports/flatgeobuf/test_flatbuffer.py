"""FlatBuffers, read field by field as https://flatbuffers.dev/internals has them."""

from struct import calcsize, unpack_from

from geolocation.exports.flatgeobuf.flatbuffer import Number, Numbers, Table, size_prefixed


def place_of(buffer: bytes, table: int, field: int) -> int | None:
    """Where a field of a table stands, or None where it is absent."""
    vtable = table - unpack_from("<i", buffer, table)[0]
    if vtable + 4 + 2 * field >= vtable + unpack_from("<H", buffer, vtable)[0]:
        return None
    offset = unpack_from("<H", buffer, vtable + 4 + 2 * field)[0]
    return table + offset if offset else None


def referred(buffer: bytes, place: int | None) -> int:
    assert place is not None
    return place + int(unpack_from("<I", buffer, place)[0])


def text_at(buffer: bytes, place: int) -> str:
    size = unpack_from("<I", buffer, place)[0]
    assert buffer[place + 4 + size] == 0
    return buffer[place + 4 : place + 4 + size].decode()


def test_numbers_of_every_width_stand_aligned_and_are_read_back() -> None:
    kinds = "BHiIQd"
    buffer = size_prefixed(Table(tuple(Number(kind, 3 + at) for at, kind in enumerate(kinds))))
    assert unpack_from("<I", buffer)[0] == len(buffer) - 4
    assert len(buffer) % 8 == 0
    root = referred(buffer, 4)
    for field, kind in enumerate(kinds):
        place = place_of(buffer, root, field)
        assert place is not None
        assert place % calcsize(f"<{kind}") == 0
        assert unpack_from(f"<{kind}", buffer, place)[0] == 3 + field


def test_what_is_absent_has_no_place() -> None:
    buffer = size_prefixed(Table((None, Number("B", 9), None)))
    root = referred(buffer, 4)
    assert [place_of(buffer, root, field) is None for field in range(4)] == [True, False, True, True]


def test_texts_vectors_and_tables_are_found() -> None:
    inner = tuple(Table((name, Number("B", 1))) for name in ("ə", "ملف", ""))
    buffer = size_prefixed(Table(("Ստեփանակերտ 📍", Numbers((1.5, -2.25, 3.0)), inner, Table(("x",)))))
    root = referred(buffer, 4)
    text, numbers, tables, table = (referred(buffer, place_of(buffer, root, field)) for field in range(4))
    assert text_at(buffer, text) == "Ստեփանակերտ 📍"
    assert unpack_from("<I3d", buffer, numbers) == (3, 1.5, -2.25, 3.0)
    assert (numbers + 4) % 8 == 0
    assert unpack_from("<I", buffer, tables)[0] == 3
    names = [
        text_at(buffer, referred(buffer, place_of(buffer, referred(buffer, tables + 4 + 4 * at), 0)))
        for at in range(3)
    ]
    assert names == ["ə", "ملف", ""]
    assert text_at(buffer, referred(buffer, place_of(buffer, table, 0))) == "x"
