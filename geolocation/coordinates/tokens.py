"""Cut a normalised text into numbers, units, directions, axis labels and separators.

The comma is the one character whose meaning is undecided: it separates two values in `48.8, 2.3` and marks
the decimals in `48,8 2,3`. `tokenised` is therefore asked once for each meaning.
"""

import re
from dataclasses import dataclass

from geolocation.coordinates.vocabulary import AXES, DIRECTIONS, LEADING_WORDS, UNITS, Axis, Direction, Unit


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written. `sign` is 0 when none was written."""

    digits: str
    sign: int = 0

    @property
    def decimals(self) -> int:
        return len(self.digits.partition(".")[2])

    @property
    def is_whole(self) -> bool:
        return "." not in self.digits

    @property
    def magnitude(self) -> float:
        return float(self.digits)


@dataclass(frozen=True, slots=True)
class Mark:
    unit: Unit


@dataclass(frozen=True, slots=True)
class Halves:
    """A direction as written, with every half of the Earth it may name."""

    options: tuple[Direction, ...]
    written: str


@dataclass(frozen=True, slots=True)
class Label:
    axis: Axis


@dataclass(frozen=True, slots=True)
class Separator:
    """`,` `;` `/` `|` or a line break between two values."""

    written: str


@dataclass(frozen=True, slots=True)
class Sign:
    """A plus or minus sign. Left in the tokens where it cannot be told from a hyphen between two values."""

    value: int
    touches_before: bool
    touches_after: bool


@dataclass(frozen=True, slots=True)
class Unknown:
    written: str


Token = Number | Mark | Halves | Label | Separator | Sign | Unknown

_LETTER = r"[^\W\d_]"
_TOKEN = re.compile(
    rf"""
    (?P<cyrillic>(?<!{_LETTER})(?:с|ю|в|з|пн|пд|сх|зх)\.?[ ]?[шд](?!{_LETTER})(?:\.(?!\d))?)
    | (?P<word>{_LETTER}+(?:\.{_LETTER}+)*(?:\.(?!\d))?)
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<clock>(?<=\d):(?=\d))
    | (?P<sign>[-+])
    | (?P<mark>[°'"])
    | (?P<separator>[,;/|\n])
    | (?P<space>[ ]+)
    | (?P<equals>[:=])
    | (?P<unknown>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_TIGHT_COMMA = re.compile(r"(?<=\d),(?=\d)")
_DECIMAL_COMMA = re.compile(r"(?<!\d)(?<!\d,)(\d++),(\d++)(?!,\d)")


def tight_commas(text: str) -> int:
    """How many commas stand directly between two digits and so may be decimal marks."""
    return len(_TIGHT_COMMA.findall(text))


def decimal_commas_as_points(text: str) -> str | None:
    """The text with its decimal commas turned into points; None where they cannot all be decimal marks."""
    if re.search(r"\d\.\d", text):
        return None
    pointed = _DECIMAL_COMMA.sub(r"\1.\2", text)
    return None if tight_commas(pointed) else pointed


def tokenised(text: str) -> list[Token]:
    """Tokens of a normalised text in which every comma is a separator."""
    tokens: list[Token] = []
    for found in _TOKEN.finditer(text):
        kind, written = found.lastgroup, found.group()
        last = tokens[-1] if tokens else None
        if kind == "number":
            tokens.append(Number(written))
        elif kind == "clock":
            tokens.append(_clock_mark(tokens))
        elif kind in ("word", "cyrillic"):
            _append_word(tokens, written)
        elif kind == "mark":
            tokens.append(Mark(UNITS[written]))
        elif kind == "separator":
            tokens.append(Separator(written))
        elif kind == "sign":
            before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
            tokens.append(
                Sign(1 if written == "+" else -1, before not in ("", " ", "\n"), after not in ("", " ", "\n"))
            )
        elif kind == "equals" and (isinstance(last, Label) or _only_introduced(text, found.start())):
            pass  # lat: 39.8, GPS: 39.8
        elif kind in ("unknown", "equals"):
            tokens.append(Unknown(written))
    return _without_outer_separators(_signed(tokens))


def _only_introduced(text: str, end: int) -> bool:
    """Whether nothing but an introducing word stands in front of a colon."""
    return text[:end].strip().casefold() in LEADING_WORDS


def _clock_mark(tokens: list[Token]) -> Token:
    """The unit that a colon between two digits stands for: `39:49:16` is degrees, minutes, seconds."""
    before = tokens[-2] if len(tokens) > 1 else None
    if not isinstance(before, Mark):
        return Mark(Unit.DEGREE)
    return Mark(Unit.MINUTE) if before.unit is Unit.DEGREE else Unknown(":")


def _append_word(tokens: list[Token], written: str) -> None:
    word = written.replace(".", "").replace(" ", "").casefold()
    if word in UNITS:
        tokens.append(Mark(UNITS[word]))
    elif word in DIRECTIONS:
        tokens.append(Halves(DIRECTIONS[word], written))
    elif word in AXES:
        before = tokens[-1] if tokens else None
        # "39 degrees north latitude": the label only repeats what the direction has said.
        if not (isinstance(before, Halves) and {half.axis for half in before.options} == {AXES[word]}):
            tokens.append(Label(AXES[word]))
    elif tokens or word not in LEADING_WORDS:
        tokens.append(Unknown(written))


def _signed(tokens: list[Token]) -> list[Token]:
    """Join each sign with its number where it can be nothing else; a spaced dash after a letter separates."""
    joined: list[Token] = []
    for token in tokens:
        sign = joined[-1] if joined else None
        if not isinstance(token, Number) or not isinstance(sign, Sign):
            joined.append(token)
            continue
        before = joined[-2] if len(joined) > 1 else None
        starts_a_value = (
            before is None
            or isinstance(before, Separator | Label)
            or (sign.touches_after and (isinstance(before, Halves) or not sign.touches_before))
        )
        if isinstance(before, Halves) and not sign.touches_after and sign.value < 0:
            joined[-1:] = [Separator("-"), token]
        elif starts_a_value:
            joined[-1:] = [Number(token.digits, sign.value)]
        else:
            joined.append(token)
    return joined


def _without_outer_separators(tokens: list[Token]) -> list[Token]:
    while tokens and isinstance(tokens[0], Separator) and tokens[0].written == "\n":
        tokens = tokens[1:]
    while tokens and isinstance(tokens[-1], Separator):
        tokens = tokens[:-1]
    return tokens
