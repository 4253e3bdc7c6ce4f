"""Whatever shows geolocations, rounds or log lines to a person asks the one rule of who sees them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHOWING = [
    *(ROOT / "evidence" / "views").glob("*.py"),
    *(ROOT / "evidence" / "api").glob("*.py"),
    *(ROOT / "geolocation" / "views").glob("*.py"),
    *(ROOT / "geolocation" / "api").glob("*.py"),
    *(ROOT / "geolocation" / "templatetags").glob("*.py"),
]
READS = re.compile(
    r"\b(Geolocation|CustodyEvent|BlindRound|BlindEntry)\.objects\b(?:(?!\n\n|\n    return).)*", re.S
)
JOINED = re.compile(r"\"(?:media_item__)?geolocations(?:__\w+)?\"|\bgeolocations__\w+")
RULE = ("visible_to(", "with_withheld(", "_open_to(")
# What may be read without the rule, each with the reason why it tells nothing of a sealed proposal.
TELLS_NOTHING = {
    "BlindRound.objects.filter(investigation=investigation, state=RoundState.OPEN)": "a number for all",
    "BlindRound.objects.filter(investigation=self.investigation, state=RoundState.OPEN)": "media alone",
    "BlindRound.objects.filter(investigation=investigation).select_related": "then open, or the rule",
    "BlindEntry.objects.filter(author=user": "the person's own",
    'object_type="media"': "lines about the recording",
    'object_type="claim"': "lines about the claim",
    "hash=kept": "a number for a hash that the person brought",
}


@pytest.mark.parametrize("path", SHOWING, ids=lambda path: str(path.relative_to(ROOT)))
def test_reads_for_a_person_ask_the_rule(path: Path) -> None:
    for found in READS.finditer(path.read_text()):
        text = " ".join(found.group().split())
        is_known = any(" ".join(known.split()) in text for known in TELLS_NOTHING)
        assert is_known or any(rule in text for rule in RULE), f"{path.name}: {text[:160]}"


@pytest.mark.parametrize(
    "path",
    [each for each in SHOWING if "evidence" in each.parts],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_what_is_reached_through_the_relation_is_narrowed(path: Path) -> None:
    """Each line that joins geolocations by name narrows them, or counts states that nothing sealed has."""
    lines = path.read_text().splitlines()
    for number, line in enumerate(lines):
        if not JOINED.search(line):
            continue
        around = " ".join(lines[max(0, number - 3) : number + 4])
        narrowed = ("visible_proposals(", "is_sealed=False", 'state="in_review"', 'state="changes_requested"')
        assert any(each in around for each in narrowed), f"{path.name}:{number + 1}: {line.strip()}"
