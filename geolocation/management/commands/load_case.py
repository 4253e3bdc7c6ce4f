"""`manage.py load_case PATH`: bring in a published case. Loading twice changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.models import Investigation, Role
from evidence.services.investigations import member_set
from geolocation.importers.case import CASE_FILE, CaseUnreadable, case_load

IMPORTER = "case-import@catalogue.invalid"
REVIEWER = "case-review@catalogue.invalid"


class Command(BaseCommand):
    """Facts come in under an import account; a second account reviews the positions."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, default=CASE_FILE, help="the case as JSON")
        parser.add_argument(
            "--reviewer",
            help="e-mail address of who reviews the positions (default: a demo account)",
        )
        parser.add_argument(
            "--editor", help="e-mail address of the person who looks after the case from then on"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        importer = account(IMPORTER, name="Case import", is_import=True)
        reviewer = (
            self._person(options["reviewer"])
            if options["reviewer"]
            else account(REVIEWER, name="Demo case reviewer", is_demo=True)
        )
        editor = self._person(options["editor"]) if options["editor"] else None
        try:
            report = case_load(path=options["path"], importer=importer, reviewer=reviewer)
        except CaseUnreadable as error:
            raise CommandError(str(error)) from error
        if not report.changed:
            self.stdout.write(f"{report.code} is loaded already; nothing was changed.")
            return
        if editor is not None:
            case = Investigation.objects.get(code=report.code)
            member_set(actor=importer, investigation=case, user=editor, role=Role.EDITOR)
        self.stdout.write(
            f"{report.code}: {report.claims} claims, {report.media_items} media items, "
            f"{report.verified} verified geolocations."
        )

    def _person(self, email: str) -> Any:
        person = get_user_model()._default_manager.filter(email__iexact=email).first()
        if person is None:
            raise CommandError(f"Nobody has the e-mail address {email}. Invite them first.")
        return person


def account(email: str, **fields: Any) -> Any:
    """The account with this address, made without a usable password if it is not there."""
    user, created = get_user_model()._default_manager.get_or_create(email=email, defaults=fields)
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user
