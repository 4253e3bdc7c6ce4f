"""How a verified point is cited by programs: BibTeX and CSL-JSON.

Both cite one revision as a data set with its publisher, version, day and address. What the formats have no
place for (position, licence, who verified it) stands in the note, as text.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime

#: Characters that TeX takes for commands, and how they are written.
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


@dataclass(frozen=True, kw_only=True)
class Cited:
    """One revision of one point, as it is cited. `address` is its permalink; degrees are WGS 84."""

    publisher: str
    title: str
    investigation: str
    reference: str
    revision: int
    latitude: float
    longitude: float
    uncertainty_m: float
    verified_at_utc: datetime
    verified_by: tuple[str, ...]
    attribution: str
    licence: str
    address: str

    @property
    def key(self) -> str:
        """What the entry is called in a bibliography, for example `NK23-M01-r2`."""
        return re.sub(r"[^A-Za-z0-9-]", "-", f"{self.investigation}-{self.reference}-r{self.revision}")

    @property
    def note(self) -> str:
        """What neither format has a field for."""
        parts = [
            f"{self.latitude:.6f}, {self.longitude:.6f} (WGS 84, ± {self.uncertainty_m:g} m)",
            f"verified by {', '.join(self.verified_by)}",
        ]
        if self.attribution:
            parts.append(f"attribution: {self.attribution}")
        if self.licence:
            parts.append(f"licence: {self.licence}")
        return "; ".join(parts)


def bibtex(cited: Cited) -> str:
    """One `@misc` entry. Titles stand in double braces, so that no style changes their capitals."""
    day = cited.verified_at_utc.astimezone(UTC)
    fields = {
        "author": f"{{{_tex(cited.publisher)}}}",
        "title": f"{{{_tex(cited.title)}}}",
        "year": f"{day:%Y}",
        "month": f"{day.month}",
        "day": f"{day.day}",
        "version": f"{cited.revision}",
        "howpublished": _tex(f"{cited.investigation} {cited.reference}, revision {cited.revision}"),
        "note": _tex(cited.note),
        "url": cited.address,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@misc{{{cited.key},", *lines, "}", ""])


def csl_json(cited: Cited) -> str:
    """A list with one item of type `dataset` (CSL-JSON, as Zotero and pandoc read it)."""
    day = cited.verified_at_utc.astimezone(UTC)
    item = {
        "id": cited.key,
        "type": "dataset",
        "title": cited.title,
        "author": [{"literal": cited.publisher}],
        "publisher": cited.publisher,
        "number": f"{cited.investigation} {cited.reference}",
        "version": str(cited.revision),
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "note": cited.note,
        "URL": cited.address,
    }
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in " ".join(text.split()))
