"""What an imported row says to the services: the recording it is of, its link, and the proposal."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from evidence.platforms import Link, read_link
from evidence.services.media import MediaDetails
from geolocation.coordinates.position import Position
from geolocation.models import ImportBatch, Method, StagedRow
from geolocation.services.geolocations import Captured, Placed, Proposal
from geolocation.services.importing_rows import row_said

# Where the publisher says nothing of it. The reasoning of each proposal says that it is assumed.
ASSUMED_UNCERTAINTY_M = 1000.0


class Said:
    """A row of a batch, read once."""

    def __init__(self, batch: ImportBatch, row: StagedRow) -> None:
        self.batch, self.row = batch, row
        self._said: dict[str, Any] = row_said(batch, row)
        links = map(read_link, self._said["links"])
        # The first that is understood.
        self.link = next((link for link in links if isinstance(link, Link)), None)

    @property
    def publisher(self) -> str:
        """Who published its link; empty where the row does not say."""
        given = self.link.given if self.link else ""
        return str(dict(self._said.get("publishers") or []).get(given, ""))

    @property
    def archived_url(self) -> str:
        return str(self._said.get("archived_url", ""))

    def details(self) -> MediaDetails:
        """What is said of a recording that is new."""
        return MediaDetails(
            title=self._said["title"][:200],
            description=self._said["description"],
            is_sensitive=self._said["is_sensitive"],
            note=_("Brought in from %(batch)s, row %(number)d.")
            % {"batch": self.batch.reference, "number": self.row.number},
        )

    def proposal(self) -> Proposal:
        """Where the row says that it is."""
        row, said = self.row, self._said
        assert row.latitude is not None and row.longitude is not None  # noqa: S101, PT018  stagedrow_placed_or_refused
        stated_m = said["uncertainty_m"]
        moment = datetime.fromisoformat(said["captured_at"]) if said["captured_at"] else None
        day = date.fromisoformat(said["captured_on"]) if said["captured_on"] else None
        return Proposal(
            subject=Placed(
                position=Position(row.latitude, row.longitude),
                uncertainty_m=stated_m or ASSUMED_UNCERTAINTY_M,
                as_typed=said["as_typed"],
            ),
            captured=Captured(
                on=day,
                start=moment,
                end=moment,
                basis=_("As the imported row states it.") if day or moment else "",
            ),
            method=Method.PUBLISHED,
            reasoning=self._reasoning(stated_m),
            references="\n".join(said["links"]),
        )

    def _reasoning(self, stated_m: float | None) -> str:
        radius = (
            _("Its publisher gives or hides positions to %(metres)g m.") % {"metres": stated_m}
            if stated_m
            else _("Its publisher gives no uncertainty; %(metres)g m is assumed.")
            % {"metres": ASSUMED_UNCERTAINTY_M}
        )
        stated = _(
            "Position taken over as stated from %(name)s (%(format)s), row %(number)d, upstream id %(id)s, "
            "SHA-256 of the row %(digest)s. It was not repeated here, and is taken to mark what is shown."
        ) % {
            "name": self.batch.source_name,
            "format": self.batch.format,
            "number": self.row.number,
            "id": self.row.upstream_id,
            "digest": self.row.digest,
        }
        credit = self._said["source_name"]
        credited = _("It credits %(name)s.") % {"name": credit} if credit else ""
        return " ".join(part for part in (stated, radius, credited, self._said["description"]) if part)
