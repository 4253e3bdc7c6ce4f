"""What must hold whatever the table says: no way around an investigation, a session, or a publication."""

from __future__ import annotations

import json

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from osint_catalogue.accounts.models import User
from tests.access.asking import Asking
from tests.access.rules import METHODS
from tests.access.table import TABLE
from tests.access.test_access_table import known_addresses, path_of
from tests.access.world import Values, World

# Parts that name something inside an investigation: in another one's address they must find nothing. A tile
# names a part of the world.
INSIDE = sorted(
    name
    for name, row in TABLE.items()
    if row.parts and known_addresses()[name].parts > {"code"} and set(row.parts.values()) != {"zero"}
)
SCOPED = sorted(name for name in TABLE if "code" in known_addresses()[name].parts)
WRITTEN = sorted(name for name, row in TABLE.items() if row.access.outcome("editor", "POST") == "through")


def _paths(name: str, values: Values, *, code: str = "") -> str:
    return path_of(known_addresses()[name], TABLE[name], values, code=code)


@pytest.mark.parametrize("name", INSIDE)
def test_what_belongs_to_others_is_not_found_through_our_own_code(
    name: str, world: World, asking: Asking
) -> None:
    path = _paths(name, world.theirs, code=world.ours["code"])
    for role in ("investigator", "reviewer", "editor", "token"):
        for method in METHODS:
            if TABLE[name].access.outcome(role, method) not in ("200", "302", "through"):
                continue
            if method == "OPTIONS":
                continue  # describes the resource, whichever it is
            answer = asking.ask(role, method, path)
            assert answer.word == "404", f"{role}: {method} {path}: {answer}"
            assert not answer.rows_touched


@pytest.mark.parametrize("name", SCOPED)
def test_a_stranger_cannot_tell_what_exists_from_what_does_not(
    name: str, world: World, asking: Asking
) -> None:
    """The same answer for an investigation that is there and for one that never was."""
    there, nowhere = _paths(name, world.ours), _paths(name, world.ours, code="NEVER")
    for role in ("anonymous", "stranger", "foreign token"):
        for method in ("GET", "POST"):
            found, missing = asking.ask(role, method, there), asking.ask(role, method, nowhere)
            assert found.word != "403", f"{role}: {method} {there}"
            assert found.word == missing.word, f"{role}: {method} {there}: {found.word}, else {missing.word}"


@pytest.mark.parametrize("name", WRITTEN)
def test_a_session_needs_the_csrf_token_to_write(name: str, world: World, asking: Asking) -> None:
    answer = asking.ask("editor", "POST", _paths(name, world.ours), enforce_csrf=True)
    assert answer.word == "403", answer
    assert not answer.rows_touched


def test_a_bearer_token_needs_none(world: World, asking: Asking) -> None:
    path = reverse("api-sources", kwargs={"code": world.ours["code"]})
    answer = asking.ask(
        "token",
        "POST",
        path,
        enforce_csrf=True,
        data=json.dumps({"name": "Harbour master"}),
        content_type="application/json",
    )
    assert answer.status == 201, answer
    assert answer.rows_touched


def test_nobody_makes_an_account_by_the_sign_up_page(world: World, asking: Asking) -> None:
    people = User.objects.count()
    answer = asking.ask(
        "anonymous",
        "POST",
        reverse("account_signup"),
        data="email=who%40example.org&password1=a+long+password+1&password2=a+long+password+1",
        content_type="application/x-www-form-urlencoded",
    )
    assert not answer.rows_touched
    assert User.objects.count() == people


def test_everybody_reads_the_points_of_a_published_investigation_and_nothing_else_of_it(
    world: World, asking: Asking
) -> None:
    for name, row in TABLE.items():
        address = known_addresses()[name]
        if not address.parts:
            continue
        path = path_of(address, row, world.published)
        answer = asking.ask("anonymous", "GET", path)
        open_to_all = ("geolocation:ogc-", "geolocation:tile", "geolocation:investigation-tile")
        if name in ("geolocation:point", "api-point") or name.startswith(open_to_all):
            assert answer.status == 200, path
        elif "code" in address.parts:
            assert answer.word in ("login", "401", "405"), f"{path}: {answer}"


@pytest.mark.parametrize(
    "name",
    ["api-points", "api-points-geojson", "api-points-geojsonseq", "api-points-csv", "api-points-kml"],
)
def test_exports_hold_what_the_reader_may_see(name: str, world: World, asking: Asking) -> None:
    path = reverse(name)
    ours, theirs, published = (str(each["point"]) for each in (world.ours, world.theirs, world.published))
    seen = {
        role: {uid for uid in (ours, theirs, published) if uid in asking.ask(role, "GET", path).text}
        for role in ("anonymous", "demo, switched off", "stranger", "viewer", "token", "foreign token")
    }
    assert seen["anonymous"] == seen["demo, switched off"] == {published}
    assert seen["viewer"] == seen["token"] == {ours, published}
    assert seen["stranger"] == seen["foreign token"] == {theirs, published}


def test_a_style_sheet_needs_no_account() -> None:
    assert finders.find("css/base.css")
