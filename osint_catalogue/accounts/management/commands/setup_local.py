"""`manage.py setup_local`: demo people, the reference case and the training exercise, once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.models import Investigation, Role
from evidence.services.investigations import investigation_publish, member_set
from evidence.services.training import CODE as TRAINING_CODE
from evidence.services.training import training_load
from osint_catalogue.accounts.demo import DEMO_PEOPLE, DemoForbidden, demo_people_make
from osint_catalogue.accounts.models import User

CASE_CODE = "NK23"


class Command(BaseCommand):
    """Run by `make run`. A second run changes nothing; outside the local mode it refuses."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--print-sign-ins", action="store_true", help="only print who can sign in")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["print_sign_ins"]:
            self._print_sign_ins()
            return
        try:
            people = demo_people_make()
        except DemoForbidden as error:
            raise CommandError(str(error)) from error
        self._load_case(people)
        self._load_training(people)

    def _load_case(self, people: dict[Role | None, User]) -> None:
        is_new = not Investigation.objects.filter(code=CASE_CODE).exists()
        call_command("load_case", reviewer=people[Role.REVIEWER].email, stdout=self.stdout)
        if not is_new:
            return
        case = Investigation.objects.get(code=CASE_CODE)
        importer = case.created_by
        self._join(importer, case, people)
        investigation_publish(actor=people[Role.EDITOR], investigation=case, public=True)

    def _load_training(self, people: dict[Role | None, User]) -> None:
        training = training_load(actor=people[Role.EDITOR])
        if training is None:
            self.stdout.write(f"{TRAINING_CODE} is loaded already; nothing was changed.")
            return
        self._join(people[Role.EDITOR], training, people)
        self.stdout.write(f"{TRAINING_CODE}: {training.media_items.count()} generated media items.")

    def _join(self, actor: Any, investigation: Investigation, people: dict[Role | None, User]) -> None:
        for role, user in people.items():
            if role is not None:
                member_set(actor=actor, investigation=investigation, user=user, role=role)

    def _print_sign_ins(self) -> None:
        if not settings.DEMO_SIGN_INS:
            return
        self.stdout.write("Demo sign-ins (local mode only):")
        for person in DEMO_PEOPLE:
            self.stdout.write(f"  {person.email:<28} {person.password:<20} {person.part}")
