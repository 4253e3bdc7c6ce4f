"""The description of the API: complete, without warnings, and true to the addresses."""

import io

import yaml
from django.core.management import call_command
from django.test import Client


def test_the_description_is_made_without_warnings(capsys):
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=io.StringIO())


def test_the_description_is_served_as_openapi_3_1_with_the_bearer_scheme(db, investigator):
    client = Client()
    client.force_login(investigator)
    answer = client.get("/api/v1/schema")
    assert answer.status_code == 200
    described = yaml.safe_load(answer.content)
    assert described["openapi"] == "3.1.0"
    assert described["components"]["securitySchemes"]["bearerToken"] == {"type": "http", "scheme": "bearer"}
    points = described["paths"]["/api/v1/verified-points"]["get"]
    assert {parameter["name"] for parameter in points["parameters"]} == {
        "bbox",
        "captured_after",
        "captured_before",
        "cursor",
        "investigation",
        "limit",
        "published",
        "q",
        "updated_since",
    }
    assert {} in points["security"]
    assert {} not in described["paths"]["/api/v1/investigations"]["get"]["security"]
    assert all(
        operation.get("description")
        for path in described["paths"].values()
        for method, operation in path.items()
        if method in ("get", "post") and not operation["operationId"].startswith("schema")
    )
