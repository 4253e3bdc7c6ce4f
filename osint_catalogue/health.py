"""`/healthz`: the process is up. `/readyz`: everything it needs is, each part named."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import structlog
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evidence.services.readers import Lane
from evidence.storage import media_storage
from osint_catalogue.celery import heartbeat_key

log = structlog.get_logger(__name__)


class NotReady(Exception):
    """A part is down; the message says what of it."""


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers."""
    return JsonResponse({"status": "up"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 if every part is ready, else 503; `parts` names each with "ready" or what is wrong."""
    parts = {name: _state(name, probe) for name, probe in PROBES.items()}
    ready = all(state == "ready" for state in parts.values())
    return JsonResponse(
        {"status": "ready" if ready else "not ready", "parts": parts}, status=200 if ready else 503
    )


def _state(name: str, probe: Callable[[], None]) -> str:
    try:
        probe()
    except NotReady as error:
        return str(error)
    except Exception as error:
        # The details may name hosts and paths: they go to the log, not to whoever asks.
        log.warning("not_ready", part=name, error=repr(error))
        return "down"
    return "ready"


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT postgis_lib_version()")


def _migrations() -> None:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        raise NotReady(f"{len(waiting)} migrations have not been applied")


def _broker() -> None:
    with current_app.connection_for_read() as broker:
        broker.ensure_connection(max_retries=0, timeout=2)


def _storage() -> None:
    media_storage().probe()


def _worker(lane: Lane) -> None:
    seen = cache.get(heartbeat_key(lane))
    if seen is None:
        raise NotReady(f"no worker has reported yet that takes {lane} work")
    age_s = time.time() - seen
    if age_s > settings.WORKER_HEARTBEAT_SECONDS:
        raise NotReady(f"the last worker that takes {lane} work reported {age_s:.0f} s ago")


PROBES: dict[str, Callable[[], None]] = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
    "storage": _storage,
    **{f"worker, {lane}": partial(_worker, lane) for lane in Lane},
}
