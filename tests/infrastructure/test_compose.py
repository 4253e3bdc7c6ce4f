"""docker-compose.yml describes the parts that `make run` starts, and gives no secret a default."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from scripts.container_health import CHECKS

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "tests/fixtures/compose-spec/compose-spec.json"
APPLICATION = ("web", "worker", "longworker", "beat")
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load(TEXT)


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_the_file_is_valid_under_the_compose_schema(compose, validator):
    assert [error.message for error in validator.iter_errors(compose)] == []


@pytest.mark.parametrize(
    "change",
    [
        {"services": {"web": {"comand": "scripts/web"}}},
        {"services": {"web": {"depends_on": {"redis": {"condition": "service_is_fine"}}}}},
        {"servces": {}},
    ],
)
def test_the_schema_finds_a_mistake(change, validator):
    assert list(validator.iter_errors(change))


def test_the_parts_are_those_of_the_procfile_with_their_servers(compose):
    procfile = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    parts = dict(re.fullmatch(r"(\w+): exec (.+)", line).groups() for line in procfile)

    assert parts == {
        "web": "scripts/web",
        "worker": "scripts/worker quick",
        "longworker": "scripts/worker long",
        "beat": "scripts/beat",
    }
    assert set(compose["services"]) == {*parts, "migrate", "postgis", "redis"}
    for part, command in parts.items():
        assert compose["services"][part]["command"] == command.split()


def test_the_parts_of_the_application_share_the_media_volume(compose):
    for part in APPLICATION:
        assert "media:/data" in compose["services"][part]["volumes"]
    assert set(compose["volumes"]) == {"media", "database", "queue"}


def test_every_part_that_stays_up_has_a_health_check(compose):
    for name, service in compose["services"].items():
        check = service["healthcheck"]
        assert check.get("disable") is (True if name == "migrate" else None), name
        assert name == "migrate" or check["test"][0] == "CMD", name


@pytest.mark.parametrize("part", APPLICATION)
def test_the_health_of_each_part_is_one_that_the_script_knows_for_it(compose, part):
    word = {"worker": "quick", "longworker": "long"}.get(part, part)
    assert compose["services"][part]["healthcheck"]["test"][-2:] == ["scripts.container_health", word]
    assert word in CHECKS


def test_the_application_waits_for_the_migrations_and_they_for_the_database(compose):
    services = compose["services"]
    for part in APPLICATION:
        assert services[part]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert services["migrate"]["depends_on"]["postgis"] == {"condition": "service_healthy"}


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "DATABASE_PASSWORD", "DATABASE_ADMIN_PASSWORD", "ALLOWED_HOSTS", "SITE_URL"]
)
def test_what_must_be_chosen_stops_compose_when_it_is_missing(name):
    assert f"${{{name}:?" in TEXT
    assert f"${{{name}:-" not in TEXT


def test_the_containers_are_not_in_debug_mode(compose):
    for service in compose["services"].values():
        assert "DEBUG" not in service.get("environment", {})


def test_database_and_queue_are_not_published(compose):
    for name in ("postgis", "redis"):
        assert "ports" not in compose["services"][name]
        assert compose["services"][name]["networks"] == ["inside"]
    assert compose["networks"]["inside"] == {"internal": True}
    assert all(port.startswith("127.0.0.1:") for port in compose["services"]["web"]["ports"])


def test_files_that_are_mounted_exist(compose):
    mounted = [v for s in compose["services"].values() for v in s.get("volumes", []) if v.startswith("./")]
    assert mounted
    for volume in mounted:
        assert (ROOT / volume.split(":")[0]).is_file()


def test_the_image_is_built_by_the_steps_of_make_run():
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for step in (
        "scripts/install-packages ",
        "scripts/install-python-packages run",
        "manage.py collectstatic",
    ):
        assert f" {step}" in dockerfile
    assert re.findall(r"^USER (.*)$", dockerfile, re.MULTILINE) == ["catalogue"]


def test_what_the_image_copies_is_there_and_not_ignored():
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copied = [
        name for line in re.findall(r"^COPY (.*) \S+$", dockerfile, re.MULTILINE) for name in line.split()
    ]
    assert "requirements.lock" in copied
    for name in copied:
        assert (ROOT / name).exists(), name
        assert name not in ignored
    assert {".git", "var", ".venv"} <= set(ignored)
