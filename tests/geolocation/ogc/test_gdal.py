"""GDAL's own OAPIF driver, as QGIS uses it, against the running service."""

import json
import subprocess
import sys

import pytest

READ = """
import json, sys, pyogrio
frame = pyogrio.read_dataframe(
    "OAPIF:" + sys.argv[1], layer="verified-points", where=sys.argv[2] or None, PAGE_SIZE=2
)
print(json.dumps({"layers": [each[0] for each in pyogrio.list_layers("OAPIF:" + sys.argv[1])],
    "titles": list(frame["title"]), "places": [[each.x, each.y] for each in frame.geometry]}))
"""


@pytest.mark.django_db(transaction=True)
def test_gdal_reads_every_page_and_filters(live_server, verified, published, investigation):
    for number in range(5):
        verified(39.0 + number, 46.0, title=f"Quay {number}")

    def read(where: str) -> dict:
        # In a process of its own: the driver would keep this one from answering while it asks.
        done = subprocess.run(
            [sys.executable, "-c", READ, f"{live_server.url}/ogc/", where],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    found = read("")
    assert found["layers"] == ["verified-points", investigation.code]
    assert sorted(found["titles"]) == [f"Quay {number}" for number in range(5)]
    assert sorted(found["places"]) == [[46.0, 39.0 + number] for number in range(5)]
    assert sorted(read("title = 'Quay 3' OR title = 'Quay 1'")["titles"]) == ["Quay 1", "Quay 3"]
