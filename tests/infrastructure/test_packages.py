"""What counts as missing on a Debian machine, and what is said to somebody who may not install it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("bash", "basename", "dirname", "find", "id", "cat", "grep", "sed", "env")


@pytest.fixture
def bare_machine(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine on which only the shell's own tools are installed."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for tool in TOOLS:
        (programs / tool).symlink_to(shutil.which(tool))
    return {
        "PATH": str(programs),
        "PYTHON": str(tmp_path / "no-python"),
        "POSTGRESQL_SHARE": str(tmp_path / "share"),
        "POSTGRESQL_LIB": str(tmp_path / "lib"),
        "FONTS": str(tmp_path / "fonts"),
    }


def missing(environment: dict[str, str], purpose: str) -> list[str]:
    answer = subprocess.run(
        ["bash", "-c", f". scripts/packages.sh; missing_packages {purpose}"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.stderr == ""
    return answer.stdout.split()


def install_postgis(environment: dict[str, str], version: str) -> None:
    control = Path(environment["POSTGRESQL_SHARE"], version, "extension", "postgis.control")
    control.parent.mkdir(parents=True)
    control.touch()
    add_program(Path(environment["POSTGRESQL_LIB"], version, "bin", "initdb"), "exit 0")


def add_program(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def test_a_bare_machine_lacks_everything_that_run_needs(bare_machine):
    assert missing(bare_machine, "run") == ["postgresql-postgis", "redis-server", "python3-venv"]


def test_the_tests_need_a_browser_another_reader_and_fonts_besides(bare_machine):
    assert missing(bare_machine, "test")[3:] == [
        "chromium-headless-shell",
        "libimage-exiftool-perl",
        "fonts-noto-core",
    ]


@pytest.mark.parametrize("version", ["13", "15", "17"])
def test_any_version_of_postgis_will_do(bare_machine, version):
    install_postgis(bare_machine, version)
    assert "postgresql-postgis" not in missing(bare_machine, "run")


def test_postgis_without_its_server_is_still_missing(bare_machine):
    install_postgis(bare_machine, "15")
    Path(bare_machine["POSTGRESQL_LIB"], "15/bin/initdb").unlink()
    assert "postgresql-postgis" in missing(bare_machine, "run")


def test_a_python_that_is_too_old_does_not_count(bare_machine):
    # It answers the question for its version as Python 3.10 would.
    add_program(Path(bare_machine["PATH"], "python3"), "exit 1")
    assert "python3-venv" in missing(bare_machine, "run")
    add_program(Path(bare_machine["PATH"], "python3.12"), "exit 0")
    assert "python3-venv" not in missing(bare_machine, "run")


def test_nothing_is_missing_on_a_complete_machine(bare_machine):
    install_postgis(bare_machine, "15")
    for program in ("redis-server", "python3", "chromium-headless-shell", "exiftool"):
        add_program(Path(bare_machine["PATH"], program), "exit 0")
    font = Path(bare_machine["FONTS"], "truetype/noto/NotoSansArmenian-Regular.ttf")
    font.parent.mkdir(parents=True)
    font.touch()
    assert missing(bare_machine, "test") == []


def test_without_sudo_the_exact_line_is_printed_and_nothing_is_installed(bare_machine):
    add_program(Path(bare_machine["PATH"], "redis-server"), "exit 0")
    (Path(bare_machine["PATH"]) / "id").unlink()
    add_program(Path(bare_machine["PATH"], "id"), "echo 1000")
    answer = subprocess.run(
        ["bash", "scripts/setup", "run"],
        cwd=ROOT,
        env=bare_machine,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    line = "apt-get update && apt-get install --yes --no-install-recommends postgresql-postgis python3-venv"
    assert f"\n    {line}\n" in answer.stderr


def test_with_sudo_the_packages_are_installed_through_it(bare_machine, tmp_path):
    programs = Path(bare_machine["PATH"])
    (programs / "id").unlink()
    add_program(programs / "id", "echo 1000")
    add_program(programs / "sudo", f'[ "$1" = -n ] && exit 0; echo "$@" >>{tmp_path}/sudo.log')
    answer = subprocess.run(
        ["bash", "scripts/setup", "run"],
        cwd=ROOT,
        env=bare_machine,
        capture_output=True,
        text=True,
        check=False,
    )
    asked = (tmp_path / "sudo.log").read_text(encoding="utf-8")
    assert asked == "scripts/install-packages postgresql-postgis redis-server python3-venv\n"
    # This sudo installed nothing, and that is noticed.
    assert answer.returncode == 1
    assert "Still missing after the installation: postgresql-postgis" in answer.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may place the policy file")
def test_while_packages_are_installed_no_service_starts_and_no_cluster_is_made(tmp_path):
    recorded = tmp_path / "seen"
    programs = tmp_path / "bin"
    look = (
        'cat /usr/sbin/policy-rc.d; grep -rh main_cluster /etc/postgresql-common/createcluster.d; echo "$@"'
    )
    add_program(programs / "apt-get", f"({look}) >>{recorded}")
    before = sorted(Path("/usr/sbin").glob("policy-rc.d"))
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
    subprocess.run(["scripts/install-packages", "some-package"], cwd=ROOT, env=environment, check=True)
    seen = recorded.read_text(encoding="utf-8")
    assert "exit 101" in seen
    assert "create_main_cluster = false" in seen
    assert "some-package" in seen
    assert sorted(Path("/usr/sbin").glob("policy-rc.d")) == before
    assert not Path("/etc/postgresql-common/createcluster.d/zz-no-main-cluster.conf").exists()
