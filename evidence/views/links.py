"""Links to pages of apps that stand above this one and may not be there."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse


def page_url(name: str, *args: str) -> str:
    """The address of a page by its name; empty where this installation has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
