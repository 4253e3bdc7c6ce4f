"""What would only show when it is too late: settings that work until the first upload or the first queue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.files.storage import storages

from evidence.storage import ContentAddressedStorage


@register(Tags.files)
def originals_are_content_addressed(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Originals must never be overwritten; another storage class would."""
    if isinstance(storages["default"], ContentAddressedStorage):
        return []
    return [
        Error(
            "The default storage is not content-addressed.",
            hint="Set STORAGES['default'] to evidence.storage.ContentAddressedStorage or a subclass of it.",
            id="catalogue.E001",
        )
    ]


@register(Tags.security, deploy=True)
def there_is_a_queue(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Without a broker uploads are kept but never read."""
    if settings.CELERY_BROKER_URL:
        return []
    return [
        Warning(
            "CELERY_BROKER_URL is not set: uploads are kept, but nothing reads or checks them.",
            hint="Give the address of a Redis server, for example redis://localhost:6379/0.",
            id="catalogue.W001",
        )
    ]


@register(Tags.security, deploy=True)
def there_are_no_demo_sign_ins(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Demo passwords are printed in the source; they must not work on a server."""
    if not settings.DEMO_SIGN_INS:
        return []
    return [Error("Demo sign-ins are switched on.", hint="Switch DEBUG off.", id="catalogue.E002")]


@register(Tags.files)
def the_trust_list_can_be_read(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A list that is set and not there would make every reading of credentials fail."""
    name = settings.CREDENTIALS_TRUST_LIST
    if not name:
        return []
    try:
        is_certificates = "-----BEGIN CERTIFICATE-----" in Path(name).read_text("ascii")
    except (OSError, UnicodeDecodeError):
        is_certificates = False
    if is_certificates:
        return []
    return [
        Error(
            "CREDENTIALS_TRUST_LIST names a file that holds no certificates or cannot be read.",
            hint="Give the path of a file of root certificates in PEM, or leave the setting out.",
            id="catalogue.E003",
        )
    ]
