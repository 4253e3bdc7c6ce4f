"""Read ahead: the next pieces are fetched by a thread while what came before is being written."""

import queue
import threading
from collections.abc import Generator, Iterator
from typing import Final, TypeVar

T = TypeVar("T")

_OVER: Final = object()
#: How often a thread that waits for room looks whether anybody still reads, in seconds.
_LOOKS_EVERY_S: Final = 0.2


class _Failed:
    def __init__(self, failure: BaseException) -> None:
        self.failure = failure


def read_ahead(source: Iterator[T], *, pieces: int = 3) -> Generator[T, None, None]:
    """The same pieces, of which at most `pieces` wait. What the source raises is raised here.

    The first piece is taken in the caller's thread: a source that opens something does it there. Whoever
    stops early closes the generator; the thread has ended by then, and the source may be closed.
    """
    for first in source:
        yield first
        break
    else:
        return
    waiting: queue.Queue[object] = queue.Queue(pieces)
    is_over = threading.Event()

    def put(piece: object) -> None:
        while not is_over.is_set():
            try:
                waiting.put(piece, timeout=_LOOKS_EVERY_S)
                return
            except queue.Full:
                continue

    def fetch() -> None:
        try:
            for piece in source:
                put(piece)
                if is_over.is_set():
                    return
            put(_OVER)
        # Whatever it is: the reader raises it, and nothing is lost in a thread.
        except BaseException as failure:
            put(_Failed(failure))

    thread = threading.Thread(target=fetch, name="read-ahead", daemon=True)
    thread.start()
    try:
        while (piece := waiting.get()) is not _OVER:
            if isinstance(piece, _Failed):
                raise piece.failure
            yield piece  # type: ignore[misc]  # only pieces of the source come this far
    finally:
        is_over.set()
        thread.join()
