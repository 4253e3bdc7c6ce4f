"""Reading ahead changes when pieces are fetched and nothing else."""

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geolocation.exports.ahead import read_ahead


@given(st.lists(st.integers(), max_size=40), st.integers(1, 5))
def test_every_piece_comes_once_and_in_order(pieces: list[int], ahead: int) -> None:
    assert list(read_ahead(iter(pieces), pieces=ahead)) == pieces


def test_the_source_begins_in_the_callers_thread_and_goes_on_in_another() -> None:
    threads = []

    def source():
        for number in range(3):
            threads.append(threading.current_thread())
            yield number

    assert list(read_ahead(source())) == [0, 1, 2]
    assert threads[0] is threading.current_thread()
    assert threads[1] is threads[2] is not threads[0]


def test_what_goes_wrong_is_raised_where_it_is_read() -> None:
    def source():
        yield 1
        yield 2
        raise KeyError("lost")

    read = []
    with pytest.raises(KeyError, match="lost"):
        read.extend(read_ahead(source()))
    heard = read_ahead(source())
    assert [next(heard), next(heard)] == [1, 2]
    with pytest.raises(KeyError):
        next(heard)


def test_no_more_is_fetched_than_may_wait() -> None:
    fetched = []

    def source():
        for number in range(100):
            fetched.append(number)
            yield number

    heard = read_ahead(source(), pieces=2)
    assert [next(heard), next(heard)] == [0, 1]
    deadline = time.monotonic() + 5
    while len(fetched) < 5 and time.monotonic() < deadline:
        time.sleep(0.01)
    # Two were read, two wait, and one is in the hand of the thread.
    assert len(fetched) == 5
    heard.close()
    assert not [each for each in threading.enumerate() if each.name == "read-ahead"]
