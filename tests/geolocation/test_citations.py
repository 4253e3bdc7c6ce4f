"""Citations for programs: what a bibliography reads out of them."""

import json
import re
from datetime import UTC, datetime

from geolocation.citations import Cited, bibtex, csl_json


def cited(**changes) -> Cited:
    values = {
        "publisher": "Desk & Archive",
        "title": "Smoke over quay_3: 100% {sure}",
        "investigation": "NK23",
        "reference": "M01",
        "revision": 2,
        "latitude": 39.821232,
        "longitude": 46.758423,
        "uncertainty_m": 15.0,
        "verified_at_utc": datetime(2026, 3, 4, 23, 30, tzinfo=UTC),
        "verified_by": ("Rui Reviewer",),
        "attribution": "The team",
        "licence": "CC BY 4.0",
        "address": "https://example.org/points/5/revisions/2/",
        **changes,
    }
    return Cited(**values)


def test_bibtex_escapes_what_tex_takes_for_commands():
    entry = bibtex(cited())
    assert entry.startswith("@misc{NK23-M01-r2,\n")
    assert r"title = {{Smoke over quay\_3: 100\% \{sure\}}}," in entry
    assert r"author = {{Desk \& Archive}}," in entry
    assert "url = {https://example.org/points/5/revisions/2/}," in entry
    assert re.findall(r"(year|month|day) = \{(\d+)\}", entry) == [
        ("year", "2026"),
        ("month", "3"),
        ("day", "4"),
    ]
    assert entry.replace(r"\{", "").replace(r"\}", "").count("{") == entry.replace(r"\{", "").replace(
        r"\}", ""
    ).count("}")


def test_bibtex_keeps_a_title_of_several_lines_in_one():
    assert "title = {{Smoke over the quay}}" in bibtex(cited(title="Smoke over\n the quay"))


def test_csl_json_is_one_data_set_with_its_day_version_and_address():
    (item,) = json.loads(csl_json(cited()))
    assert (item["type"], item["version"], item["issued"]) == ("dataset", "2", {"date-parts": [[2026, 3, 4]]})
    assert item["title"] == "Smoke over quay_3: 100% {sure}"
    assert item["URL"] == "https://example.org/points/5/revisions/2/"
    assert "39.821232, 46.758423 (WGS 84, ± 15 m)" in item["note"]
    assert "licence: CC BY 4.0" in item["note"]


def test_without_attribution_and_licence_the_note_names_neither():
    (item,) = json.loads(csl_json(cited(attribution="", licence="")))
    assert "licence" not in item["note"]
    assert "attribution" not in item["note"]
