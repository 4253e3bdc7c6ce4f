"""The readers of a file: each is a task of its own, with a row and a state of its own on the page."""

from evidence.services.readers.base import Job, Lane, Outcome, Reader
from evidence.services.readers.registry import READERS, reader_of, readers_for

__all__ = ["READERS", "Job", "Lane", "Outcome", "Reader", "reader_of", "readers_for"]
