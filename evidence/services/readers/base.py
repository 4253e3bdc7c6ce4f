"""What a reader is: when it is wanted, where it waits, and what it gives back. It writes nothing itself."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from evidence.models import MediaFile, MetadataReading, ReadingState
from evidence.sandbox import Failure, Success, Watch, run_limited
from evidence.storage import media_storage

_WRITTEN_BYTES = 512 * 1024 * 1024
_LONG_WRITTEN_BYTES = 8 * 1024**3


def run_child(
    module: str,
    *arguments: str,
    stdout_limit_bytes: int = 4 * 1024 * 1024,
    progress: Callable[[int], None] | None = None,
) -> Success | Failure:
    """Run `python -m module arguments` with limits: those of long work where its progress is heard."""
    argv = [sys.executable, "-m", module, *arguments]
    return run_program(argv, stdout_limit_bytes=stdout_limit_bytes, progress=progress)


def run_program(
    argv: Sequence[str],
    *,
    stdout_limit_bytes: int = 4 * 1024 * 1024,
    progress: Callable[[int], None] | None = None,
) -> Success | Failure:
    """Run any program with limits: those of long work where its progress is heard."""
    lane = "READER" if progress is None else "LONG_READER"
    silence = settings.LONG_READER_SILENCE_SECONDS
    return run_limited(
        argv,
        memory_bytes=getattr(settings, f"{lane}_MEMORY_BYTES"),
        cpu_seconds=getattr(settings, f"{lane}_CPU_SECONDS"),
        wall_seconds=getattr(settings, f"{lane}_WALL_SECONDS"),
        file_size_bytes=_WRITTEN_BYTES if progress is None else _LONG_WRITTEN_BYTES,
        stdout_limit_bytes=stdout_limit_bytes,
        cwd=settings.BASE_DIR,
        watch=None if progress is None else Watch(told=progress, silence_seconds=silence),
    )


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder on the storage's own disk, so that what is made in it is kept by a link; gone afterwards."""
    incoming = media_storage().incoming
    incoming.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="read-", dir=incoming) as folder:
        yield Path(folder)


class Lane(StrEnum):
    """The queue a reading waits in, so that a small photo does not wait behind a long video."""

    QUICK = "quick"
    LONG = "long"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of one reading: its state, its sentence, the row's columns, and what is written with them.

    `keep` runs in the transaction that writes the row, and only if this worker's claim still stands.
    `custody` is an action and its details for the log.
    """

    state: str
    sentence: str = ""
    columns: Mapping[str, Any] = field(default_factory=dict)
    keep: Callable[[MetadataReading], None] | None = None
    custody: tuple[str, dict[str, Any]] | None = None


@dataclass(frozen=True, kw_only=True)
class Job:
    """One claimed reading and where its original lies."""

    reading: MetadataReading
    path: Path
    # Long work says how far it is, and has limits of its own.
    is_long: bool = False
    progress: Callable[[int], None] = lambda percent: None

    @property
    def media_file(self) -> MediaFile:
        return self.reading.media_file

    @property
    def is_video(self) -> bool:
        return self.media_file.mime_type.startswith("video/")

    def child(
        self, module: str, *arguments: str, stdout_limit_bytes: int = 4 * 1024 * 1024
    ) -> Success | Failure:
        """Run `python -m module arguments` on the hostile file in a child process with limits."""
        return self.program([sys.executable, "-m", module, *arguments], stdout_limit_bytes=stdout_limit_bytes)

    def program(self, argv: Sequence[str], *, stdout_limit_bytes: int = 4 * 1024 * 1024) -> Success | Failure:
        """Run any program that reads the hostile file in a child process with limits."""
        return run_program(
            argv,
            stdout_limit_bytes=stdout_limit_bytes,
            progress=self.progress if self.is_long else None,
        )

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder on the storage's own disk that is gone afterwards."""
        with scratch() as folder:
            yield folder


@dataclass(frozen=True, kw_only=True)
class Reader:
    """One reader. `key` is permanent; a changed result raises `version`."""

    key: str
    version: int
    label: str | Promise
    read: Callable[[Job], Outcome]
    is_wanted: Callable[[MediaFile], bool] = lambda media_file: True
    lane: Callable[[MediaFile], Lane] = lambda media_file: Lane.QUICK
    # Long work that says how far it is: it has the limits of long work, and is taken for dead by its silence.
    tells_progress: bool = False
    # Its sentence stands in a section of its own on the page.
    is_said_elsewhere: bool = False
    # What it finds of the file is what checks compare: they run again when its answer is another one.
    feeds_checks: bool = False
    is_automatic: bool = True  # False: only when a person asks for it
    # What is missing on this machine, as a sentence that says how to get it; empty when it can run.
    missing: Callable[[], str | Promise] = lambda: ""

    def is_long(self, media_file: MediaFile) -> bool:
        """Whether reading this file is long work that says how far it is; a photo's never is."""
        return self.tells_progress and self.lane(media_file) is Lane.LONG


def failed(sentence: str) -> Outcome:
    """The reading failed, for this reason; what was kept stays kept."""
    return Outcome(
        state=ReadingState.FAILED,
        sentence=_("%(reason)s The original is kept as it is.") % {"reason": sentence},
    )


def child_sentence(failure: Failure) -> str:
    """The child's own sentence if it gave one, else what stopped it."""
    try:
        return str(orjson.loads(failure.stdout)["error"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return failure.sentence


def storable(value: Any) -> Any:
    """The same JSON without what PostgreSQL cannot keep: NUL, and halves of surrogate pairs.

    Both occur in files: NUL shows as its symbol, a half pair as a question mark.
    """
    if isinstance(value, str):
        return value.replace("\x00", "\u2400").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [storable(each) for each in value]
    if isinstance(value, dict):
        return {storable(key): storable(each) for key, each in value.items()}
    return value


def original_path(media_file: MediaFile) -> Path:
    """Where the bytes of a file are, or would be."""
    return media_storage().path_of(media_file.sha256)
