"""Rows for the tests of every format."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from geolocation.exports.base import ExportContext, PointRow

CONTEXT = ExportContext(
    title="Verified points of the training exercise",
    attribution="Training desk & friends <made up>",
    licence="CC BY 4.0",
    filter_text="investigation=TRAIN",
    generated_at_utc=datetime(2023, 10, 1, 12, 0, tzinfo=UTC),
)

ROW = PointRow(
    id="0b9ff2c1-5e7c-4f0e-9d62-4f3f2a0c7a11",
    investigation="TRAIN",
    reference="G01",
    media_reference="M01",
    title="Column on the avenue",
    kind="video",
    latitude=39.821232,
    longitude=46.758423,
    uncertainty_m=10.0,
    position_role="camera",
    disclosure="exact",
    camera_latitude=39.821232,
    camera_longitude=46.758423,
    subject_latitude=39.899226,
    subject_longitude=46.787836,
    place_name="Stepanakert / Xankəndi / Ստեփանակերտ",
    captured_from_utc=datetime(2023, 9, 19, 9, 0, tzinfo=UTC),
    captured_to_utc=datetime(2023, 9, 19, 10, 30, 0, 500_000, tzinfo=UTC),
    captured_on=None,
    claims=("C01", "C02"),
    source_url="https://example.org/post?a=1&b=2",
    licence="CC BY 4.0",
    attribution="Training desk",
    revision=2,
    verified_at_utc=datetime(2023, 9, 22, 8, 0, tzinfo=UTC),
    verified_by=("reviewer.one", "reviewer.two"),
    updated_at_utc=datetime(2023, 9, 22, 8, 0, 1, tzinfo=UTC),
)

TEXTS = ("Ստեփանակերտ", "خوجالي، مطار", "📍 حي 🏔️", '<b>&amp;"quoted"</b>', "two\nlines", "=1+1")


def a_row(**changes: Any) -> PointRow:
    return replace(ROW, **changes)


def rows_everywhere() -> list[PointRow]:
    """Points at the edges of the globe, with many decimals and with text in several scripts."""
    places = [(39.821232, 46.758423), (-33.8567844, 151.2152967), (90.0, -180.0), (-90.0, 180.0), (0.1, -0.1)]
    places += [(39.902254999999997, -46.79325312345678)]
    return [
        a_row(
            id=f"00000000-0000-4000-8000-00000000000{number}",
            latitude=latitude,
            longitude=longitude,
            title=TEXTS[number],
            place_name=TEXTS[-number],
            captured_from_utc=None,
            captured_to_utc=None,
            captured_on=date(2023, 9, 19 + number % 3),
        )
        for number, (latitude, longitude) in enumerate(places)
    ]
