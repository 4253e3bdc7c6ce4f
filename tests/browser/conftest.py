"""A real Chromium, signed-in pages that fail on what they should not do, and axe-core."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import pytest
from celery import Celery
from django.conf import settings as django_settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import override_settings
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from tests.training_files import copy_training_files

# Playwright runs an event loop in this thread, where Django would refuse to touch the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Chromium's engine alone: the windows, tabs and toolbars around its pages take as long as the pages do.
CHROMIUM = "/usr/bin/chromium-headless-shell"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    # WebGL for the map by a processor in software, and for the map alone: pages are painted and put together
    # without it, which takes half as long on a machine that has no graphics card.
    "--use-gl=angle",
    "--use-angle=swiftshader-webgl",
    "--enable-unsafe-swiftshader",
]
AXE = Path(__file__).parents[1] / "fixtures" / "axe-core-4.14.1" / "axe.min.js"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(autouse=True)
def _own_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    """No task leaves the test: what workers do is called where a test wants it."""
    monkeypatch.setattr(Celery, "send_task", lambda *args, **kwargs: None)


@pytest.fixture(autouse=True)
def _training_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidence.services.training.generate", copy_training_files)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    # A map drawn in software on a busy machine takes longer than the usual five seconds.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    """The application as it is served: static files by WhiteNoise, which answers the map's range requests."""
    with (
        override_settings(
            WHITENOISE_USE_FINDERS=True, WHITENOISE_AUTOREFRESH=True, WHITENOISE_MAX_AGE=24 * 3600
        ),
        mock.patch("django.contrib.staticfiles.handlers.StaticFilesHandler", lambda handler: handler),
    ):
        server = LiveServer("localhost")
    yield server
    server.stop()


class _Contexts:
    """Browser contexts that stay for the whole run, so that their caches spare each test a cold start.

    What a test leaves in one (pages, cookies, what pages stored) is taken out before another gets it.
    """

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser, self._url = browser, url
        self._free: dict[str, list[BrowserContext]] = {}
        self._taken: list[tuple[str, BrowserContext]] = []

    def take(self, **options: Any) -> BrowserContext:
        key = repr(sorted(options.items()))
        free = self._free.setdefault(key, [])
        context = free.pop() if free else self._new(options)
        self._taken.append((key, context))
        return context

    def _new(self, options: dict[str, Any]) -> BrowserContext:
        context = self._browser.new_context(base_url=self._url, **options)
        # There from the first, so that half a megabyte is not sent and compiled anew for each look.
        context.add_init_script(path=AXE)
        return context

    def give_back(self) -> None:
        for key, context in self._taken:
            storage = context.new_cdp_session(context.pages[0])
            storage.send("Storage.clearDataForOrigin", {"origin": self._url, "storageTypes": "local_storage"})
            for page in context.pages:
                page.close()
            context.clear_cookies()
            self._free[key].append(context)
        self._taken.clear()


@pytest.fixture(scope="session")
def contexts(browser: Browser, live_server: Any) -> _Contexts:
    return _Contexts(browser, live_server.url)


@pytest.fixture
def page_as(contexts: _Contexts, live_server: Any) -> Iterator[Callable[..., Page]]:
    """`page_as(user)`: a page of that person; None is nobody. Every page is checked when the test ends.

    It fails the test on an error in the console and on any request to another host. A test that provokes an
    answer such as 400 on purpose says so: `page.expected_statuses.add(400)`. Nothing moves by itself unless
    a test asks for it: `reduced_motion="no-preference"`.
    """
    wrong: list[str] = []

    def open_page(user: Any | None, *, width: int = 1440, height: int = 900, **options: Any) -> Page:
        context = contexts.take(**{"reduced_motion": "reduce", **options})
        if user is not None:
            context.add_cookies([_session_cookie(user, live_server.url)])
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.set_default_timeout(15_000)
        _watch(page, live_server.url, wrong)
        return page

    yield open_page
    contexts.give_back()
    assert not wrong, "\n".join(wrong)


def _session_cookie(user: Any, url: str) -> Any:
    """What django.test.Client.force_login does, for a browser."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = django_settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return {"name": django_settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": url}


def _watch(page: Page, url: str, wrong: list[str]) -> None:
    expected: set[int] = set()
    page.expected_statuses = expected  # type: ignore[attr-defined]
    host = urlsplit(url).netloc

    def on_console(message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        if any(f"status of {status}" in message.text for status in expected):
            return
        wrong.append(f"{page.url}: console: {message.text}")

    def on_request(request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme in ("http", "https", "ws", "wss") and asked.netloc != host:
            wrong.append(f"{page.url}: asked a third party: {request.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: script: {error}"))
    page.on("request", on_request)


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """`axe(page)`: the findings of axe-core on the page as it stands, one line each; empty is good."""

    def run(page: Page) -> list[str]:
        result = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{found['id']}: {found['help']}: {node['target']} {node['html'][:160]}"
            for found in result["violations"]
            for node in found["nodes"]
        ]

    return run
