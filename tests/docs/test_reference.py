"""What the reference pages list is what the code holds."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from evidence import permissions as evidence_permissions
from evidence.platforms import Link, read_link
from geolocation import permissions as geolocation_permissions
from geolocation.checks import registered_checks
from geolocation.checks.base import Verdict
from geolocation.checks.registry import PERMANENT_KEYS
from osint_catalogue.accounts.demo import DEMO_PEOPLE
from tests.docs.documents import ROOT, rows, section, text_of

VENDORED = sorted([*(ROOT / "static" / "vendor").iterdir(), ROOT / "static" / "icons"])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))


def plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def test_every_check_has_its_section_under_its_own_title() -> None:
    headings = re.findall(r"^## `(\w+)`: (.+)$", text_of("docs/checks.md"), re.MULTILINE)
    assert tuple(key for key, _title in headings) == PERMANENT_KEYS
    assert [title for _key, title in headings] == [
        check.title[0].lower() + check.title[1:] for check in registered_checks()
    ]


def test_every_verdict_is_explained() -> None:
    explained = [cells[0] for cells in rows(text_of("docs/checks.md"))]
    assert explained == [verdict.value for verdict in Verdict]


def test_the_table_of_access_holds_every_permission_with_its_role() -> None:
    listed = {cells[0].strip("`"): cells[1] for cells in rows(text_of("docs/access.md"))}
    held = {**evidence_permissions.PERMISSIONS, **geolocation_permissions.PERMISSIONS}
    assert listed == {permission: role.value for permission, role in held.items()}


def test_the_demo_people_are_those_who_can_sign_in() -> None:
    listed = rows(section(text_of("README.md"), "### Who to sign in as"))
    told = {(cells[0].strip("`"), cells[1].strip("`")) for cells in listed}
    assert told == {(person.email, person.password) for person in DEMO_PEOPLE}


def test_the_readme_names_the_packages_that_are_installed() -> None:
    installed = set(re.findall(r"echo ([a-z][a-z0-9-]+)$", text_of("scripts/packages.sh"), re.MULTILINE))
    assert len(installed) >= 4
    assert {package for package in installed if f"`{package}`" not in text_of("README.md")} == set()


@pytest.mark.parametrize("directory", VENDORED, ids=lambda path: path.name)
def test_what_is_vendored_is_listed_with_its_version(directory: Path) -> None:
    package, version = (directory / "VERSION").read_text().split()
    assert (directory / "LICENSE").stat().st_size > 300
    wanted = plain(package.split("/")[-1].removesuffix(".org").removesuffix("-static"))
    listed = [" ".join(cells) for cells in rows(section(text_of("README.md"), "## Licence"))]
    (row,) = [line for line in listed if wanted in plain(line.split("static/")[0])]
    assert version in row


def test_the_changelog_has_the_version_of_the_project() -> None:
    version = tomllib.loads(text_of("pyproject.toml"))["project"]["version"]
    assert re.search(rf"^## {re.escape(version)}\b", text_of("CHANGELOG.md"), re.MULTILINE)


def test_decisions_are_numbered_without_a_gap_and_all_listed() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    listed = rows(text_of("docs/decisions/README.md"))
    titles = [path.read_text(encoding="utf-8").splitlines()[0].split(". ", 1)[1] for path in DECISIONS]
    assert listed == [
        [str(number), f"[{title}]({path.name})"]
        for number, (path, title) in enumerate(zip(DECISIONS, titles, strict=True), start=1)
    ]


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_context_decision_and_consequence_on_one_page(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE) == ["Context", "Decision", "Consequence"]
    assert len(text.split()) < 450


def test_the_time_that_the_readme_reads_out_of_a_link_is_in_it() -> None:
    tour = section(text_of("README.md"), "### Five minutes")
    (link,) = re.findall(r"https://x\.com/\S+?(?=`)", tour)
    read = read_link(link)
    assert isinstance(read, Link)
    assert read.posted_at_utc is not None
    assert f"{read.posted_at_utc:%Y-%m-%d %H:%M:%S} UTC" in tour
