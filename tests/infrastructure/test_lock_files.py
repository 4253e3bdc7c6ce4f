"""The lock files pin everything by hash and name no registry."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock"]


def requirements(name: str) -> dict[str, tuple[str, int]]:
    """Name -> (version, number of hashes) of each pinned distribution."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    found = {}
    for line in lines:
        match = re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;]+)", line)
        assert match, f"not an exact pin: {line[:80]}"
        found[match[1].lower().replace("_", "-")] = (
            match[2],
            len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", line)),
        )
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_every_distribution_is_pinned_with_a_hash(name):
    pinned = requirements(name)
    assert len(pinned) > 40
    assert [distribution for distribution, (_, hashes) in pinned.items() if hashes == 0] == []


@pytest.mark.parametrize("name", LOCKS)
def test_no_address_of_a_registry_or_a_path_stands_in_it(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert (
        re.findall(r"\w+://\S+|--index-url|--extra-index-url|--find-links|--trusted-host| @ |^-e ", text)
        == []
    )


def test_the_test_machine_has_the_same_versions_as_the_running_one():
    run, dev = (requirements(name) for name in LOCKS)
    assert {name: dev.get(name, ("absent", 0))[0] for name in run} == {
        name: pin[0] for name, pin in run.items()
    }


def test_every_direct_dependency_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    run, dev = (requirements(name) for name in LOCKS)

    def names(entries: list[str]) -> set[str]:
        return {re.match(r"[A-Za-z0-9._-]+", entry)[0].lower().replace("_", "-") for entry in entries}

    assert names(project["dependencies"]) <= set(run)
    assert names(project["optional-dependencies"]["dev"]) <= set(dev)


def test_both_extras_of_a_lock_say_how_they_are_made():
    for name in LOCKS:
        assert "#    make lock" in (ROOT / name).read_text(encoding="utf-8").splitlines()[:3]
