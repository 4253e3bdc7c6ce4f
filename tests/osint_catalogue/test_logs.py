"""Logs: one structured line an event, with the request id that web and worker share."""

import io
import json
import logging

import pytest
import structlog
from celery import signals
from django.urls import reverse
from django_structlog.celery.receivers import CeleryReceiver

from evidence.tasks import read_file
from osint_catalogue.logs import WithoutSweeps, logging_config


@pytest.fixture
def lines():
    """What the JSON format writes while a test runs."""
    stream = io.StringIO()
    config = logging_config(log_format="json", level="INFO")["formatters"]["structured"]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(config.pop("()")(**config))
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


@pytest.mark.django_db
def test_a_request_is_logged_with_its_id(client, lines):
    client.get(reverse("account_login"))
    events = {line["event"]: line for line in lines()}
    assert events["request_started"]["request_id"]
    assert events["request_started"]["request_id"] == events["request_finished"]["request_id"]
    assert events["request_finished"]["code"] == 200


@pytest.mark.django_db
def test_a_task_carries_the_id_of_the_request_that_asked_for_it():
    headers = {}
    structlog.contextvars.bind_contextvars(request_id="abc")
    try:
        signals.before_task_publish.send(
            sender="evidence.tasks.read_file", headers=headers, body=None, routing_key="celery"
        )
    finally:
        structlog.contextvars.clear_contextvars()
    receiver = CeleryReceiver()  # connected as the worker does when it starts; signals hold it weakly
    receiver.connect_worker_signals()
    task = read_file
    task.push_request(id="task-1", **headers)
    try:
        signals.task_prerun.send(sender=task, task_id="task-1", task=task, args=[], kwargs={})
        assert structlog.contextvars.get_contextvars()["request_id"] == "abc"
    finally:
        task.pop_request()
        structlog.contextvars.clear_contextvars()


def test_an_exception_is_one_line_of_json(lines):
    try:
        raise ValueError("broken")
    except ValueError:
        structlog.get_logger("test").exception("it_failed", part="x")
    (line,) = lines()
    assert (line["event"], line["part"], line["level"]) == ("it_failed", "x", "error")
    assert "ValueError: broken" in line["exception"]


@pytest.mark.parametrize(
    ("message", "arguments", "is_kept"),
    [
        ("Task %(name)s[%(id)s] received", ({"name": "evidence.tasks.sweep", "id": "1"},), False),
        ({"event": "task_started", "task": "geolocation.tasks.sweep"}, (), False),
        ("Task %(name)s[%(id)s] received", ({"name": "evidence.tasks.read_file", "id": "1"},), True),
        ({"event": "readings_swept", "count": 2}, (), True),
    ],
)
def test_only_the_queues_lines_about_sweeps_are_left_out(message, arguments, is_kept):
    record = logging.LogRecord("celery", logging.INFO, __file__, 1, message, arguments, None)
    assert WithoutSweeps().filter(record) is is_kept
