"""Post links: their one canonical form, the platform, the post's id, and the time hidden in that id.

Nothing here fetches anything: all of it is read out of the text of the link.
"""

from evidence.platforms.base import Link, LinkLine, RefusedLink
from evidence.platforms.read import read_link, read_links

__all__ = ["Link", "LinkLine", "RefusedLink", "read_link", "read_links"]
