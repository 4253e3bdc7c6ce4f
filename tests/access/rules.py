"""The vocabulary of the access table: roles, outcomes, and the classes of access that its rows name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

# `stranger` is signed in and edits another investigation. `token` is a bearer token of the investigator and
# `foreign token` one of the stranger. `demo, switched off` is a demo person whose session was made while demo
# sign-ins were on, and who would be an editor.
MEMBERS = ("viewer", "investigator", "reviewer", "editor")
OUTSIDERS = ("anonymous", "demo, switched off")
TOKENS = ("token", "foreign token")
ROLES = (*OUTSIDERS, "stranger", *MEMBERS, *TOKENS)

# What a person may get who is let through, with an empty body: anything but a refusal or a failure.
LET_THROUGH = frozenset({200, 201, 202, 204, 302, 303, 400, 409, 410, 413, 415, 422})
# Pages of the sign-in library, for anybody or for one's own account: they know no investigation.
OF_LIBRARY = LET_THROUGH | {404, 405}
REFUSED = frozenset({"login", "401", "403", "404", "405"})

Outcomes = Mapping[str, str]


@dataclass(frozen=True)
class Access:
    """Who gets what: a method that is not named is answered with `otherwise`."""

    methods: Mapping[str, Outcomes]
    otherwise: Outcomes

    def outcome(self, role: str, method: str) -> str:
        """`login`, `through`, or a status."""
        return self.methods.get(method, self.otherwise)[role]


def everybody(outcome: str) -> Outcomes:
    return dict.fromkeys(ROLES, outcome)


def ranked(minimum: str, outcome: str, *, outsiders: str, stranger: str, tokens: Outcomes) -> Outcomes:
    """`outcome` from the role `minimum` upwards, 403 for members below it."""
    least = MEMBERS.index(minimum)
    members = {role: outcome if rank >= least else "403" for rank, role in enumerate(MEMBERS)}
    return {**dict.fromkeys(OUTSIDERS, outsiders), "stranger": stranger, **members, **tokens}


def of_page(minimum: str, outcome: str) -> Outcomes:
    """A page of an investigation. It takes sessions only: a token is nobody here."""
    return ranked(minimum, outcome, outsiders="login", stranger="404", tokens=dict.fromkeys(TOKENS, "login"))


def of_api(minimum: str, outcome: str) -> Outcomes:
    """A resource of an investigation: a token is the person it belongs to."""
    people = ranked(minimum, outcome, outsiders="401", stranger="404", tokens={})
    return {**people, "token": people["investigator"], "foreign token": people["stranger"]}


def signed_in(outcome: str, *, nobody: str = "login", tokens: str = "login") -> Outcomes:
    """Anybody who is signed in, wherever they belong."""
    return {
        **dict.fromkeys(OUTSIDERS, nobody),
        **dict.fromkeys(("stranger", *MEMBERS), outcome),
        **dict.fromkeys(TOKENS, tokens),
    }


def safe(outcomes: Outcomes) -> dict[str, Outcomes]:
    return {"GET": outcomes, "HEAD": outcomes}


NOT_ALLOWED = everybody("405")


def page(minimum: str, outcome: str = "200") -> Access:
    """Read by members from `minimum` upwards."""
    return Access(safe(of_page(minimum, outcome)), NOT_ALLOWED)


def form(minimum: str, *, read_by: str = "", outcome: str = "200") -> Access:
    """Read by `read_by` (else by those who may send it), sent by `minimum` upwards."""
    reads = safe(of_page(read_by or minimum, outcome))
    return Access({**reads, "POST": of_page(minimum, "through")}, NOT_ALLOWED)


def act(minimum: str) -> Access:
    """A button: POST only."""
    return Access({"POST": of_page(minimum, "through")}, NOT_ALLOWED)


def resource(*, reads: str = "", **writes: str) -> Access:
    """An API resource: `reads` and each of `POST=`, `PATCH=` ... from that role upwards.

    Who may not see the investigation learns nothing of its methods: 401 or 404 comes before 405.
    """
    methods = safe(of_api(reads, "200")) if reads else {}
    methods |= {method: of_api(minimum, "through") for method, minimum in writes.items()}
    return Access({**methods, "OPTIONS": of_api("viewer", "200")}, of_api("viewer", "405"))
