"""Commands, files and addresses that a document names exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import get_commands
from django.urls import Resolver404, resolve

from evidence.api.paging import PAGE_NAMES
from geolocation.forms.points import PointFilterForm
from tests.docs.documents import DOCUMENTS, ROOT, code, name, text_of

TARGETS = set(re.findall(r"^([a-z][a-z-]*):", text_of("Makefile"), re.MULTILINE))
# What is made while working, and so is in no checkout.
MADE_LATER = {".venv", "var"}
# Only there while DEBUG is on, and tests run without it.
LOCAL_ONLY = {"/styleguide/"}
LOCAL_SITE = "http://localhost:8000"
# A document may name a resource by the end of its address, after naming the beginning once.
BEGINNINGS = (
    "",
    "/api/v1",
    "/api/v1/investigations/NK23",
    "/api/v1/investigations/NK23/geolocations/G01",
)
EVERY_DOCUMENT = pytest.mark.parametrize("path", DOCUMENTS, ids=name)


def words(path: Path) -> Iterator[str]:
    for piece in code(path.read_text(encoding="utf-8")):
        for word in piece.split():
            yield word.strip("'\"(),;:")


def addresses(path: Path) -> Iterator[str]:
    for word in words(path):
        if word.startswith(LOCAL_SITE):
            yield word.removeprefix(LOCAL_SITE) or "/"
        elif re.fullmatch(r"/[a-z].*", word):
            yield word


@EVERY_DOCUMENT
def test_a_make_target_that_is_named_exists(path: Path) -> None:
    named = {
        target
        for piece in code(path.read_text(encoding="utf-8"))
        for target in re.findall(r"\bmake ([a-z][a-z-]*)", piece)
    }
    assert named <= TARGETS


@EVERY_DOCUMENT
def test_a_management_command_that_is_named_exists(path: Path) -> None:
    named = {
        command
        for piece in code(path.read_text(encoding="utf-8"))
        for command in re.findall(r"manage\.py ([a-z][a-z_]*)", piece)
    }
    assert named <= set(get_commands())


@EVERY_DOCUMENT
def test_a_file_that_is_named_exists(path: Path) -> None:
    top = {entry.name for entry in ROOT.iterdir() if not entry.name.startswith(".git")} - MADE_LATER
    missing = [
        word
        for word in words(path)
        if (word.split("/")[0] in top and "/" in word and re.fullmatch(r"[\w./*-]+", word))
        and not list(ROOT.glob(word))
    ]
    assert missing == []


def test_the_files_in_the_root_that_documents_name_exist() -> None:
    named = {
        word
        for path in DOCUMENTS
        for word in words(path)
        if re.fullmatch(r"[\w-]+\.(?:toml|lock|yml|md)|LICENSE|Makefile|Dockerfile|Procfile", word)
    }
    assert {each for each in named if not list(ROOT.rglob(each))} == set()
    assert {"pyproject.toml", "requirements.lock"} <= named


@EVERY_DOCUMENT
def test_an_address_that_is_named_leads_somewhere(path: Path) -> None:
    assert [address for address in addresses(path) if not _leads_somewhere(address)] == []


@EVERY_DOCUMENT
def test_a_filter_in_an_address_is_one_that_is_known(path: Path) -> None:
    known = {*PointFilterForm.base_fields, *PAGE_NAMES}
    for address in addresses(path):
        assert set(parse_qs(urlsplit(address).query)) <= known, address


def _leads_somewhere(address: str) -> bool:
    wanted = urlsplit(address).path.replace("CODE", "NK23")
    wanted = wanted.replace("{id}", "00000000-0000-0000-0000-000000000000")
    if wanted in LOCAL_ONLY:
        return "styleguide/" in text_of("osint_catalogue/urls.py")
    return any(_resolves(beginning + wanted) for beginning in BEGINNINGS)


def _resolves(address: str) -> bool:
    try:
        resolve(address)
    except Resolver404:
        return False
    return True


def test_the_tree_in_the_readme_is_the_true_one() -> None:
    tree = next(
        block for block in re.findall(r"^```\n(.*?)^```", text_of("README.md"), re.M | re.S) if "->" in block
    )
    missing, room = [], ""
    for line in tree.splitlines():
        names = [each.rstrip("*") for each in re.match(r"\s*((?:\S+ )*\S*)", line)[1].split()]  # type: ignore[index]
        names = [each for each in names if re.fullmatch(r"[\w.]+(?:/|\.py)", each)]
        if not line.startswith(" "):
            room = names[0] if names else ""
        missing += [
            each for each in names if not (ROOT / (room if line.startswith(" ") else "") / each).exists()
        ]
    assert missing == []
    assert "sandbox.py" in tree
