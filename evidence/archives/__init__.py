"""Archived copies of posts: what a WARC, a WACZ, a saved page, a screenshot or auto-archiver's report says.

Nothing is shown, run, unpacked to disk or fetched; everything is bounded. Run in a child process
(`python -m evidence.archives`), because such files come from anywhere.
"""

from evidence.archives.base import CopyReading, Finding, Refused, Wanted
from evidence.archives.kinds import CopyKind, kind_of
from evidence.archives.registry import VERSION, read_copy

__all__ = ["VERSION", "CopyKind", "CopyReading", "Finding", "Refused", "Wanted", "kind_of", "read_copy"]
