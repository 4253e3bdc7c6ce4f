"""Every component in a real Chromium, under the strict policy: accessible, wide and narrow, light and dark.

The page and the files are handed to the browser by the test itself: no server, no database.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from playwright.sync_api import Browser, Page, Route

from osint_catalogue.styleguide import styleguide_context
from tests.browser.conftest import CHROMIUM

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "http://catalogue.test/"
NONCE = "only-for-this-test"
POLICY = (
    f"default-src 'none'; script-src 'self' 'nonce-{NONCE}'; style-src 'self'; img-src 'self' data: blob:; "
    "worker-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"
)
WITHOUT_WEBGL = [
    "--no-sandbox",
    "--no-first-run",
    "--no-pings",
    "--disable-gpu",
    "--disable-3d-apis",
    "--disable-software-rasterizer",
]
AXE = (ROOT / "tests" / "fixtures" / "axe-core-4.14.1" / "axe.min.js").read_text(encoding="utf-8")
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def html(plain_file_names: None) -> str:
    """The style guide as a signed-in person gets it."""
    request = RequestFactory().get("/styleguide/")
    request.user = SimpleNamespace(
        is_authenticated=True, get_full_name=lambda: "Anahit Quliyeva", get_username=lambda: "anahit"
    )
    request.csp_nonce = NONCE
    return render_to_string("styleguide.html", {**styleguide_context(), "user": request.user}, request)


@pytest.fixture(scope="module")
def plain_file_names() -> Iterator[None]:
    """Static files under their own names: nothing has been collected here."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    storages = {**settings.STORAGES, "staticfiles": plain}
    with override_settings(STORAGES=storages):
        yield


@pytest.fixture(autouse=True)
def closed_afterwards(browser: Browser) -> Iterator[None]:
    """A page left open would go on drawing its maps."""
    yield
    for context in browser.contexts:
        context.close()


def _send(route: Route, file: Path) -> None:
    content = file.read_bytes()
    kind = "text/javascript" if file.suffix == ".mjs" else mimetypes.guess_type(file.name)[0]
    wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", route.request.headers.get("range", ""))
    if wanted:
        content = content[int(wanted[1]) : int(wanted[2]) + 1]
    route.fulfill(
        body=content, status=206 if wanted else 200, content_type=kind or "application/octet-stream"
    )


def _serve(html: str, refused: list[str]) -> Callable[[Route], None]:
    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS)
        if path.startswith("static/"):
            _send(route, ROOT / path)
        elif path == "":
            headers = {"Content-Security-Policy": POLICY}
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=headers)
        else:
            refused.append(path)
            route.fulfill(status=404)

    return answer


def _open(
    browser: Browser, html: str, viewport: dict[str, int], scheme: str = "light", *, with_maps: bool = False
) -> tuple[Page, list[str]]:
    page = browser.new_context(viewport=viewport, color_scheme=scheme).new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.route("**/*", _serve(html, complaints))
    if not with_maps:
        page.route("**/maplibre-gl.mjs", lambda route: route.abort())
    page.goto(ADDRESS)
    page.wait_for_function("() => document.querySelectorAll('.split__tabs, .drawing').length > 3")
    return page, complaints


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_and_nothing_leaves_the_window(
    browser: Browser, html: str, viewport: dict[str, int], scheme: str
) -> None:
    page, complaints = _open(browser, html, viewport, scheme, with_maps=True)
    page.wait_for_function("() => document.querySelectorAll('.maplibregl-canvas').length > 0", timeout=60_000)
    page.evaluate(AXE)
    found = page.evaluate(
        "async () => (await axe.run(document)).violations.map((v) => [v.id, v.nodes[0].html])"
    )
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    assert complaints == []


def test_a_theme_that_was_chosen_is_kept_for_the_server(browser: Browser, html: str) -> None:
    page, _ = _open(browser, html, WIDE)
    page.locator("[data-theme-menu] summary").click()
    page.locator("[data-theme-choice=dark]").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert {cookie["name"]: cookie["value"] for cookie in page.context.cookies()} == {"theme": "dark"}


def test_panes_are_tabs_on_a_narrow_screen_and_none_is_lost(browser: Browser, html: str) -> None:
    page, _ = _open(browser, html, NARROW)
    tabs, panes = page.locator(".split__tabs .tab"), page.locator(".split__pane")
    assert tabs.all_inner_texts() == ["Evidence", "Map", "Reasoning"]
    for index in range(3):
        tabs.nth(index).click()
        assert [pane.is_visible() for pane in panes.all()] == [at == index for at in range(3)]


def test_the_divider_moves_by_keyboard_and_is_remembered(browser: Browser, html: str) -> None:
    page, _ = _open(browser, html, WIDE)
    divider = page.locator(".split__divider")
    divider.press("ArrowRight")
    assert divider.get_attribute("aria-valuenow") == "36"
    page.reload()
    page.wait_for_function("() => document.querySelector('.split__divider')")
    assert divider.get_attribute("aria-valuenow") == "36"


def test_sensitive_media_stay_blurred_until_asked_for(browser: Browser, html: str) -> None:
    page, _ = _open(browser, html, WIDE)
    blur = "() => getComputedStyle(document.querySelector('[data-sensitive] img')).filter"
    assert "blur" in page.evaluate(blur)
    page.locator(".sensitive__cover").click()
    assert page.evaluate(blur) == "none"


def test_a_map_without_webgl_says_why_and_shows_its_table(browser: Browser, html: str) -> None:
    plain = browser.browser_type.launch(executable_path=CHROMIUM, args=WITHOUT_WEBGL)
    page, _ = _open(plain, html, WIDE, with_maps=True)
    page.wait_for_function("() => document.querySelectorAll('.map__unavailable').length === 2")
    assert "no WebGL" in page.locator(".map__unavailable").first.inner_text()
    assert page.locator("#styleguide-points").is_visible()
    plain.close()
