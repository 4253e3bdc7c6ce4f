"""Our reader and exiftool side by side, for the page."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evidence.models import MetadataReading
from evidence.second_opinion import Compared, Verdict
from evidence.services.readers.exiftool import compared
from evidence.services.readers.registry import EXIFTOOL, READERS

_LABELS: dict[str, str | Promise] = {
    "position": _("Position"),
    "captured": _("Captured"),
    "offset": _("Offset from UTC"),
    "heading": _("Heading"),
    "camera": _("Camera"),
    "size": _("Size"),
    "duration": _("Duration"),
    "track": _("Track"),
}
# Verdict -> (chip's status, chip's word)
_VERDICTS: dict[Verdict, tuple[str, str | Promise]] = {
    Verdict.AGREES: ("passed", _("agree")),
    Verdict.DIFFERS: ("disputed", _("differ")),
    Verdict.ONLY_FIRST: ("inconclusive", _("only ours")),
    Verdict.ONLY_SECOND: ("inconclusive", _("only exiftool")),
}


@dataclass(frozen=True, kw_only=True)
class ShownRow:
    """One value of both readers."""

    label: str
    chip: str
    word: str
    row: Compared


@dataclass(frozen=True, kw_only=True)
class SecondOpinion:
    """What can be asked, and what was answered."""

    missing: str  # why it cannot be asked here, with how to change that; empty when it can
    reading: MetadataReading | None
    reader: str = ""
    rows: tuple[ShownRow, ...] = ()

    @property
    def differing(self) -> int:
        """How many values the readers contradict each other on."""
        return sum(each.row.verdict == Verdict.DIFFERS for each in self.rows)

    @property
    def agreeing(self) -> int:
        return sum(each.row.verdict == Verdict.AGREES for each in self.rows)


def second_opinion(walker: MetadataReading | None, second: MetadataReading | None) -> SecondOpinion:
    """For the page, whether or not it was asked."""
    missing = str(READERS[EXIFTOOL].missing())
    rows = compared(walker, second)
    if rows is None or second is None:
        return SecondOpinion(missing=missing, reading=second)
    shown = tuple(
        ShownRow(
            label=str(_LABELS[each.key]),
            chip=_VERDICTS[each.verdict][0],
            word=str(_VERDICTS[each.verdict][1]),
            row=each,
        )
        for each in rows
    )
    return SecondOpinion(missing=missing, reading=second, reader=second.fields.get("reader", ""), rows=shown)
