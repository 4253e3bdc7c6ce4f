"""Every address, every role, every method, against the written table."""

from __future__ import annotations

from functools import cache

import pytest
from django.urls import reverse

from tests.access.asking import Asking
from tests.access.patterns import Address, addresses
from tests.access.rules import METHODS, ROLES
from tests.access.table import TABLE, Row
from tests.access.world import Values, World

# Only while DEBUG is on, where other tests may have switched it on.
LOCAL_ONLY = {"styleguide"}


@cache
def known_addresses() -> dict[str, Address]:
    return {found.name: found for found in addresses() if found.name not in LOCAL_ONLY}


def path_of(address: Address, row: Row, values: Values, *, code: str = "") -> str:
    """The address filled in with what the row names."""
    if row.path:
        return row.path
    parts = {name: values[row.parts[name]] for name in address.parts if name in row.parts}
    if "code" in address.parts and "code" not in row.parts:
        parts["code"] = code or values["code"]
    return reverse(address.name, kwargs=parts)


def _line_to_add(found: Address) -> str:
    parts = "".join(f', {part}="..."' for part in sorted(found.parts - {"code"}))
    return f'    "{found.name}": row(...{parts}),  # {found.route}'


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    missing = [_line_to_add(found) for name, found in known_addresses().items() if name not in TABLE]
    assert not missing, "Decide who may, and add to tests/access/table.py:\n" + "\n".join(missing)
    left = sorted(set(TABLE) - set(known_addresses()))
    assert not left, f"These rows of tests/access/table.py have no address any more: {left}"


@pytest.mark.parametrize("name", TABLE)
def test_each_role_gets_what_the_table_says(name: str, world: World, asking: Asking) -> None:
    row = TABLE[name]
    path = path_of(known_addresses()[name], row, world.ours)
    wrong = []
    for role in ROLES:
        for method in METHODS:
            expected = row.access.outcome(role, method)
            answer = asking.ask(role, method, path)
            if not answer.is_what(expected):
                wrong.append(f"{role}: {method}: {answer.word}, expected {expected}. {answer.failure}")
            elif answer.is_refusal and answer.rows_touched:
                wrong.append(f"{role}: {method}: refused, and yet {answer.rows_touched} rows were touched")
    assert not wrong, f"{path}\n" + "\n".join(wrong)
