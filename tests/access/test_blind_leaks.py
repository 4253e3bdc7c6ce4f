"""Whoever may still place an item blind reads nothing of the first proposal, at any address there is.

The addresses are those of the access table, so a page that somebody adds is walked from the day it has its
row. Each is asked as it is, and with words that would lead to the proposal.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from evidence.models import CustodyEvent, Membership, Role
from evidence.services.catalogue import source_add
from evidence.services.claims import ClaimDetails, claim_evidence_link, claim_log
from evidence.services.investigations import investigation_blind_set
from evidence.services.media import MediaDetails, media_create
from geolocation.coordinates.format import format_position
from geolocation.coordinates.outcome import Notation
from geolocation.coordinates.position import Position
from geolocation.models import Geolocation
from geolocation.querysets import BlindRoundQuerySet, GeolocationQuerySet
from geolocation.services.checks import checks_run
from geolocation.services.geolocations import Placed, geolocation_propose
from tests.access.asking import Asking
from tests.access.table import TABLE
from tests.access.test_access_table import known_addresses, path_of
from tests.access.world import World, person
from tests.geolocation.conftest import a_proposal

CAMERA = Position(39.7251846, 46.8173952)
SUBJECT = Position(39.7314627, 46.8296418)
WORDS = "The weathercock on the third gable points away from the slipway."
AUTHOR = "Quirina Zabielska"
# Long enough that no random token of a page holds them by chance.
FIRST, SECOND = "G7700771", "G7800782"
# The first of the roles is the second person; the others must not see it either.
BLIND = ("reviewer", "viewer", "token")
# They know no investigation.
OF_THE_SIGN_IN_LIBRARY = ("account_", "mfa_")
PROBES = (
    "q={reference}",
    "q=weathercock",
    "q=39.7251846",
    "object={reference}",
    "action=geolocation.blind_asked",
    "action=geolocation.proposed",
    "actor=Quirina+Zabielska",
    "state=all",
    "state=awaiting_second",
    "show=waiting&author={author}",
    "show=disputed",
    "placed=yes&q={title}",
    "media={media}&text=39.7,46.8",
    "verify=1&kept={hash}",
    "limit=1000",
)


@pytest.fixture
def sealed(world: World, asking: Asking) -> Iterator[dict[str, Any]]:
    """A submitted first proposal by somebody who did nothing else, and the values of its addresses."""
    ours, editor = world.ours, world.people["editor"]
    investigation = ours["investigation"]
    with transaction.atomic():
        author = world.people["first"] = person(AUTHOR.lower())
        # Not by the service: the log would name them as somebody who was added.
        Membership.objects.create(investigation=investigation, user=author, role=Role.INVESTIGATOR)
        investigation_blind_set(actor=editor, investigation=investigation, on=True)
        item = media_create(
            actor=editor, investigation=investigation, details=MediaDetails(title="Gables"), reference="M77"
        )
        claim = claim_log(
            actor=editor,
            investigation=investigation,
            details=ClaimDetails(
                statement="The gables burned.",
                claimant=source_add(actor=editor, investigation=investigation, name="Gable watch"),
            ),
            reference="C77",
        )
        claim_evidence_link(actor=editor, claim=claim, media_item=item, relation="supports")
        made = _place(author, item, reference=FIRST, offset=0)
        checks_run(geolocation_id=made.pk)
        event = CustodyEvent.objects.filter(object_type="geolocation", object_reference=FIRST).first()
        yield {
            "values": {
                **ours,
                "media": "M77",
                "claim": "C77",
                "round": "M77",
                **dict.fromkeys(("draft", "geolocation", "verified"), FIRST),
            },
            "plain": ours,
            "item": item,
            "made": made,
            "probe": {
                "reference": FIRST,
                "author": author.pk,
                "title": "Gables",
                "media": "M77",
                "hash": event.hash if event else "",
            },
        }
        transaction.set_rollback(True)
    del world.people["first"]


def _place(actor: Any, item: Any, *, reference: str, offset: float) -> Geolocation:
    camera = Position(CAMERA.latitude + offset, CAMERA.longitude)
    return geolocation_propose(
        actor=actor,
        media_item=item,
        proposal=a_proposal(
            camera=Placed(
                position=camera, uncertainty_m=23, as_typed=format_position(camera, Notation.DMS, 3)
            ),
            subject=Placed(position=SUBJECT, uncertainty_m=31),
            bearing_deg=61.25,
            reasoning=WORDS,
            references="https://example.org/gable-plan-of-1911",
        ),
        submit=True,
        reference=reference,
    )


def secrets() -> dict[str, str]:
    """What would betray the proposal, by what it is."""
    found = {
        "words": "weathercock",
        "references": "gable-plan-of-1911",
        "reference": FIRST,
        "bearing": "61.25",
    }
    for name, position in (("camera", CAMERA), ("subject", SUBJECT)):
        for axis, degrees in (("latitude", position.latitude), ("longitude", position.longitude)):
            # Four decimals are 11 m, and every longer way of writing it begins with them.
            found[f"{name} {axis}"] = f"{degrees:.7f}"[:7]
            found[f"{name} {axis} with a comma"] = f"{degrees:.7f}"[:7].replace(".", ",")
        for notation in (
            Notation.DM,
            Notation.DMS,
            Notation.UTM,
            Notation.MGRS,
            Notation.PLUS_CODE,
            Notation.ISO6709,
        ):
            found[f"{name} as {notation.value}"] = format_position(position, notation)
    return found


def said(text: str, *, except_author: bool = False) -> list[str]:
    """Which of the secrets an answer tells, with its escapes undone."""
    plain = text.replace("\\u0027", "'").replace("&#x27;", "'").replace("&quot;", '"').replace("&#39;", "'")
    told = [what for what, secret in secrets().items() if secret in plain]
    return told if except_author or AUTHOR not in plain else [*told, "author"]


def readable(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every address that some member may read, filled in."""
    for name, row in TABLE.items():
        if row.access.outcome("editor", "GET") not in ("200", "302", "through", "library"):
            continue
        yield name, path_of(known_addresses()[name], row, values)


def told(asking: Asking, asked: list[tuple[str, str]]) -> dict[str, list[str]]:
    """`role address` -> what it betrayed."""
    found = {}
    for role, path in asked:
        # The list of members names everybody who belongs, whatever they did.
        betrayed = said(_answer(asking, role, path), except_author="/members/" in path)
        # What the person asked for comes back in a field, or in the sentence that it is not there.
        betrayed = [what for what in betrayed if not _is_echo(what, path)]
        if betrayed:
            found[f"{role} {path}"] = betrayed
    return found


def walk(sealed: dict[str, Any]) -> list[tuple[str, str]]:
    """Each address for each person who must not see it: of the sealed proposal, and of everything else."""
    return [
        (role, path)
        for values in (sealed["values"], sealed["plain"])
        for name, path in readable(values)
        for role in BLIND
        if not name.startswith(OF_THE_SIGN_IN_LIBRARY)
    ]


def probes(sealed: dict[str, Any]) -> list[tuple[str, str]]:
    """Each page and list of the whole investigation, and the search, with each question."""
    wide = [path for name, path in readable(sealed["values"]) if not set(TABLE[name].parts)]
    asked = [probe.format(**sealed["probe"]) for probe in PROBES]
    code = f"/{sealed['plain']['code']}/"
    return [
        ("reviewer", f"{path}?{each}") for path in wide if code in path or "search" in path for each in asked
    ]


def _answer(asking: Asking, role: str, path: str) -> str:
    answer = asking.ask(role, "GET", path, HTTP_ACCEPT="text/html, application/json")
    return answer.text + answer.location


def _is_echo(what: str, path: str) -> bool:
    secret = {**secrets(), "author": "Quirina"}[what]
    return secret in path


def test_nothing_is_told_before_the_own_proposal_is_in(asking: Asking, sealed: dict[str, Any]) -> None:
    found = told(asking, walk(sealed))
    assert not found, "\n".join(f"{where}: {', '.join(what)}" for where, what in found.items())


def test_no_question_leads_to_it(asking: Asking, sealed: dict[str, Any]) -> None:
    found = told(asking, probes(sealed))
    assert not found, "\n".join(f"{where}: {', '.join(what)}" for where, what in found.items())


def test_the_walk_would_find_a_leak(
    asking: Asking, sealed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the one rule switched off, page, API, map, media, claim, log and checks tell everything."""
    monkeypatch.setattr(GeolocationQuerySet, "visible_to", lambda self, user: self)
    monkeypatch.setattr(GeolocationQuerySet, "hidden_from", lambda self, user: self.none())
    monkeypatch.setattr(BlindRoundQuerySet, "visible_to", lambda self, user: self)
    found = told(asking, [("reviewer", path) for _name, path in readable(sealed["values"])])
    code = sealed["plain"]["code"]
    for name, kwargs in EVERYWHERE.items():
        path = reverse(name, kwargs={"code": code, **kwargs})
        assert f"reviewer {path}" in found, name


def test_the_checks_of_a_sealed_proposal_are_not_there_for_others(
    asking: Asking, sealed: dict[str, Any]
) -> None:
    """Their sentences and drawings hold distances and directions, which no search for a position finds."""
    path = reverse("geolocation:checks", kwargs={"code": sealed["plain"]["code"], "reference": FIRST})
    checks_run(geolocation_id=sealed["made"].pk)
    statuses = {role: asking.ask(role, "GET", path).status for role in ("viewer", "reviewer", "editor")}
    assert statuses == {"viewer": 404, "reviewer": 404, "editor": 200}


# Where the first proposal stands for everybody once the round is over.
EVERYWHERE: dict[str, dict[str, str]] = {
    "geolocation:detail": {"reference": FIRST},
    "geolocation:review": {"reference": FIRST},
    "geolocation:revise": {"reference": FIRST},
    "geolocation:blind-round": {"reference": "M77"},
    "geolocation:geolocate": {"reference": "M77"},
    "geolocation:map": {},
    "evidence:media-detail": {"reference": "M77"},
    "evidence:media-list": {},
    "evidence:custody-log": {},
    "evidence:custody-download": {},
    "evidence:investigation": {},
    "api-geolocations": {},
    "api-geolocation": {"reference": FIRST},
    "api-blind-round": {"reference": "M77"},
    "api-custody": {},
}


def test_everything_is_told_once_both_are_in_and_agree(
    asking: Asking, sealed: dict[str, Any], world: World
) -> None:
    _place(world.people["reviewer"], sealed["item"], reference=SECOND, offset=0.00005)
    checks_run(geolocation_id=sealed["made"].pk)
    for name, kwargs in EVERYWHERE.items():
        path = reverse(name, kwargs={"code": sealed["plain"]["code"], **kwargs})
        roles = ("reviewer",) if name == "geolocation:revise" else ("reviewer", "viewer")
        for role in roles:
            if TABLE[name].access.outcome(role, "GET") != "200":
                continue
            assert said(_answer(asking, role, path)), f"{role} {path} says nothing of it"


def test_after_a_disagreement_the_second_person_is_told_and_a_third_is_not(
    asking: Asking, sealed: dict[str, Any], world: World
) -> None:
    _place(world.people["reviewer"], sealed["item"], reference=SECOND, offset=0.02)
    path = reverse("api-geolocation", kwargs={"code": sealed["plain"]["code"], "reference": FIRST})
    assert "camera latitude" in said(_answer(asking, "reviewer", path))
    for role in ("viewer", "token"):
        for name in EVERYWHERE:
            if TABLE[name].access.outcome(role, "GET") != "200":
                continue
            asked = reverse(name, kwargs={"code": sealed["plain"]["code"], **EVERYWHERE[name]})
            text = _answer(asking, role, asked)
            assert not [what for what in said(text) if not _is_echo(what, asked)], f"{role} {asked}"
            assert SECOND not in text, f"{role} {asked}"


def test_a_guessed_reference_is_as_unknown_as_one_that_never_was(
    asking: Asking, sealed: dict[str, Any]
) -> None:
    code = sealed["plain"]["code"]
    for name in ("geolocation:detail", "geolocation:checks", "geolocation:revise", "api-geolocation"):
        there, nowhere = (
            asking.ask("reviewer", "GET", reverse(name, kwargs={"code": code, "reference": reference}))
            for reference in (FIRST, "G999")
        )
        assert (there.status, nowhere.status) == (404, 404), name


def test_the_log_keeps_the_place_of_what_it_withholds(
    asking: Asking, sealed: dict[str, Any], world: World
) -> None:
    """Number and hashes of each line are there, so that the links of the chain can still be followed."""
    path = reverse("evidence:custody-download", kwargs={"code": sealed["plain"]["code"]})
    lines = [json.loads(line) for line in asking.ask("reviewer", "GET", path).text.splitlines()]
    whole = [json.loads(line) for line in asking.ask("editor", "GET", path).text.splitlines()]
    assert [line["sequence"] for line in lines] == list(range(1, len(whole) + 1))
    assert [line["hash"] for line in lines] == [line["hash"] for line in whole]
    assert all(line["previous_hash"] == before["hash"] for before, line in itertools.pairwise(lines))
    withheld = [line for line in lines if line.get("withheld")]
    assert len(withheld) == 2
    assert all(line["canonical"] is None for line in withheld)
    assert not any(line.get("withheld") for line in whole)
