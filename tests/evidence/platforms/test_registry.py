"""The registry: permanent keys, and hosts that belong to exactly one platform."""

from dataclasses import replace
from typing import get_args

import pytest

from evidence.platforms.base import Platform
from evidence.platforms.registry import FAMILIES, by_domain, family_of


def test_every_platform_but_the_open_web_has_its_family() -> None:
    assert {family.key for family in FAMILIES} == set(get_args(Platform)) - {"web"}


def test_a_key_or_a_domain_cannot_be_taken_twice() -> None:
    first, second = FAMILIES[:2]
    with pytest.raises(ValueError, match="is taken"):
        by_domain([first, replace(second, key=first.key)])
    with pytest.raises(ValueError, match="belongs to"):
        by_domain([first, replace(second, domains=first.domains)])


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("x.com", "twitter"),
        ("mobile.twitter.com", "twitter"),
        ("vm.tiktok.com", "tiktok"),
        ("web.archive.org", "archive"),
        ("nottwitter.com", None),
        ("twitter.com.example.org", None),
        ("com", None),
        ("localhost", None),
    ],
)
def test_a_host_belongs_to_the_platform_of_its_domain(host: str, key: str | None) -> None:
    family = family_of(host)
    assert (family.key if family else None) == key


def test_every_renamed_host_lies_in_the_family_and_is_renamed_only_once() -> None:
    for family in FAMILIES:
        for host, canonical in family.hosts.items():
            assert family_of(canonical) is family, host
            assert family.hosts.get(canonical, canonical) == canonical
