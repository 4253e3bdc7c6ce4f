"""CQL2 text (OGC 21-065r2) into the tree of CQL2 JSON, so that both are understood by one evaluator.

A reader of its own; what the kept libraries do with such texts: docs/decisions/0026-own-reader-of-cql2.md.
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _

from evidence.errors import InvalidInput

Node = Any
DEEPEST: Final = 30
_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<text>'(?:[^']|'')*')
    |(?P<quoted>"[^"]+")
    |(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<name>[A-Za-z_][A-Za-z0-9_.:-]*)
    |(?P<sign><>|<=|>=|[=<>(),])""",
    re.VERBOSE,
)
_COMPARISONS = ("=", "<>", "<", ">", "<=", ">=")
_SHAPES = {
    "POINT": ("Point", 0),
    "LINESTRING": ("LineString", 1),
    "POLYGON": ("Polygon", 2),
    "MULTIPOINT": ("MultiPoint", 1),
    "MULTILINESTRING": ("MultiLineString", 2),
    "MULTIPOLYGON": ("MultiPolygon", 3),
}
_CLOSED = ("AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS", "NULL")


class Token(NamedTuple):
    kind: str
    text: str
    at: int

    @property
    def word(self) -> str:
        return self.text.upper() if self.kind == "name" else self.text


def cql2_text_read(text: str) -> Node:
    """The filter as CQL2 JSON has it. Raises InvalidInput that says at which character it breaks."""
    reader = _Reader(text)
    tree = reader.condition(0)
    if reader.now.kind != "end":
        reader.refuse(_("a connective (AND, OR) or the end"))
    return tree


class _Reader:
    """Recursive descent: OR binds weaker than AND, AND weaker than NOT."""

    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.place = 0

    @property
    def now(self) -> Token:
        return self.tokens[self.place]

    def refuse(self, wanted: str) -> None:
        found = self.now.text if self.now.kind != "end" else _("the end")
        raise _broken(
            self.now.at, _("expected %(wanted)s, found %(found)s") % {"wanted": wanted, "found": found[:40]}
        )

    def took(self, *words: str) -> str:
        """The word, if the next token is one of these; else nothing is taken."""
        if self.now.kind in ("name", "sign") and self.now.word in words:
            self.place += 1
            return self.tokens[self.place - 1].word
        return ""

    def take(self, word: str) -> None:
        if not self.took(word):
            self.refuse(word)

    def condition(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise _broken(self.now.at, _("nested deeper than %(most)d") % {"most": DEEPEST})
        found = [self._conjunction(depth)]
        while self.took("OR"):
            found.append(self._conjunction(depth))
        return found[0] if len(found) == 1 else {"op": "or", "args": found}

    def _conjunction(self, depth: int) -> Node:
        found = [self._factor(depth)]
        while self.took("AND"):
            found.append(self._factor(depth))
        return found[0] if len(found) == 1 else {"op": "and", "args": found}

    def _factor(self, depth: int) -> Node:
        if self.took("NOT"):
            # NOT binds to what follows directly; several of them nest.
            return {"op": "not", "args": [self._deeper(depth)]}
        if self.took("("):
            inner = self.condition(depth + 1)
            self.take(")")
            return inner
        return self._predicate()

    def _deeper(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise _broken(self.now.at, _("nested deeper than %(most)d") % {"most": DEEPEST})
        return self._factor(depth + 1)

    def _predicate(self) -> Node:
        if self.now.kind == "name" and self.now.word.startswith(("S_", "T_")) and self._opens():
            op = self.now.text.lower()
            self.place += 2
            left = self._operand()
            self.take(",")
            right = self._operand()
            self.take(")")
            return {"op": op, "args": [left, right]}
        return self._comparison(self._operand())

    def _comparison(self, left: Node) -> Node:
        sign = self.took(*_COMPARISONS)
        if sign:
            return {"op": sign, "args": [left, self._operand()]}
        if self.took("IS"):
            negated = bool(self.took("NOT"))
            self.take("NULL")
            return _negated({"op": "isNull", "args": [left]}, negated)
        negated = bool(self.took("NOT"))
        if self.took("LIKE"):
            return _negated({"op": "like", "args": [left, self._operand()]}, negated)
        if self.took("BETWEEN"):
            low = self._operand()
            self.take("AND")
            return _negated({"op": "between", "args": [left, low, self._operand()]}, negated)
        if self.took("IN"):
            return _negated({"op": "in", "args": [left, self._list(self._operand)]}, negated)
        if isinstance(left, bool) and not negated:
            return left
        self.refuse(_("a comparison (=, <>, <, >, LIKE, BETWEEN, IN, IS NULL)"))
        return None

    def _operand(self) -> Node:
        token = self.now
        if token.kind in ("text", "number", "quoted"):
            self.place += 1
            return _literal(token)
        if token.kind != "name" or token.word in _CLOSED:
            self.refuse(_("a property or a value"))
        self.place += 1
        if token.word in ("TRUE", "FALSE"):
            return token.word == "TRUE"
        if self.now.text != "(":
            return {"property": token.text}
        return self._called(token)

    def _called(self, token: Token) -> Node:
        """`NAME(...)`: a geometry, a time, or CASEI."""
        if token.word in _SHAPES:
            shape, levels = _SHAPES[token.word]
            coordinates = self._coordinates(levels)
            return {"type": shape, "coordinates": coordinates[0] if shape == "Point" else coordinates}
        arguments = self._list(self._operand)
        if token.word == "BBOX":
            return {"bbox": arguments}
        if token.word in ("DATE", "TIMESTAMP") and len(arguments) == 1:
            return {token.word.lower(): arguments[0]}
        if token.word == "INTERVAL":
            return {"interval": arguments}
        if token.word == "CASEI":
            return {"op": "casei", "args": arguments}
        raise _broken(token.at, _("there is no function %(name)s") % {"name": token.text[:40]})

    def _coordinates(self, levels: int) -> list[Any]:
        """`(1 2, 3 4)` at level 1; more levels are more brackets. MULTIPOINT may bracket each point."""
        if levels > 1:
            return self._list(lambda: self._coordinates(levels - 1))
        return self._list(self._position)

    def _position(self) -> list[float]:
        bracketed = self.took("(")
        numbers: list[float] = []
        while self.now.kind == "number":
            numbers.append(float(self.now.text))
            self.place += 1
        if len(numbers) not in (2, 3):
            self.refuse(_("a position of two numbers"))
        if bracketed:
            self.take(")")
        return numbers[:2]

    def _list(self, one: Any) -> list[Any]:
        self.take("(")
        found = [one()]
        while self.took(","):
            found.append(one())
        self.take(")")
        return found

    def _opens(self) -> bool:
        return self.tokens[self.place + 1].text == "("


def _tokens(text: str) -> list[Token]:
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _broken(at, _("%(sign)s begins nothing that CQL2 knows") % {"sign": text[at]})
        if match.lastgroup != "space":
            found.append(Token(str(match.lastgroup), match[0], at))
        at = match.end()
    return [*found, Token("end", "", len(text))]


def _literal(token: Token) -> Node:
    if token.kind == "text":
        return token.text[1:-1].replace("''", "'")
    if token.kind == "quoted":
        return {"property": token.text[1:-1]}
    return float(token.text)


def _negated(node: Node, negated: bool) -> Node:
    return {"op": "not", "args": [node]} if negated else node


def _broken(at: int, what: str) -> InvalidInput:
    return InvalidInput(
        _("The filter breaks at character %(at)d: %(what)s.") % {"at": at + 1, "what": what}, field="filter"
    )
