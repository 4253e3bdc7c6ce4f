"""`make run`: the whole application on this machine, until Ctrl-C."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from scripts import environment, services, supervision
from scripts.layout import ROOT, VAR, Layout, SetupError, layout_for
from scripts.locking import Taken, only_one

DEFAULT_PORT = 8000
SECONDS_TO_BE_READY = 120
# A proxy of the machine's must not be asked for our own address.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
# What somebody may choose for one run; the servers' addresses are always those of this checkout.
CHOICES = (
    "DEBUG",
    "HOST",
    "LOG_FORMAT",
    "LOG_LEVEL",
    "WEB_WORKERS",
    "WEB_THREADS",
    "WORKER_CONCURRENCY",
    "LONG_WORKER_CONCURRENCY",
)


def chosen_port() -> int:
    text = os.environ.get("PORT", str(DEFAULT_PORT))
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise SetupError(f"PORT={text} is not a port number.")
    port = int(text)
    with socket.socket() as probe:
        # As the web server does, so that a port on which connections are still closing counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((os.environ.get("HOST", "127.0.0.1"), port))
        except OSError as error:
            raise SetupError(
                f"Port {port} cannot be used ({error.strerror}). Choose another one: make run PORT={port + 1}"
            ) from error
    return port


def process_environment(settings: dict[str, str], port: int) -> dict[str, str]:
    """Our environment with the local settings over it, and the person's choices over those."""
    chosen = {name: os.environ[name] for name in CHOICES if name in os.environ}
    own = {"PORT": str(port), "SITE_URL": f"http://localhost:{port}", "PYTHONUNBUFFERED": "1"}
    return {**os.environ, **settings, **own, **chosen}


def manage(variables: dict[str, str], *arguments: str) -> None:
    command = [str(ROOT / ".venv/bin/python"), "manage.py", *arguments]
    if (
        subprocess.run(command, env=variables, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode
        != 0
    ):
        raise SetupError(f"`manage.py {' '.join(arguments)}` failed; its message is above.")


def prepare(variables: dict[str, str]) -> None:
    """Bring the database, the demonstration data and the static files up to date; all of it is repeatable."""
    Path(variables["MEDIA_ROOT"]).mkdir(parents=True, exist_ok=True)
    print("Bringing the database up to date", flush=True)
    # Queuing the first readings is news of the application, not of its set-up.
    variables = {"LOG_LEVEL": "WARNING", **variables}
    manage(variables, "migrate", "--no-input", "--verbosity", "0")
    manage(variables, "setup_local")
    # Files of an earlier version know nothing of the readers that came since.
    manage(variables, "request_readings")
    manage(variables, "collectstatic", "--no-input", "--verbosity", "0")


def readiness(port: int) -> tuple[bool, str]:
    """Whether /readyz is content, and what it says when it is not."""
    try:
        with DIRECT.open(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return answer.status == 200, ""
    except urllib.error.HTTPError as error:
        return False, error.read(2000).decode(errors="replace")
    except OSError as error:
        return False, str(error)


def wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_BE_READY
    while process.poll() is None:
        ready, complaint = readiness(port)
        if ready:
            return
        if time.monotonic() > deadline:
            raise SetupError(f"Not ready after {SECONDS_TO_BE_READY} seconds: {complaint}")
        time.sleep(0.3)


def serve(layout: Layout, port: int) -> None:
    """Run web, both workers and beat until one of them ends or somebody stops us."""
    variables = process_environment(environment.write(layout), port)
    prepare(variables)
    supervision.adopt_orphans()
    # Without /dev/null honcho would read a stray .env file over these settings.
    honcho = [
        str(ROOT / ".venv/bin/honcho"),
        "--env",
        "/dev/null",
        "start",
        "--procfile",
        str(ROOT / "Procfile"),
    ]
    process = supervision.start(honcho, variables)
    try:
        wait_until_ready(process, port)
        if process.poll() is None:
            print(f"\nThe catalogue is ready: http://localhost:{port}\n", flush=True)
            manage(variables, "setup_local", "--print-sign-ins")
            print("\nCtrl-C stops all of it; the data stay in var/.\n", flush=True)
        supervision.wait(process)
        raise SetupError("Web, a worker or beat ended by itself (see above), so all of them were stopped.")
    finally:
        supervision.ignore_signals()
        supervision.stop(process, patience_s=20)
        supervision.end_descendants()


def main() -> int:
    supervision.stop_on_signals()
    layout = layout_for(home=VAR, durable=True)
    try:
        with only_one(VAR / "run.lock", note=f"process {os.getpid()}"):
            port = chosen_port()
            try:
                services.start(layout)
                serve(layout, port)
            finally:
                supervision.ignore_signals()
                services.stop_unless_kept(layout)
    except Taken as holder:
        raise SetupError(f"`make run` is already at work in this checkout ({holder}).") from None
    except supervision.Stopped:
        print("\nStopped.", flush=True)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SetupError as error:
        sys.exit(f"\n{error}")
