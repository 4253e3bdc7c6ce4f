"""The table of links, as rows of text; None is unknown."""

import csv
from pathlib import Path

Row = dict[str, str | None]


def read_table() -> list[Row]:
    with (Path(__file__).parent / "links.tsv").open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [{name: None if value == "-" else value for name, value in row.items()} for row in reader]
