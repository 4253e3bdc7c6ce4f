"""JSON in exactly one spelling, so that the same facts always have the same digest.

Source: RFC 8785 (JSON Canonicalization Scheme): keys sorted by UTF-16 code units, no spaces, UTF-8 unescaped,
numbers as ECMAScript writes them. Whatever has no single spelling is refused instead of rounded.
"""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Final

#: Beyond this an IEEE 754 double loses units, and RFC 8785 (through I-JSON, RFC 7493) forbids the number.
LARGEST_EXACT_INTEGER: Final = 2**53 - 1


def canonical_json(value: object) -> str:
    """Write `value` (dict, list, tuple, str, int, float, bool, None) as RFC 8785 text.

    Times and identifiers come in as strings. Raises TypeError for any other type and for a key that is not a
    string; ValueError for NaN, infinities, integers beyond 2^53 - 1 and text that is not valid Unicode.
    """
    return "".join(_pieces(value))


def _pieces(value: object) -> Iterator[str]:
    match value:
        case None:
            yield "null"
        case bool():
            yield "true" if value else "false"
        case str():
            yield _text(value)
        case int():
            yield _integer(value)
        case float():
            yield _number(value)
        case Mapping():
            yield from _object(value)
        case list() | tuple():
            yield "["
            for index, item in enumerate(value):
                yield "," if index else ""
                yield from _pieces(item)
            yield "]"
        case _:
            raise TypeError(f"Canonical JSON cannot hold a {type(value).__name__}; pass it as text.")


def _object(mapping: Mapping[object, object]) -> Iterator[str]:
    keys: list[str] = []
    for key in mapping:
        if not isinstance(key, str):
            raise TypeError(f"Canonical JSON wants text as keys, not {type(key).__name__}.")
        keys.append(key)
    yield "{"
    for index, key in enumerate(sorted(keys, key=_utf16_order)):
        yield ("," if index else "") + _text(key) + ":"
        yield from _pieces(mapping[key])
    yield "}"


def _utf16_order(key: str) -> bytes:
    """Sort key of RFC 8785, section 3.2.3; it differs from code point order beyond the basic plane."""
    return key.encode("utf-16-be", errors="surrogatepass")


def _text(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError("Canonical JSON cannot hold half of a surrogate pair.") from error
    return json.dumps(text, ensure_ascii=False)


def _integer(number: int) -> str:
    if abs(number) > LARGEST_EXACT_INTEGER:
        raise ValueError("Canonical JSON cannot hold an integer beyond 2^53 - 1; pass it as text.")
    return str(int(number))


def _number(number: float) -> str:
    """ECMAScript's Number::toString: repr finds the same shortest digits, but spells exponents otherwise."""
    if not math.isfinite(number):
        raise ValueError("Canonical JSON cannot hold NaN or an infinity.")
    if number == 0:
        return "0"
    sign = "-" if number < 0 else ""
    mantissa, _, exponent = f"{abs(number)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    # The decimal point stands after this many of the digits (negative: zeros stand between the two).
    point = len(whole) + int(exponent or "0") - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    return sign + _ecmascript_digits(digits, point)


def _ecmascript_digits(digits: str, point: int) -> str:
    if len(digits) <= point <= 21:
        return digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    tail = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{tail}e{'+' if point > 0 else '-'}{abs(point - 1)}"
