"""Proposals around the avenue of the case, and the generator of all valid inputs for property tests."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from geolocation import geodesy
from geolocation.checks import CheckInputs, CheckResult, run_all
from geolocation.checks.base import (
    Crowd,
    Event,
    FileFix,
    FileTime,
    Interval,
    NamedPoint,
    PlacedPoint,
    Posting,
    Recording,
    Resected,
    Shadow,
    SiblingGeolocation,
    Twin,
)
from geolocation.coordinates.position import Position

# Coordinates of the case; the geodesic between them is 9018.1415 m at azimuth 16.19601.
AVENUE = Position(39.821232, 46.758423)
TERMINAL = Position(39.899226, 46.787836)


def away(from_: Position, azimuth_deg: float, distance_m: float) -> Position:
    return geodesy.direct(from_, azimuth_deg, distance_m)


def camera(position: Position = AVENUE, uncertainty_m: float = 20, **more: object) -> PlacedPoint:
    return PlacedPoint(position, uncertainty_m, **more)


def between(start: str, end: str) -> Interval:
    return Interval(datetime.fromisoformat(start), datetime.fromisoformat(end), "test")


def result(key: str, **inputs: object) -> CheckResult:
    """The result of one check, taken out of a full run."""
    return next(r for r in run_all(CheckInputs(**inputs)) if r.key == key)


finite = st.floats(-1e6, 1e6, allow_subnormal=False)
texts = st.text(max_size=20)
positions = st.builds(Position, st.floats(-90, 90), st.floats(-180, 180))
uncertainties = st.floats(1e-3, 1e7)
moments = st.datetimes(datetime(1827, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC))
placed = st.builds(
    PlacedPoint,
    positions,
    uncertainties,
    st.one_of(texts, st.from_regex(r"-?\d{1,2}\.\d{1,9}, -?\d{1,3}\.\d{1,9}", fullmatch=True)),
    st.none() | st.integers(0, 15),
)
intervals = st.builds(
    lambda start, length, basis: Interval(start, start + length, basis),
    moments,
    st.timedeltas(timedelta(0), timedelta(days=60)),
    texts,
)
fixes = st.builds(
    FileFix,
    st.none() | st.floats(-1e3, 1e3),
    st.none() | st.floats(-1e3, 1e3),
    st.none() | finite,
    st.none() | finite,
    texts,
    st.sampled_from(["ok", "null_island", "missing_reference"]),
)
file_times = st.builds(
    FileTime,
    st.none() | texts | st.datetimes().map(datetime.isoformat) | moments.map(datetime.isoformat),
    st.none() | st.integers(-2000, 2000),
    st.none() | st.datetimes(timezones=st.just(UTC)),
    st.sampled_from(["gps", "offset_tag", "inferred_offset", "naive_local", "utc_container", "file"]),
)
named = st.builds(NamedPoint, texts, st.none() | positions, st.none() | finite)
siblings = st.builds(
    SiblingGeolocation,
    texts,
    texts,
    st.sampled_from(["draft", "in_review", "verified", "withdrawn", "unheard_of"]),
    positions,
    uncertainties,
    st.sampled_from(["camera", "subject"]),
)


def has_a_middle(area: tuple[Position, ...]) -> bool:
    try:
        return not area or geodesy.centre(area) is not None
    except ValueError:
        return False


areas = st.lists(positions, max_size=5).map(tuple).filter(has_a_middle)
dates = st.dates(datetime(1827, 1, 1).date(), datetime(2199, 1, 1).date())


spreads = st.floats(1e-3, 60)
shadows = st.one_of(
    st.builds(Shadow, st.floats(0, 360, exclude_max=True), spreads),
    st.builds(Shadow, st.none(), st.none(), st.floats(0, 200), spreads),
    st.builds(Shadow, st.floats(0, 360, exclude_max=True), spreads, st.floats(0, 200), spreads),
)
resected = st.builds(
    Resected,
    positions,
    uncertainties,
    st.integers(3, 30),
    st.floats(0, 90),
    st.none() | st.floats(0, 360),
    st.booleans(),
)
twins = st.builds(
    Twin,
    texts,
    texts,
    st.sampled_from(["draft", "in_review", "verified"]),
    positions,
    uncertainties,
    st.sampled_from(["camera", "subject"]),
    st.sampled_from(["whole", "clip", "mirrored", ""]),
    st.none() | st.floats(0, 1),
)
recordings = st.builds(
    Recording, texts, st.sampled_from(["device", "source"]), texts, positions, uncertainties, intervals
)
events = st.builds(Event, texts, st.none() | dates, st.none() | dates)
crowds = st.builds(Crowd, st.sampled_from(["camera", "subject"]), st.integers(0, 50))
postings = st.builds(
    Posting,
    moments | dates,
    texts,
    st.none() | st.floats(0, 1e5),
    st.none() | moments,
    st.none() | st.floats(0, 1e5),
)


def some(strategy: st.SearchStrategy, most: int = 3) -> st.SearchStrategy:
    return st.lists(strategy, max_size=most).map(tuple)


@st.composite
def any_inputs(draw: st.DrawFn) -> CheckInputs:
    """Any inputs that can be made, the absurd ones included."""
    file_fixes = tuple(draw(st.lists(fixes, max_size=3)))
    preferred = st.none() | st.integers(0, len(file_fixes) - 1) if file_fixes else st.none()
    return CheckInputs(
        camera=draw(st.none() | placed),
        subject=draw(st.none() | placed),
        subject_area=draw(st.none() | areas),
        bearing_deg=draw(st.none() | st.floats(0, 360, exclude_max=True)),
        field_of_view_deg=draw(st.none() | st.floats(0.1, 360)),
        captured=draw(st.none() | intervals),
        captured_on=draw(st.none() | dates),
        light_seen=draw(st.sampled_from([None, "day", "twilight", "night"])),
        shadow=draw(st.none() | shadows),
        resected=draw(st.none() | resected),
        events=draw(some(events)),
        area=draw(some(st.lists(positions, min_size=3, max_size=6).map(tuple), 2)),
        twins=draw(some(twins)),
        recordings=draw(some(recordings)),
        crowds=draw(some(crowds, 2)),
        file_fixes=file_fixes,
        preferred_fix=draw(preferred),
        file_heading_deg=draw(st.none() | finite),
        file_heading_reference=draw(st.sampled_from([None, "true", "magnetic"])),
        file_times=tuple(draw(st.lists(file_times, max_size=3))),
        claim_places=tuple(draw(st.lists(named, max_size=3))),
        item_place=draw(st.none() | named),
        siblings=tuple(draw(st.lists(siblings, max_size=3))),
        earliest_posting=draw(st.none() | postings),
        blind_seconds=draw(some(siblings)),
    )
