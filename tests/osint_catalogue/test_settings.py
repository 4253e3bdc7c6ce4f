"""Settings from the environment: what is missing is named, what is dangerous stays off."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SECRET_KEY": "x" * 60,
    "DATABASE_URL": "postgis://localhost/none",
    "ALLOWED_HOSTS": "catalogue.example.org",
    "CELERY_BROKER_URL": "redis://localhost:6399/0",
    "REDIS_URL": "redis://localhost:6399/1",
}


def run(code, **environment):
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); from django.conf import settings; {code}"],
        env={**clean, "DJANGO_SETTINGS_MODULE": "osint_catalogue.settings", **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("missing", ["SECRET_KEY", "DATABASE_URL"])
def test_a_missing_secret_or_database_stops_the_process_and_is_named(missing):
    environment = {name: value for name, value in PRODUCTION.items() if name != missing}
    result = run("print(settings.SECRET_KEY, settings.DATABASES)", **environment)
    assert result.returncode != 0
    assert missing in result.stderr


def test_demo_sign_ins_cannot_be_switched_on_while_debug_is_off():
    result = run("print(settings.DEMO_SIGN_INS, settings.DEBUG)", **PRODUCTION, DEMO_SIGN_INS="true")
    assert result.stdout.split() == ["False", "False"], result.stderr


def test_production_sends_cookies_over_https_alone_and_asks_browsers_to_stay_there():
    result = run(
        "print(settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT,"
        " settings.SECURE_HSTS_SECONDS >= 31536000)",
        **PRODUCTION,
    )
    assert result.stdout.split() == ["True"] * 4, result.stderr


def test_an_unknown_log_format_is_refused():
    result = run("print(1)", **PRODUCTION, LOG_FORMAT="xml")
    assert result.returncode != 0
    assert "LOG_FORMAT" in result.stderr


@pytest.mark.django_db
def test_every_page_has_a_strict_content_security_policy(client):
    answer = client.get(reverse("account_login"))
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    assert "unsafe-eval" not in answer["Content-Security-Policy"]
    assert policy["script-src"].startswith("'self' 'nonce-")
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    sources = {source for value in policy.values() for source in value.split()}
    assert all(source.startswith(("'", "data:", "blob:")) for source in sources), sources


@pytest.mark.django_db
def test_the_nonce_is_another_one_each_time(client):
    first, second = (client.get(reverse("account_login"))["Content-Security-Policy"] for _ in range(2))
    assert first != second


def test_no_middleware_or_application_of_an_admin_site_is_there():
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
