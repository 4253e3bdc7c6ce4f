"""Canonical JSON against the examples printed in RFC 8785."""

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.integrity.canonical import LARGEST_EXACT_INTEGER, canonical_json

# RFC 8785, appendix B: the bits of an IEEE 754 double, and its text.
NUMBERS = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-LARGEST_EXACT_INTEGER, LARGEST_EXACT_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(("bits", "text"), NUMBERS)
def test_numbers_are_written_as_the_rfc_prints_them(bits: str, text: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical_json(number) == text


def test_the_rfcs_own_object_is_written_as_printed() -> None:
    # RFC 8785, sections 3.2.2 to 3.2.4.
    value = json.loads(
        r"""{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
             "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
             "literals": [null, true, false]}"""
    )
    assert canonical_json(value) == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_keys_are_sorted_by_utf_16_code_units() -> None:
    # RFC 8785, section 3.2.3: by code points the emoji would come last.
    keys = ["€", "\r", "\ufb33", "1", "😀", "\u0080", "ö"]
    expected = ["\r", "1", "\u0080", "ö", "€", "😀", "\ufb33"]
    assert list(json.loads(canonical_json(dict.fromkeys(keys, 0)))) == expected


def test_armenian_and_arabic_are_written_as_themselves() -> None:
    assert canonical_json({"place": "Ստեփանակերտ", "other": "ناغورني"}) == (
        '{"other":"ناغورني","place":"Ստեփանակերտ"}'
    )


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf"), 2**53, -(2**53)])
def test_numbers_without_one_exact_spelling_are_refused(number: float) -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        canonical_json({"x": [number]})


@pytest.mark.parametrize("value", [object(), b"bytes", {1: "x"}, {1, 2}])
def test_types_that_json_does_not_know_are_refused(value: object) -> None:
    with pytest.raises(TypeError, match="Canonical JSON"):
        canonical_json(value)


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogate"):
        canonical_json("\ud800")


@given(json_values)
def test_reading_it_back_gives_the_same_value_and_writing_that_the_same_text(value: object) -> None:
    def as_written(digits: str) -> float:
        # ECMAScript has one kind of number, so a large double is written like an integer.
        return int(digits) if abs(int(digits)) <= LARGEST_EXACT_INTEGER else float(digits)

    text = canonical_json(value)
    read_back = json.loads(text, parse_int=as_written)
    assert read_back == value
    assert canonical_json(read_back) == text
    assert "\n" not in text


@given(st.dictionaries(st.text(), st.integers(0, 9), min_size=2))
def test_the_order_of_keys_in_the_source_makes_no_difference(mapping: dict[str, int]) -> None:
    assert canonical_json(dict(reversed(mapping.items()))) == canonical_json(mapping)
