"""A queue that takes nothing, and clients signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from celery import Celery
from django.test import Client


@pytest.fixture(autouse=True)
def _own_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Celery, "send_task", lambda *args, **options: None)


@pytest.fixture
def client_of() -> Callable[[Any], Client]:
    """`client_of(user)`: signed in as that person; None is nobody."""

    def signed_in(user: Any | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user)
        return client

    return signed_in
