"""Health of one container: `python -m scripts.container_health web|quick|long|beat` exits 0 if it is well."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from functools import partial
from pathlib import Path

from scripts.layout import ROOT

# Beat writes its schedule down every three minutes.
BEAT_SILENCE_S = 600


def web_is_well() -> bool:
    """Whether /healthz answers 200; asked under a host name that the site accepts."""
    address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/healthz"
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].lstrip(".*") or "localhost"
    request = urllib.request.Request(address, headers={"Host": host})
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(request, timeout=8) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def worker_is_well(lane: str) -> bool:
    """Whether the worker of this container, started as `scripts/worker LANE`, answers through the broker."""
    celery = [
        str(ROOT / ".venv/bin/celery"),
        "--app",
        "osint_catalogue",
        "inspect",
        "ping",
        "--timeout",
        "10",
    ]
    ping = [*celery, "--destination", f"{lane}@{socket.gethostname()}"]
    return subprocess.run(ping, cwd=ROOT, check=False, capture_output=True).returncode == 0


def beat_is_well() -> bool:
    """Whether beat wrote its schedule down lately."""
    schedule = Path(
        os.environ.get("BEAT_SCHEDULE") or f"{os.environ.get('DATA_DIR', 'var/data')}/beat-schedule"
    )
    # The shelve module's file has a suffix with some databases and none with others.
    written = [path.stat().st_mtime for path in schedule.parent.glob(f"{schedule.name}*")]
    return bool(written) and time.time() - max(written) < BEAT_SILENCE_S


CHECKS = {
    "web": web_is_well,
    "quick": partial(worker_is_well, "quick"),
    "long": partial(worker_is_well, "long"),
    "beat": beat_is_well,
}

if __name__ == "__main__":
    sys.exit(0 if CHECKS[sys.argv[1]]() else 1)
