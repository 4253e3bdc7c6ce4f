"""docs/settings.md lists what the settings and the start scripts read: no more, no less, same defaults."""

from __future__ import annotations

import ast
import re

import pytest

from tests.docs.documents import rows, text_of

SCRIPTS = ("scripts/web", "scripts/worker", "scripts/beat")


def env_calls() -> dict[str, ast.expr | None]:
    """Variable -> its default, of every `env.kind("NAME", default)` in the settings module."""
    found: dict[str, ast.expr | None] = {}
    for node in ast.walk(ast.parse(text_of("osint_catalogue/settings.py"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
            continue
        if not isinstance(node.func.value, ast.Name) or node.func.value.id != "env":
            continue
        variable = node.args[0]
        assert isinstance(variable, ast.Constant)
        found[str(variable.value)] = node.args[1] if len(node.args) > 1 else None
    return found


def script_defaults() -> dict[str, str]:
    return {
        variable: default
        for script in SCRIPTS
        for variable, default in re.findall(r"\$\{([A-Z_]+):-([^}$]*)", text_of(script))
    }


def documented() -> dict[str, str]:
    """Variable -> what its row says of its default."""
    return {
        variable: cells[1]
        for cells in rows(text_of("docs/settings.md"))
        for variable in re.findall(r"`([A-Z_]+)`", cells[0])
    }


def test_the_table_lists_exactly_the_variables_that_are_read() -> None:
    assert set(documented()) == set(env_calls()) | set(script_defaults())


NUMBERS = {
    variable: eval(compile(ast.Expression(default), "settings", "eval"), {})
    for variable, default in env_calls().items()
    if isinstance(default, (ast.BinOp, ast.Constant))
    and not isinstance(getattr(default, "value", 0), (bool, str))
}


@pytest.mark.parametrize("variable", [each for each, number in NUMBERS.items() if number is not None])
def test_a_default_that_is_a_number_stands_in_the_table(variable: str) -> None:
    assert str(NUMBERS[variable]) in re.findall(r"\d+", documented()[variable])


@pytest.mark.parametrize(("variable", "default"), [pair for pair in script_defaults().items() if pair[1]])
def test_a_default_of_a_start_script_stands_in_the_table(variable: str, default: str) -> None:
    assert default in documented()[variable].replace("`", "")


def test_the_variables_that_the_containers_demand_are_named_where_they_are_needed() -> None:
    demanded = set(re.findall(r"\$\{([A-Z_]+):\?", text_of("docker-compose.yml")))
    assert demanded
    for document in ("README.md", "docs/how-to/put-it-on-a-server.md"):
        assert {each for each in demanded if each not in text_of(document)} == set(), document
