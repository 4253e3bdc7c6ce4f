"""The world that the access tests share, in one transaction that is never committed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.db import connection, transaction
from django.test import override_settings

from tests.access.asking import Asking
from tests.access.world import World, build


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Only tests with this mark have a test database made: without it these would use the application's."""
    for item in items:
        if "world" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.django_db)


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[World]:
    """Built once: every request runs in a savepoint of its own and is rolled back."""
    files: Path = tmp_path_factory.mktemp("access")
    settings = override_settings(
        MEDIA_ROOT=files,
        EXPORTS_ROOT=files / "exports",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        # Throttles of sign-in count in the cache: they must not add up over runs.
        CACHES={"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}},
        DEMO_SIGN_INS=False,
    )
    patch = pytest.MonkeyPatch()
    patch.setattr(Celery, "send_task", lambda *args, **kwargs: None)
    # Thousands of refusals, each with its log lines, would take longer to write than to get.
    logging.disable(logging.CRITICAL)
    with django_db_blocker.unblock(), settings, transaction.atomic():
        built = build()
        # What triggers put off to the commit happens now: no request that is asked later has done it.
        connection.check_constraints()
        yield built
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)
    patch.undo()


@pytest.fixture(scope="package")
def asking(world: World) -> Asking:
    return Asking(world)


@pytest.fixture(autouse=True)
def _own_files(settings: Any) -> None:
    """Instead of the fixture of the same name: these tests share their files."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
