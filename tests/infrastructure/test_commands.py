"""The commands that people are told to type exist, explain themselves and do what they say."""

from __future__ import annotations

import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
SHEBANGS = (b"#!/bin/sh", b"#!/usr/bin/env bash")
SHELL_SCRIPTS = [
    ROOT / ".ci/run",
    *sorted(
        path
        for path in (ROOT / "scripts").iterdir()
        if path.is_file() and (path.suffix == ".sh" or path.read_bytes().startswith(SHEBANGS))
    ),
]


def targets() -> set[str]:
    return set(re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[1].split())


def test_make_alone_explains_every_target():
    answer = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    explained = dict(line.split(maxsplit=2)[1:] for line in answer.stdout.splitlines())
    assert set(explained) == targets()
    assert all(len(sentence) > 10 for sentence in explained.values())


def test_the_makefile_is_thin():
    recipes = re.findall(r"^\t(.*)$", MAKEFILE, re.MULTILINE)
    scripts = re.compile(r"@(scripts/[a-z-]+|\$\((?:PYTHON_ENV|ANY_PYTHON)\) -m scripts\.[a-z_]+)( [a-z]+)?")
    assert [line for line in recipes if not scripts.fullmatch(line) and not line.startswith("@awk")] == []


@pytest.mark.parametrize("name", sorted(set(re.findall(r"scripts[./]([a-z_-]+)", MAKEFILE))))
def test_every_script_that_the_makefile_calls_exists(name):
    assert (ROOT / "scripts" / name).is_file() or (ROOT / "scripts" / f"{name}.py").is_file()


def test_continuous_integration_calls_the_test_command_and_nothing_else():
    lines = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith(("#", "set ", "cd "))] == [
        "exec make test </dev/null"
    ]


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_documents_name_only_commands_that_exist(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`)make ([a-z][a-z-]*)", text, re.MULTILINE))
    assert {"run", "test"} <= named
    assert named <= targets()


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_documents_name_only_scripts_that_exist(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    for name in set(re.findall(r"\bscripts/[A-Za-z0-9_.-]*[A-Za-z0-9]", text)):
        assert (ROOT / name).exists(), name


@pytest.mark.parametrize("script", SHELL_SCRIPTS, ids=lambda path: path.name)
def test_a_shell_script_is_sound(script):
    text = script.read_text(encoding="utf-8")
    shell = "sh" if text.startswith("#!/bin/sh") else "bash"
    subprocess.run([shell, "-n", str(script)], check=True)
    if text.startswith("#!"):
        assert script.stat().st_mode & stat.S_IXUSR, "not executable"
        assert re.search(r"^set -e", text, re.MULTILINE), "goes on after an error"


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
def test_shellcheck_has_nothing_to_say():
    scripts = [str(script.relative_to(ROOT)) for script in SHELL_SCRIPTS]
    answer = subprocess.run(
        ["shellcheck", "-x", *scripts], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert answer.stdout == ""


def test_no_script_names_a_host_on_the_network():
    # A reserved name (RFC 2606), an XML namespace and this machine are no addresses to go to.
    harmless = {"catalogue.example", "www.w3.org", "localhost", "127.0.0.1"}
    scripts = [*SHELL_SCRIPTS, *(ROOT / "scripts").glob("*.py"), ROOT / "Makefile", ROOT / "Dockerfile"]
    for path in scripts:
        hosts = re.findall(r"https?://([A-Za-z0-9.-]+)", path.read_text(encoding="utf-8"))
        assert set(hosts) <= harmless, path


def test_the_licence_is_apache_2():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
