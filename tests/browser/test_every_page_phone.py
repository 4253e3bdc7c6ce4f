"""Every page, on a telephone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.browser.every_page import PHONE_PX, case_and_exercise, faults_of_every_page


def test_every_page_is_whole_accessible_and_operable(
    page_as: Callable[..., Page], transactional_db: None, settings: Any, axe: Any
) -> None:
    settings.DEMO_SIGN_INS = True
    wrong = faults_of_every_page(page_as, case_and_exercise(), axe, width=PHONE_PX)
    assert not wrong, "\n".join(wrong)
