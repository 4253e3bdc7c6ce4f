"""Three people and a stranger, an investigation, and a database that may be emptied between tests."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations

from evidence.models import Investigation, MediaItem, Role
from evidence.services.investigations import investigation_open, member_set
from evidence.services.media import MediaDetails, media_create
from osint_catalogue.accounts.models import User
from tests import one_run

# Here, because pytest-xdist reads this before it starts its processes, and they inherit the environment.
one_run.begin()


@pytest.fixture(scope="session", autouse=True)
def _flush_past_the_invariants() -> None:
    """Transactional tests empty every table at the end; the triggers that forbid it stand aside for that.

    The test cluster grants that to its role; a production database never does. Rows are deleted, because
    to truncate makes new files for each table and index: ten times as long for the few rows of a test.
    """

    def sql_flush(self: Any, style: Any, tables: Iterable[str], **_how: Any) -> list[str]:
        emptied = [f"DELETE FROM {self.quote_name(table)}" for table in tables]
        if not emptied:
            return []
        role = "SET session_replication_role ="
        return [f"{role} replica", "; ".join(emptied), f"{role} DEFAULT"]

    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, django_db_keepdb: bool, django_db_blocker: Any
) -> None:
    """As pytest-django's; processes side by side copy a database that the first of them has migrated.

    To copy takes a third of a second, to migrate ten and more. The original keeps the plain name of the test
    database, which a run in one process makes anew in any case.
    """
    if django_db_keepdb or "PYTEST_XDIST_WORKER" not in os.environ:
        return
    test = connection.settings_dict["TEST"]
    own, original = test["NAME"], test["NAME"].removesuffix(f"_{os.environ['PYTEST_XDIST_WORKER']}")
    with one_run.first("database") as is_first, django_db_blocker.unblock():
        if is_first:
            test["NAME"] = original
            application = connection.settings_dict["NAME"]
            connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            connection.close()
            django_settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = application
    test["NAME"], test["TEMPLATE"] = own, original


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """As pytest-django's; at the end sessions that are still open are named and ended.

    PostgreSQL drops no database that somebody is connected to. Whole runs were seen to leave one session a
    process, for a reason that is not known; no single group of tests does. So each is printed, not hidden.
    """
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            cursor.execute(
                "SELECT backend_start, state, left(query, 200), pg_terminate_backend(pid)"
                " FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            left_open = cursor.fetchall()
            if not left_open:
                break
            print("session left open:", left_open, file=sys.__stderr__)
            time.sleep(0.1)


@pytest.fixture(scope="session", autouse=True)
def _somewhere_for_static_files() -> None:
    """The server of static files warns about a folder that is not there, and warnings are errors here."""
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    """Each test keeps its files in a folder of its own, and signs people in quickly."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EXPORTS_ROOT = tmp_path / "exports"
    # The real one is slow by design.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def _person(email: str, name: str) -> User:
    return User.objects.create_user(email, "a long password of a test", name=name)


@pytest.fixture
def investigator(db: None) -> User:
    return _person("investigator@example.org", "Ines Investigator")


@pytest.fixture
def reviewer(db: None) -> User:
    return _person("reviewer@example.org", "Rui Reviewer")


@pytest.fixture
def editor(db: None) -> User:
    return _person("editor@example.org", "Edda Editor")


@pytest.fixture
def viewer(db: None) -> User:
    return _person("viewer@example.org", "Vera Viewer")


@pytest.fixture
def stranger(db: None) -> User:
    return _person("stranger@example.org", "Stan Stranger")


@pytest.fixture
def investigation(editor: User, investigator: User, reviewer: User, viewer: User) -> Investigation:
    opened = investigation_open(actor=editor, code="TEST1", title="Harbour fire")
    for person, role in (
        (investigator, Role.INVESTIGATOR),
        (reviewer, Role.REVIEWER),
        (viewer, Role.VIEWER),
    ):
        member_set(actor=editor, investigation=opened, user=person, role=role)
    return opened


@pytest.fixture
def media_item(investigation: Investigation, investigator: User) -> MediaItem:
    return media_create(
        actor=investigator, investigation=investigation, details=MediaDetails(title="Smoke over the quay")
    )


@pytest.fixture
def run_on_commit(django_capture_on_commit_callbacks: Callable[..., Any]) -> Callable[..., Any]:
    """`with run_on_commit(): ...` runs what was put off until the commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
