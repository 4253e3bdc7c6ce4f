"""A link as a line of JSON, for programs: unknown is null."""

from datetime import datetime

from evidence.platforms.base import Link, RefusedLink


def link_record(result: Link | RefusedLink) -> dict[str, object]:
    """The values of one line, in a fixed order; `refused` says why a text was not taken."""
    if isinstance(result, RefusedLink):
        link, refused = None, result.reason
    else:
        link, refused = result, None
    return {
        "given": result.given,
        "platform": link.platform if link else None,
        "canonical": link.canonical if link else None,
        "post_id": link.post_id if link else None,
        "author_handle": link.author_handle if link else None,
        "posted_at": _moment(link.posted_at_utc, link.precision_s) if link else None,
        "precision_s": link.precision_s if link else None,
        "derivation": (link.derivation or None) if link else None,
        "archived_from": link.archived_from if link else None,
        "captured_at": _moment(link.captured_at_utc, 1.0) if link else None,
        "start_s": link.start_s if link else None,
        "map_latitude": link.map_latitude if link else None,
        "map_longitude": link.map_longitude if link else None,
        "time_note": (link.time_note or None) if link else None,
        "refused": refused,
    }


def _moment(moment: datetime | None, precision_s: float | None) -> str | None:
    """ISO 8601 in UTC with as many decimals as are known."""
    if moment is None:
        return None
    timespec = "seconds" if precision_s is None or precision_s >= 1 else "milliseconds"
    if precision_s is not None and precision_s < 0.001:
        timespec = "microseconds"
    return moment.isoformat(timespec=timespec).removesuffix("+00:00") + "Z"
