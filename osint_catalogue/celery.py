"""The queue: one Celery application for web, worker and beat, and the worker's heartbeat."""

from __future__ import annotations

import os
import time
from typing import Any

from celery import Celery, signals
from django.core.cache import cache
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "osint_catalogue.settings")


def heartbeat_key(lane: str) -> str:
    """The cache's key for when a worker that takes work from this queue was alive."""
    return f"worker-heartbeat-{lane}"


app = Celery("osint_catalogue")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)


@signals.setup_logging.connect
def keep_django_logging(**kwargs: Any) -> None:
    """Let Django's LOGGING stand: Celery configures none of its own when this signal has a receiver."""


@signals.worker_ready.connect
@signals.heartbeat_sent.connect
def record_heartbeat(**kwargs: Any) -> None:
    """Tell /readyz that a worker of each of its queues is alive: its event loop ran this just now."""
    keys = map(heartbeat_key, app.amqp.queues.consume_from)
    cache.set_many(dict.fromkeys(keys, time.time()), timeout=3600)
