"""Ask an address as one role with one method, and leave no trace of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client

from tests.access.rules import LET_THROUGH, OF_LIBRARY, REFUSED
from tests.access.world import World

# Rows that coming in changes by itself: the session, and when a token was last used.
_COMING_IN = {"django_session", "accounts_apitoken"}


@dataclass(frozen=True)
class Answer:
    """What came back: its status, whether it leads to the sign-in page, and how many rows were touched."""

    status: int
    location: str
    rows_touched: int
    failure: str
    text: str

    @property
    def word(self) -> str:
        """`login` or the status."""
        return "login" if self.status == 302 and "/account/login/" in self.location else str(self.status)

    @property
    def is_refusal(self) -> bool:
        return self.word in REFUSED

    def is_what(self, expected: str) -> bool:
        """True if this is the outcome that the table names."""
        if expected == "through":
            return self.word != "login" and self.status in LET_THROUGH
        if expected == "library":
            return self.status in OF_LIBRARY
        return self.word == expected


class Asking:
    """One client a role, and a count of the rows that the running transaction touched."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clients: dict[str, Client] = {}
        tables = [model._meta.db_table for model in apps.get_models()]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT to_regclass(name)::oid::bigint FROM unnest(%s::text[]) AS name",
                [[table for table in tables if table not in _COMING_IN]],
            )
            self._oids = [oid for (oid,) in cursor.fetchall() if oid]
        self._count = self._rows_touched()

    def ask(self, role: str, method: str, path: str, *, enforce_csrf: bool = False, **sent: Any) -> Answer:
        """The answer; whatever the request did is rolled back."""
        client = self._client(role, enforce_csrf=enforce_csrf)
        with transaction.atomic():
            response = client.generic(method, path, **sent)
            # A stream of rows runs its queries while it is read.
            body = b"".join(response) if response.streaming else response.content
            # The count runs on, whatever is rolled back.
            before, self._count = self._count, self._rows_touched()
            transaction.set_rollback(True)
        return Answer(
            status=response.status_code,
            location=response.headers.get("Location", ""),
            rows_touched=self._count - before,
            failure=_failure(response),
            text=body.decode(errors="replace"),
        )

    def _client(self, role: str, *, enforce_csrf: bool) -> Client:
        key = f"{role} {enforce_csrf}"
        if key not in self.clients:
            self.clients[key] = Client(enforce_csrf_checks=enforce_csrf, raise_request_exception=False)
        client = self.clients[key]
        client.cookies.clear()
        client.defaults.pop("HTTP_AUTHORIZATION", None)
        if role in self.world.sessions:
            client.cookies["sessionid"] = self.world.sessions[role]
        if role in self.world.bearers:
            client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {self.world.bearers[role]}"
        return client

    def _rows_touched(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sum(pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)"
                " + pg_stat_get_xact_tuples_deleted(oid)) FROM unnest(%s::oid[]) AS oid",
                [self._oids],
            )
            return int(cursor.fetchone()[0])


def _failure(response: HttpResponseBase) -> str:
    found = getattr(response, "exc_info", None)
    return "" if found is None else repr(found[1])
