"""`var/env`: the settings of the local servers, written once and closed to everybody else."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from scripts import postgres, redis
from scripts.layout import Layout

HEADER = "# Settings of the private local servers, written by `make`. SECRET_KEY is made once and kept.\n"


def local_settings(layout: Layout, *, secret_key: str) -> dict[str, str]:
    """Every setting that the application needs to run against the private servers of `layout`."""
    return {
        "DEBUG": "true",
        "SECRET_KEY": secret_key,
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "DATABASE_URL": postgres.url(layout),
        "REDIS_URL": redis.cache_url(layout),
        "CELERY_BROKER_URL": redis.broker_url(layout),
        "DATA_DIR": str(layout.home / "data"),
        "MEDIA_ROOT": str(layout.home / "data" / "media"),
        "STATIC_ROOT": str(layout.home / "static"),
    }


def read(path: Path) -> dict[str, str]:
    """KEY='value' lines as a dictionary; an absent file is an empty one."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name: value.strip("'") for name, value in pairs}


def write(layout: Layout) -> dict[str, str]:
    """Write `env` of this layout, keep its SECRET_KEY, and return it."""
    path = layout.home / "env"
    settings = local_settings(layout, secret_key=read(path).get("SECRET_KEY") or secrets.token_urlsafe(50))
    text = HEADER + "".join(f"{name}='{value}'\n" for name, value in settings.items())
    temporary = path.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    temporary.replace(path)
    return settings
