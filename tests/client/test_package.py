"""The package as somebody installs it, and that it needs nothing of the application."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

CLIENT = Path(__file__).resolve().parents[2] / "client"
PROJECT = tomllib.loads((CLIENT / "pyproject.toml").read_text())
IMPORTED = """
import sys
import catalogue_client, catalogue_client.command.main
ours = {"django", "rest_framework", "osint_catalogue", "geolocation", "evidence"}
extra = {"geopandas", "pandas", "pyogrio", "pyarrow", "shapely"}
print(sorted({name.partition(".")[0] for name in sys.modules} & (ours | extra)))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The folder that it was installed into: without network, by the build backend that is named."""
    pytest.importorskip(
        "setuptools", reason="Python brings none along from 3.12 on, and nothing may be fetched."
    )
    folder = tmp_path_factory.mktemp("installed")
    shutil.copytree(
        CLIENT, folder / "source", ignore=shutil.ignore_patterns("*.egg-info", "build", "__pycache__")
    )
    # What `pip install` has it do, except the wheel around it, whose package may not be there.
    build = [sys.executable, "-W", "ignore", "-c", "import setuptools; setuptools.setup()", "-q", "install"]
    done = subprocess.run(
        [*build, "--single-version-externally-managed", "--record", "record", "--root", folder / "root"],
        cwd=folder / "source",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "root"


def packages(root: Path) -> Path:
    (package,) = root.rglob("catalogue_client")
    return package.parent


def test_everything_of_the_source_is_installed(installed):
    def files(folder: Path) -> set[str]:
        found = (each.relative_to(folder) for each in folder.rglob("*") if each.is_file())
        return {str(each) for each in found if "__pycache__" not in each.parts}

    source = files(CLIENT / "src/catalogue_client")
    assert files(packages(installed) / "catalogue_client") == source
    assert "py.typed" in source


def test_the_command_is_installed_and_helps(installed):
    (command,) = (each for each in installed.rglob("bin/catalogue") if each.is_file())
    done = subprocess.run(
        [sys.executable, str(command), "--help"],
        env={**os.environ, "PYTHONPATH": str(packages(installed))},
        cwd=installed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("usage: catalogue")


def test_it_needs_nothing_of_the_application_and_no_gdal_until_a_frame_is_asked_for(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED],
        env={"PYTHONPATH": str(CLIENT / "src"), "PATH": os.environ["PATH"]},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr


def test_what_it_asks_for_is_among_the_locked_versions():
    from packaging.requirements import Requirement

    locked = dict(
        line.split(" ")[0].split("==")
        for line in (CLIENT.parent / "requirements-dev.lock").read_text().splitlines()
        if "==" in line and not line.startswith((" ", "#"))
    )
    asked = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["geo"]]
    for each in map(Requirement, asked):
        assert each.specifier.contains(locked[each.name]), each


def test_the_licence_is_that_of_the_repository():
    whole = tomllib.loads((CLIENT.parent / "pyproject.toml").read_text())
    assert PROJECT["project"]["license"]["text"] == whole["project"]["license"]
