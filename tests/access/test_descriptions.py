"""Both descriptions of the API, taken at their word: whatever fits them is answered, and never by a failure.

schemathesis makes requests out of each description. An editor sends them: to the things of the world that the
access tests share, so that they reach past the first "not found", and to whatever else the parts may be.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok

from tests.access.asking import Answer, Asking
from tests.access.table import TABLE
from tests.access.test_access_table import known_addresses, path_of
from tests.access.world import World

# Each example is one request; the whole of it stays below half a minute.
EXAMPLES = 12
JSON_KINDS = ("application/json", "application/merge-patch+json")


@pytest.fixture(scope="module")
def real_paths(world: World) -> list[str]:
    """Addresses of what there is, as the access table names it."""
    return [path_of(known_addresses()[name], row, world.ours) for name, row in TABLE.items()]


def _operations(asking: Asking, address: str) -> list[Any]:
    described = asking.ask("editor", "GET", address, headers={"Accept": "application/json"})
    assert described.status == 200
    found = list(schemathesis.openapi.from_dict(json.loads(described.text)).get_all_operations())
    broken = [each for each in found if not isinstance(each, Ok)]
    assert broken == []
    return [each.ok() for each in found]


def _real(template: str, real_paths: list[str]) -> str | None:
    """An address of that shape that leads to something."""
    shape = re.compile(re.sub(r"\\\{[^/]*?\\\}", "[^/]+", re.escape(template)))
    return next((path for path in real_paths if shape.fullmatch(path)), None)


def _sent(asking: Asking, case: Any, path: str) -> Answer:
    pairs = [
        (name, part)
        for name, value in (case.query or {}).items()
        for part in (value if isinstance(value, list) else [value])
    ]
    how: dict[str, Any] = {}
    if case.media_type is not None and case.body is not schemathesis.core.NOT_SET:
        how["content_type"] = case.media_type
        is_json = case.media_type in JSON_KINDS
        how["data"] = json.dumps(case.body) if is_json else urlencode({"body": repr(case.body)})
    return asking.ask("editor", case.method, f"{path}?{urlencode(pairs)}" if pairs else path, **how)


def _ask_what_fits(operation: Any, real: str | None, asking: Asking) -> tuple[set[int], list[str]]:
    """The hundreds of the answers that came, and what failed."""
    reached: set[int] = set()
    failed: list[str] = []

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), is_real=st.booleans())
    def asked(case: Any, is_real: bool) -> None:
        path = real if real is not None and is_real else str(case.formatted_path)
        answer = _sent(asking, case, path)
        reached.add(answer.status // 100)
        if answer.status >= 500:
            failed.append(f"{case.method} {path} {case.query} {case.body!r:.300}: {answer.failure}")

    asked()
    return reached, failed


@pytest.mark.parametrize("description", ["/api/v1/schema", "/ogc/api"])
def test_no_request_that_fits_a_description_ends_in_a_failure(
    description: str, asking: Asking, real_paths: list[str]
) -> None:
    operations = _operations(asking, description)
    reached: set[int] = set()
    failed: list[str] = []
    for operation in operations:
        answers, failures = _ask_what_fits(operation, _real(operation.full_path, real_paths), asking)
        reached |= answers
        failed += failures
    assert not failed, "\n".join(failed)
    assert len(operations) > 5
    # Otherwise everything was refused at the door, and this test would find nothing.
    assert {2, 4} <= reached
