"""Pages of imports: send a file, name the columns, read the report, decide, bring in."""

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from geolocation.models import Geolocation, ImportBatch, ImportState
from geolocation.services import importing_work
from geolocation.services.importing_work import import_run
from tests.geolocation.views.test_points import as_person, text

pytestmark = pytest.mark.django_db
INDEX = "/TEST1/imports/"
ONE = f"{INDEX}I01/"
MIXED = (
    "id,lat,lon,date,title,link\na,39.8,46.7,2023-09-20,Made-up bridge,https://example.org/1\n"
    "b,0,0,,Nowhere,\nc,139.8,46.7,,=Swapped,\nd,-91,-12.5,,Too far,\n"
)
COLUMNS = {"upstream_id": "id", "latitude": "lat", "longitude": "lon", "date": "date", "title": "title"}


@pytest.fixture(autouse=True)
def _own_queue(monkeypatch):
    monkeypatch.setattr(importing_work, "import_enqueue", lambda number: True)


@pytest.fixture
def client(investigator, investigation):
    return as_person(investigator)


def send(client, content=MIXED, name="points.csv", **fields):
    data = content if isinstance(content, bytes) else content.encode()
    return client.post(INDEX, {"file": SimpleUploadedFile(name, data), **fields})


@pytest.fixture
def checked(client):
    send(client)
    client.post(f"{ONE}columns/", {**COLUMNS, "links": ["link"], "uncertainty_m": "150"})
    import_run(batch_id=ImportBatch.objects.get().pk)
    return ImportBatch.objects.get()


def test_a_plain_file_leads_to_its_columns_which_are_guessed(client):
    answer = send(client)
    assert answer["Location"] == f"{ONE}columns/"
    page = client.get(f"{ONE}columns/")
    assert '<option value="lat" selected>' in text(page)
    assert "https://example.org/1" in text(page)
    assert "Guessed from the names" in text(page)
    assert client.get(ONE)["Location"] == f"{ONE}columns/"


def test_columns_that_give_no_position_are_refused_with_the_choice_kept(client):
    send(client)
    page = client.post(f"{ONE}columns/", {"latitude": "lat", "date": "date"})
    assert "No columns for latitude and longitude were found" in text(page)
    assert '<option value="date" selected>' in text(page)
    assert ImportBatch.objects.get().state == ImportState.RECEIVED
    page = client.post(f"{ONE}columns/", {**COLUMNS, "uncertainty_m": "far"})
    assert "An uncertainty is a number of metres" in text(page)


def test_columns_are_remembered_for_a_file_with_the_same(checked, client):
    send(client, MIXED.replace("39.8", "39.7"))
    page = client.get(f"{INDEX}I02/columns/")
    assert "same columns was read here" in text(page)
    assert 'value="150"' in text(page)


def test_a_known_format_is_checked_at_once(client):
    row = "slug,inserted_at,latitude,longitude,description\nA1,2023-01-01,39.8,46.7,Made-up bridge\n"
    assert send(client, row)["Location"] == ONE
    assert ImportBatch.objects.get().state == ImportState.CHECKING
    page = client.get(ONE)
    assert "Workers are at it" in text(page)
    assert "HX-Refresh" not in client.get(f"{ONE}progress/")
    import_run(batch_id=ImportBatch.objects.get().pk)
    assert client.get(f"{ONE}progress/")["HX-Refresh"] == "true"


def test_the_same_file_again_leads_to_the_first(checked, client):
    answer = send(client)
    assert answer["Location"] == ONE
    assert "This file is here already, as I01" in text(client.get(ONE))


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "empty.csv", "is empty"),
        (b"\x00\x01\x02" * 99, "film.mov", "holds no table of points"),
        (b"just a line", "notes.txt", "No rows were found"),
        (b"{", "broken.json", "not readable as JSON"),
    ],
)
def test_a_file_that_is_none_is_refused_at_its_field(client, content, name, sentence):
    page = send(client, content, name)
    assert page.status_code == 200
    assert sentence in " ".join(page.context["form"].errors["file"])
    assert not ImportBatch.objects.exists()


def test_the_report_says_what_is_wrong_at_which_column(checked, client):
    page = client.get(ONE)
    shown = text(page)
    assert "lat, lon = 139.8, 46.7" in shown
    assert "latitude and longitude look swapped" in shown
    assert page.context["counts"][0][2] == 1
    assert "Bring in 1 row as a draft" in shown
    only = client.get(f"{ONE}?verdict=doubtful")
    assert [row.staged.number for row in only.context["rows"]] == [2]
    assert [row.staged.number for row in client.get(f"{ONE}?words=too+far").context["rows"]] == [4]
    assert [row.staged.number for row in client.get(f"{ONE}?after=3").context["rows"]] == [4]
    refused = client.get(f"{ONE}?verdict=nonsense")
    assert refused.context["rows"] == []
    assert "A verdict is one of" in text(refused)


def test_pages_of_rows_show_each_row_once(client, monkeypatch):
    monkeypatch.setattr("geolocation.views.imports_report.PAGE_SIZE", 2)
    send(client)
    client.post(f"{ONE}columns/", COLUMNS)
    import_run(batch_id=ImportBatch.objects.get().pk)
    first = client.get(ONE)
    assert first.context["next_after"] == 2
    numbers = [row.staged.number for row in client.get(f"{ONE}?after=2").context["rows"]]
    assert numbers == [3, 4]


def test_the_map_has_the_placed_rows_of_the_filter(checked, client):
    points = json.loads(client.get(f"{ONE}points.geojson").content)
    assert [each["properties"]["status"] for each in points["features"]] == ["import_new", "import_doubtful"]
    assert points["features"][0]["geometry"]["coordinates"] == [46.7, 39.8]
    only = json.loads(client.get(f"{ONE}points.geojson?verdict=new").content)
    assert len(only["features"]) == 1


def test_the_errors_come_with_the_row_itself_and_run_nothing(checked, client):
    answer = client.get(f"{ONE}errors.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert [row["row number"] for row in rows] == ["2", "3", "4"]
    assert rows[1]["title"] == "'=Swapped"
    assert rows[1]["what is wrong"].startswith("lat, lon: The latitude is beyond 90")
    assert (rows[2]["lat"], rows[2]["lon"]) == ("-91", "-12.5")


def test_deciding_and_bringing_in(checked, client, investigator):
    page = client.post(f"{ONE}decide/", {"decision": "let_in", "number": "2", "back": "//evil.example/"})
    assert page["Location"] == ONE
    assert checked.rows.get(number=2).let_in_by == investigator
    assert "let in by Ines Investigator" in text(client.get(ONE))
    client.post(f"{ONE}apply/")
    import_run(batch_id=checked.pk)
    assert Geolocation.objects.count() == 2
    done = text(client.get(ONE))
    assert "brought in as drafts" in done
    assert Geolocation.objects.order_by("pk")[0].reference in done


def test_acts_that_do_not_fit_say_so(checked, client):
    assert "Nothing of I01 is being brought in" in text(client.post(f"{ONE}cancel/", follow=True))
    for data in ({"decision": "nonsense"}, {"decision": "let_in", "number": "x"}):
        assert "Choose what becomes" in text(client.post(f"{ONE}decide/", data, follow=True))
    none = {"decision": "let_in", "reason": "date_unreadable"}
    assert "no doubtful row" in text(client.post(f"{ONE}decide/", none, follow=True))


def test_the_list_is_the_history(checked, client, viewer):
    page = text(client.get(INDEX))
    assert "points.csv" in page
    assert "1 doubtful" in page
    assert as_person(viewer).get(INDEX).status_code == 403
    assert as_person(viewer).get(ONE).status_code == 403
