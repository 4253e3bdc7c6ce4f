"""One spelling for the many ways a keyboard, a document or a messenger writes the same character.

Only spelling changes here. Nothing is dropped that could carry meaning: an unknown character stays and
is refused later, by name.
"""

import re
import unicodedata
from itertools import pairwise

# Direction marks and zero-width spaces come along when text is copied and say nothing. The soft hyphen is not
# here: old documents show it as a minus sign, so it has to stay and be refused.
_INVISIBLE = (
    "\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2066\u2067\u2068\u2069\ufeff\ufe0f"
)
# Vowel signs of Arabic: the same word is written with and without them.
_ARABIC_VOWELS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0640"
_MINUS = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u207b\u02d7\ufe58\ufe63\uff0d\u2796"
_PLUS = "\u207a\ufb29\ufe62\uff0b\u2795"
# What people find when they look for a degree sign: ordinal indicator, ring, superscript zero or o.
_DEGREE = "\u00ba\u02da\u2070\u1d52\u2218\u25e6\u00b0"
_PRIME = "\u2032\u2019\u2018\u02b9\u02bc\u00b4\u0060\u201b\uff07\u2035\u02bb\u02c8\u05f3"
_DOUBLE_PRIME = "\u2033\u201d\u201c\u201e\u201f\u02ba\u02dd\uff02\u2036\u3003\u05f4\u02ee"
_COMMA = "\u060c\uff0c\u3001\ufe50\ufe51\uff64"
_SEMICOLON = "\u061b\uff1b\ufe54\u037e"
_BREAK = "\t\n\r\v\f\u0085\u2028\u2029"

# 39d49m16sN: letters as marks, but only before the letter of a hemisphere, because s alone may be south.
_LETTER_MARKS = re.compile(
    r"(\d{1,3}) ?d(?:eg)? ?(\d{1,2}(?:[.,]\d+)?) ?m(?:in)?"
    r"(?: ?(\d{1,2}(?:[.,]\d+)?) ?s(?:ec)?)?(?= ?[NSEW](?![a-z]))",
    re.IGNORECASE,
)

_CHARACTERS: dict[int, str] = {
    **dict.fromkeys(map(ord, _INVISIBLE + _ARABIC_VOWELS), ""),
    **dict.fromkeys(map(ord, _MINUS), "-"),
    **dict.fromkeys(map(ord, _PLUS), "+"),
    **dict.fromkeys(map(ord, _DEGREE), "°"),
    **dict.fromkeys(map(ord, _PRIME), "'"),
    **dict.fromkeys(map(ord, _DOUBLE_PRIME), '"'),
    **dict.fromkeys(map(ord, _COMMA), ","),
    **dict.fromkeys(map(ord, _SEMICOLON), ";"),
    **dict.fromkeys(map(ord, _BREAK), "\n"),
    ord("\u066b"): ".",  # Arabic decimal separator; the thousands separator U+066C stays unknown on purpose
    ord("\uff0e"): ".",
}


def _plain(character: str) -> str:
    if character.isascii():
        return character
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if "\uff01" <= character <= "\uff5e":  # full-width ASCII
        return chr(ord(character) - 0xFEE0)
    if unicodedata.category(character) == "Zs":
        return " "
    return character


def mixes_digits(text: str) -> bool:
    """Whether two neighbouring digits are of different scripts: `9۰` looks like 9° and would become 90."""
    zeros = [ord(one) - unicodedata.decimal(one) if one.isdecimal() else None for one in text]
    return any(None not in (one, other) and one != other for one, other in pairwise(zeros))


def normalised(text: str) -> str:
    """The same text with ASCII digits, signs, quotes and spaces. Tabs and line breaks become a line feed."""
    composed = unicodedata.normalize("NFC", text)
    plain = "".join(map(_plain, composed.translate(_CHARACTERS)))
    marked = _LETTER_MARKS.sub(_with_marks, plain)
    return marked.replace("''", '"').strip()


def _with_marks(found: re.Match[str]) -> str:
    degrees, minutes, seconds = found.groups()
    return f"{degrees}°{minutes}'" + (f'{seconds}"' if seconds else "")
