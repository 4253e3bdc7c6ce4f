"""People of the local mode, so that a newcomer can play every part; they cannot sign in anywhere else."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings

from evidence.models import Role
from osint_catalogue.accounts.models import User


@dataclass(frozen=True)
class DemoPerson:
    """One sign-in that `make run` prints. The password is no secret: it works in the local mode only."""

    email: str
    name: str
    role: Role | None
    password: str

    @property
    def part(self) -> str:
        """What this person plays."""
        return str(self.role.label) if self.role else "Outsider"


DEMO_PEOPLE = (
    DemoPerson("investigator@demo.example", "Ines Demo", Role.INVESTIGATOR, "demo-investigator"),
    DemoPerson("reviewer@demo.example", "Rui Demo", Role.REVIEWER, "demo-reviewer"),
    DemoPerson("editor@demo.example", "Edda Demo", Role.EDITOR, "demo-editor"),
    DemoPerson("viewer@demo.example", "Vera Demo", Role.VIEWER, "demo-viewer"),
    DemoPerson("outsider@demo.example", "Otto Demo", None, "demo-outsider"),
)


class DemoForbidden(Exception):
    """Demo sign-ins were asked for outside the local mode."""


def demo_people_make() -> dict[Role | None, User]:
    """Make them if they are not there. Raises DemoForbidden unless DEMO_SIGN_INS is on."""
    if not settings.DEMO_SIGN_INS:
        raise DemoForbidden("Demo sign-ins exist only in the local mode: DEBUG is off here.")
    return {person.role: _make(person) for person in DEMO_PEOPLE}


def _make(person: DemoPerson) -> User:
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = User.objects.create_user(person.email, person.password, name=person.name, is_demo=True)
        EmailAddress.objects.create(user=user, email=person.email, verified=True, primary=True)
    return user
