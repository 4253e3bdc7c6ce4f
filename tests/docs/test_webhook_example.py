"""The receiver's example takes what the catalogue signs, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from geolocation.webhooks.signature import signature_write
from tests.docs.documents import text_of

BODY = b'{"event": "point.verified"}'


def example() -> Callable[[str, str, bytes], bool]:
    """The function as it stands in the document."""
    code = text_of("docs/how-to/receive-webhooks.md").split("```python\n")[1].split("```")[0]
    names: dict[str, Any] = {}
    exec(code, names)
    found: Callable[[str, str, bytes], bool] = names["is_from_the_catalogue"]
    return found


def test_it_takes_what_was_signed_just_now() -> None:
    header = signature_write("whsec_x", at_s=int(time.time()), body=BODY)
    assert example()("whsec_x", header, BODY)


def test_it_refuses_another_secret_another_body_an_old_message_and_nonsense() -> None:
    now = int(time.time())
    header = signature_write("whsec_x", at_s=now, body=BODY)
    check = example()
    assert not check("whsec_y", header, BODY)
    assert not check("whsec_x", header, BODY + b" ")
    assert not check("whsec_x", signature_write("whsec_x", at_s=now - 400, body=BODY), BODY)
    assert not check("whsec_x", "", BODY)
    assert not check("whsec_x", "t=now,v1=0", BODY)
