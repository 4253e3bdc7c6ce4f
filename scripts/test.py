"""`make test`: every check there is, against servers of its own that are thrown away afterwards."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from scripts import environment, postgres, services, supervision
from scripts.layout import ROOT, VAR, Layout, SetupError, layout_for
from scripts.locking import Taken, only_one

BIN = ROOT / ".venv/bin"
HOME = VAR / "test"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One check: what it is called, what it runs, and what it changes in the environment."""

    name: str
    command: list[str]
    changes: dict[str, str] = field(default_factory=dict)


# What a production machine would be given; `check --deploy` must have nothing to say about it.
PRODUCTION = {"DEBUG": "false", "ALLOWED_HOSTS": "catalogue.example", "SITE_URL": "https://catalogue.example"}

# Files stay whole, so that what a module sets up once is set up once; and they keep their order, in which
# the long ones of the browser come early, so that no process is left with one of them at the end. One process
# more than there are cores, because a test of the browser waits for half of its time.
PROCESSES = (os.cpu_count() or 1) + 1
SIDE_BY_SIDE = ["-n", str(PROCESSES), "--dist", "loadfile", "--no-loadscope-reorder"]


def steps() -> list[Step]:
    manage = [str(BIN / "python"), "-W", "error::RuntimeWarning", "manage.py"]
    deploy = ["check", "--deploy", "--fail-level", "WARNING"]
    client = [str(BIN / "lint-imports"), "--config", "client/pyproject.toml"]
    production = {**PRODUCTION, "SECRET_KEY": secrets.token_urlsafe(50)}
    return [
        Step(name="Lint", command=[str(BIN / "ruff"), "check"]),
        Step(name="Format", command=[str(BIN / "ruff"), "format", "--check"]),
        Step(name="Types", command=[str(BIN / "mypy")]),
        Step(name="Architecture", command=[str(BIN / "lint-imports")]),
        Step(name="Architecture of the client", command=client, changes={"PYTHONPATH": "client/src"}),
        Step(name="Migrations", command=[*manage, "makemigrations", "--check", "--dry-run"]),
        Step(name="Deployment", command=[*manage, *deploy], changes=production),
        Step(name="Tests", command=[str(BIN / "python"), "-m", "pytest", *SIDE_BY_SIDE]),
    ]


def test_environment(layout: Layout) -> dict[str, str]:
    """A clean environment: the machine's own, without any setting of the application in it."""
    settings = environment.write(layout)
    foreign = ("DJANGO_", "DATABASE_", "EMAIL_", "CELERY_", "REDIS_")
    machine = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return {**machine, **settings, "PYTHONUNBUFFERED": "1"}


def run_step(step: Step, variables: dict[str, str]) -> bool:
    """Run it with its output on ours; whether it succeeded."""
    print(f"\n== {step.name}: {Path(step.command[0]).name} {' '.join(step.command[1:])}", flush=True)
    before = time.monotonic()
    process = supervision.start(step.command, {**variables, **step.changes})
    try:
        succeeded = supervision.wait(process) == 0
    finally:
        supervision.stop(process, patience_s=10)
    if step.name != "Tests":
        print(f"-- {'passed' if succeeded else 'FAILED'} in {time.monotonic() - before:.1f} s", flush=True)
    return succeeded


def run_all(layout: Layout) -> int:
    variables = test_environment(layout)
    supervision.adopt_orphans()
    try:
        failed = [step.name for step in steps() if not run_step(step, variables)]
    finally:
        supervision.ignore_signals()
        supervision.end_descendants()
    if failed:
        print(f"\nFAILED: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


def throw_away(layout: Layout) -> None:
    services.stop(layout)
    for directory in {layout.sockets, layout.data, layout.home}:
        shutil.rmtree(directory, ignore_errors=True)


def main() -> int:
    supervision.stop_on_signals()
    VAR.mkdir(exist_ok=True)
    try:
        with only_one(VAR / "test.lock", note=f"process {os.getpid()}"):
            layout = layout_for(home=HOME, durable=False)
            try:
                # A run that was killed may have left its servers behind.
                throw_away(layout)
                layout = layout_for(home=HOME, durable=False)
                services.start(layout)
                postgres.allow_emptying(layout)
                return run_all(layout)
            finally:
                supervision.ignore_signals()
                throw_away(layout)
    except Taken as holder:
        raise SetupError(f"`make test` is already at work in this checkout ({holder}).") from None
    except supervision.Stopped as signal_name:
        print(f"\nStopped by {signal_name}.", flush=True)
        return 130


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SetupError as error:
        sys.exit(f"\n{error}")
