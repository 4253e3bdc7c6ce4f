"""A progress bar on stderr, where somebody sees it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from catalogue_client.multipart import Progress as Told


@contextlib.contextmanager
def bytes_bar(title: str, *, quiet: bool) -> Iterator[Told]:
    """What has to be called with the bytes so far and their total, or None while it is not known."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
    )
    with _bar(*columns, quiet=quiet) as bar:
        task = bar.add_task(title, total=None)

        def told(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total)

        yield told


@contextlib.contextmanager
def changes_bar(title: str, *, quiet: bool) -> Iterator[Told]:
    """What has to be called with the points put and dropped so far. How many come is not known before."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.fields[told]}"))
    with _bar(*columns, quiet=quiet) as bar:
        task = bar.add_task(title, total=None, told="")

        def told(put: int, dropped: int | None) -> None:
            bar.update(task, told=f"{put} put, {dropped or 0} dropped")

        yield told


def _bar(*columns: TextColumn | BarColumn | DownloadColumn | TimeRemainingColumn, quiet: bool) -> Progress:
    hidden = quiet or not sys.stderr.isatty()
    return Progress(*columns, console=Console(stderr=True), disable=hidden, transient=True)
