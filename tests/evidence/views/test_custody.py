"""The custody log's page, its verification, and the download that others can verify."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from evidence.models import CustodyEvent
from evidence.services.media import MediaDetails, media_create
from evidence.views import custody
from evidence.views.custody_lines import custody_lines

URL = "/TEST1/custody/"
DOCUMENT = Path(__file__).parents[3] / "docs" / "custody.md"


@pytest.fixture
def signed_in(client: Client, investigation: Any, viewer: Any) -> Client:
    client.force_login(viewer)
    return client


def _sequences(response: Any) -> list[int]:
    return [line.event.sequence for line in response.context["lines"]]


def test_events_read_as_sentences_newest_first(
    signed_in: Client, investigation: Any, media_item: Any
) -> None:
    response = signed_in.get(URL)
    assert _sequences(response) == [5, 4, 3, 2, 1]
    text = re.sub(r"<[^>]+>", "", response.content.decode())
    assert "Ines Investigator logged M01: Smoke over the quay" in text
    assert "Edda Editor added as a member Vera Viewer: viewer" in text
    assert "Edda Editor opened the investigation TEST1: Harbour fire" in text


def test_the_object_of_a_sentence_is_a_link(investigation: Any, media_item: Any) -> None:
    events = CustodyEvent.objects.filter(investigation=investigation, object_type="media")
    assert custody_lines(investigation, events)[0].object_url == "/TEST1/media/M01/"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"actor": "Ines Investigator"}, [5]),
        ({"action": "member.added"}, [4, 3, 2]),
        ({"object": "m01"}, [5]),
        ({"object": "no such thing"}, []),
        ({"actor": "Nobody known"}, [5, 4, 3, 2, 1]),
        ({"object": "\x00"}, [5, 4, 3, 2, 1]),
    ],
)
def test_filters_narrow_and_unknown_values_filter_nothing(
    signed_in: Client, media_item: Any, query: dict[str, str], expected: list[int]
) -> None:
    assert _sequences(signed_in.get(URL, query)) == expected


def test_pages_by_key_go_there_and_back(
    signed_in: Client, investigation: Any, investigator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(custody, "ROWS", 4)
    for n in range(5):
        media_create(actor=investigator, investigation=investigation, details=MediaDetails(title=f"Item {n}"))
    first = signed_in.get(URL)
    assert (_sequences(first), first.context["newer"]) == ([9, 8, 7, 6], None)
    second = signed_in.get(URL, {"before": first.context["older"]})
    assert _sequences(second) == [5, 4, 3, 2]
    third = signed_in.get(URL, {"before": second.context["older"]})
    assert (_sequences(third), third.context["older"]) == ([1], None)
    back = signed_in.get(URL, {"after": third.context["newer"]})
    assert _sequences(back) == [5, 4, 3, 2]
    assert _sequences(signed_in.get(URL, {"after": back.context["newer"]})) == [9, 8, 7, 6]


@pytest.mark.parametrize("key", ["-1", "9" * 40, "٣", "x"])
def test_a_key_that_is_none_shows_the_newest(signed_in: Client, key: str) -> None:
    assert _sequences(signed_in.get(URL, {"before": key})) == [4, 3, 2, 1]


def test_verifying_says_how_long_the_chain_is_and_its_last_hash(
    signed_in: Client, investigation: Any
) -> None:
    head = CustodyEvent.objects.filter(investigation=investigation).order_by("-sequence")[0].hash
    page = signed_in.get(URL, {"verify": "1"}).content.decode()
    assert "The chain holds: all 4 events" in page
    assert head in page


def test_a_hash_that_was_kept_is_found_or_missed(signed_in: Client, investigation: Any) -> None:
    kept = CustodyEvent.objects.get(investigation=investigation, sequence=2).hash
    found = signed_in.get(URL, {"verify": "1", "kept": f" {kept.upper()}\n"}).content.decode()
    assert "The hash you kept is that of event 2" in found
    missed = signed_in.get(URL, {"verify": "1", "kept": "f" * 64}).content.decode()
    assert "No event has the hash you kept" in missed


def _tamper(investigation: Any) -> None:
    """What somebody with the database's own powers would do."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE evidence_custodyevent SET canonical = replace(canonical, 'Vera', 'Nora') "
            "WHERE investigation_id = %s AND sequence = 4",
            [investigation.pk],
        )
        assert cursor.rowcount == 1
        cursor.execute("SET session_replication_role = DEFAULT")


def test_a_changed_event_is_named(signed_in: Client, investigation: Any) -> None:
    _tamper(investigation)
    page = signed_in.get(URL, {"verify": "1"}).content.decode()
    assert "The chain is broken after 3 events" in page
    assert "Event 4 was changed after it was written" in page


def _download(client: Client, folder: Path) -> Path:
    response: Any = client.get(URL + "download/")
    assert response["Content-Disposition"].startswith('attachment; filename="TEST1-custody-')
    path = folder / "log.jsonl"
    path.write_bytes(b"".join(response.streaming_content))
    return path


def _verify_as_documented(log: Path) -> subprocess.CompletedProcess[str]:
    block = re.search(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    assert block is not None
    script = log.with_name("verify.py")
    script.write_text(block[1])
    # -I -S: neither this project nor any installed package can help.
    return subprocess.run(
        [sys.executable, "-I", "-S", script, log], capture_output=True, text=True, check=False
    )


def test_the_download_verifies_with_the_documented_lines_alone(
    signed_in: Client, investigation: Any, investigator: Any, tmp_path: Path
) -> None:
    media_create(
        actor=investigator,
        investigation=investigation,
        details=MediaDetails(title="Ստեփանակերտ\u2028Xankəndi"),
    )
    log = _download(signed_in, tmp_path)
    head = CustodyEvent.objects.filter(investigation=investigation).order_by("-sequence")[0].hash
    checked = _verify_as_documented(log)
    assert checked.stdout == f"5 events hold, 0 of them withheld from you. Last hash: {head}\n"
    assert checked.returncode == 0


@pytest.mark.parametrize("change", ["text", "dropped", "swapped", "renumbered"])
def test_the_documented_lines_find_every_change(signed_in: Client, tmp_path: Path, change: str) -> None:
    log = _download(signed_in, tmp_path)
    lines = log.read_text().split("\n")[:-1]
    if change == "text":
        lines[1] = lines[1].replace("Ines", "Inez")
    elif change == "dropped":
        del lines[1]
    elif change == "swapped":
        lines[1], lines[2] = lines[2], lines[1]
    else:
        lines[1] = json.dumps({**json.loads(lines[1]), "sequence": 7})
    log.write_text("\n".join(lines) + "\n")
    checked = _verify_as_documented(log)
    assert "The chain breaks at line 2." in checked.stderr
    assert checked.returncode == 1
