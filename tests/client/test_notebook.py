"""The notebook runs against the running service with the reference case, and keeps what a real run gave."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from evidence.models import Investigation
from evidence.services.investigations import investigation_publish
from geolocation.models import VerifiedPoint
from geolocation.services.geolocations import geolocation_retract
from scripts.notebook import run

NOTEBOOK = Path(__file__).resolve().parents[2] / "client/examples/keep_points_in_step.ipynb"
# What differs from one run to the next: the size of a file with times and ids in it.
VARIES = "bytes of KML"


def shown(notebook: dict) -> list[str]:
    """What every output says, as text; of what has several forms, the plain one."""
    outputs = [each for cell in notebook["cells"] for each in cell.get("outputs", [])]
    texts = ["".join(each.get("text") or each["data"]["text/plain"]) for each in outputs]
    return [text for text in texts if VARIES not in text]


@pytest.fixture
def case(monkeypatch, live_server) -> Investigation:
    call_command("load_case", verbosity=0)
    case = Investigation.objects.get(code="NK23")
    investigation_publish(actor=case.created_by, investigation=case, public=True)
    monkeypatch.setenv("CATALOGUE_URL", live_server.url)
    return case


@pytest.mark.django_db(transaction=True)
def test_it_shows_what_it_shows_in_the_file(case):
    kept = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert len(shown(kept)) > 5
    ran = run(kept)
    assert shown(ran) == shown(kept)
    (drawn,) = (
        "".join(each["data"]["image/svg+xml"])
        for cell in ran["cells"]
        for each in cell.get("outputs", [])
        if "image/svg+xml" in each.get("data", {})
    )
    assert drawn.count("<title>G0") == 4


@pytest.mark.django_db(transaction=True)
def test_a_point_that_is_retracted_meanwhile_leaves_its_mirror(case, editor):
    from evidence.models import Role
    from evidence.services.investigations import member_set

    member_set(actor=case.created_by, investigation=case, user=editor, role=Role.EDITOR)
    point = VerifiedPoint.objects.order_by("pk").last()
    kept = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    again = next(
        number
        for number, cell in enumerate(
            (each for each in kept["cells"] if each["cell_type"] == "code"), start=1
        )
        if cell["id"] == "again"
    )

    def retract(number: int) -> None:
        if number == again:
            geolocation_retract(
                actor=editor, geolocation=point.geolocation, reason="The roof is another one."
            )

    told = "\n".join(shown(run(kept, before=retract)))
    assert "Synced(put=4, dropped=0, held=4)" in told
    assert "Synced(put=0, dropped=1, held=3)" in told
    assert "The roof is another one." in told
    assert "True" in told
