"""What a ZIP from a stranger holds, and its files one by one. Pure: a path in, files and plain data out.

Run it in a child process with limits: ``python -m evidence.zips list|extract ...``. A name in a ZIP is a
label and never a path: files are written under their number.
"""

from evidence.zips.reading import ArchiveRefused, Entry, Extracted, zip_entries, zip_extract

__all__ = ["ArchiveRefused", "Entry", "Extracted", "zip_entries", "zip_extract"]
