"""Batches of made-up points for the tests of FlatGeobuf, and a reading of its parts by the specification."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from struct import unpack_from
from typing import Any

import numpy as np
import pyarrow as pa

from geolocation.exports.arrow import COLUMNS, SCHEMA, wkb_points

NODE = np.dtype("<f8, <f8, <f8, <f8, <u8")
#: 20 September 2023, with milliseconds.
MOMENT = datetime(2023, 9, 20, 10, 15, 30, 250_000, tzinfo=UTC)


def batch_of(positions: Sequence[tuple[float, float]], **columns: Sequence[Any]) -> pa.RecordBatch:
    """Points at longitude and latitude; a column that is not named has a value of its kind in each row."""
    count = len(positions)
    longitudes, latitudes = (np.array([each[axis] for each in positions], float) for axis in (0, 1))
    usual: dict[pa.DataType, Any] = {pa.string(): "Ստեփանակերտ", pa.float64(): 7.5, pa.int32(): 2}
    usual |= {pa.date32(): date(2023, 9, 20), COLUMNS["verified_at"]: MOMENT}
    columns = {
        "id": [f"point-{number}" for number in range(count)],
        "longitude": longitudes,
        "latitude": latitudes,
    } | columns
    arrays = [
        pa.array(columns[name] if name in columns else [usual[kind]] * count, kind)
        for name, kind in COLUMNS.items()
    ]
    return pa.RecordBatch.from_arrays([*arrays, wkb_points(longitudes, latitudes)], schema=SCHEMA)


def scattered(count: int) -> list[tuple[float, float]]:
    """Points in some towns and all over the globe, the same ones every time."""
    random = np.random.default_rng(count)
    towns = random.uniform((-180, -85), (180, 85), (7, 2))
    near = towns[random.integers(0, 7, count)] + random.normal(0, 0.05, (count, 2))
    far = random.uniform((-180, -90), (180, 90), (count, 2))
    chosen = np.where(random.random((count, 1)) < 0.8, near, far).clip((-180, -90), (180, 90))
    return [(float(x), float(y)) for x, y in chosen]


@dataclass(frozen=True)
class Parts:
    """The bytes of a file, taken apart."""

    header: bytes
    index: bytes
    features: bytes


def parts_of(path: Path, count: int) -> Parts:
    """Magic, a header with its size in front, the nodes of the index, and the features."""
    content = path.read_bytes()
    begin = 12 + unpack_from("<I", content, 8)[0]
    nodes, level = count, count
    while level > 1 or nodes == count == 1:
        level = -(-level // 16)
        nodes += level
    end = begin + nodes * NODE.itemsize
    return Parts(header=content[:begin], index=content[begin:end], features=content[end:])
