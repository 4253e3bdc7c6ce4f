"""One geolocation: what is proposed, what was checked, who decided, and what happened to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evidence.models import CustodyEvent, Investigation
from evidence.permissions import may
from evidence.services.custody import ACTIONS
from evidence.views.base import investigation_page
from geolocation.checks.registry import registered_checks
from geolocation.geodesy import Geodesic, inverse
from geolocation.models import BlindRound, CheckRun, Geolocation, GeolocationRevision
from geolocation.review.states import Event, State, allowed_events
from geolocation.services.blind_rounds import active_entries, live_round
from geolocation.services.checks import checks_newest
from geolocation.services.disclosed import disclosure_of
from geolocation.views.proposals import geolocation_of
from geolocation.views.resection_drawing import area_corners, landmarks_drawn, resection_of
from geolocation.views.revision_changes import changes_between, position_of
from geolocation.views.shadow_drawing import shadow_drawn

# A worker takes checks within a second or two; after this long the page says that nobody has come for them.
LATE_AFTER = timedelta(seconds=20)
UNITS = {"deg": "°", "m": " m", "s": " s", "min": " min", "h": " h", "km/h": " km/h", "chi2": " (chi-square)"}


@require_safe
@investigation_page("evidence.view")
def detail(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """The page of one geolocation."""
    geolocation = geolocation_of(request.user, investigation, reference)
    history = revision_history(geolocation)
    context = {
        "investigation": investigation,
        "geolocation": geolocation,
        "item": geolocation.media_item,
        "current": history[0] if history else None,
        "earlier": history[1:],
        "events": custody_of(request.user, geolocation),
        "rounds": rounds_of(request.user, geolocation),
        "tombstones": geolocation.tombstones.order_by("-pk"),
        "map_data": map_data(geolocation.current_revision),
        "disclosure": disclosure_of(geolocation),
        **checks_context(geolocation),
        **actions_for(request.user, geolocation),
    }
    return render(request, "geolocation/geolocation.html", context)


@never_cache
@require_safe
@investigation_page("evidence.view")
def checks(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """The checks panel alone; it asks for itself again until the checks are done."""
    geolocation = geolocation_of(request.user, investigation, reference)
    context = {"investigation": investigation, "geolocation": geolocation, **checks_context(geolocation)}
    return render(request, "geolocation/_checks.html", context)


def checks_context(geolocation: Geolocation) -> dict[str, Any]:
    """What `geolocation/_checks.html` shows: the newest run of each check, and whether more are coming."""
    revision = geolocation.current_revision
    runs = checks_newest(revision=revision) if revision else {}
    asked, done = geolocation.checks_requested_at, geolocation.checks_done_at
    pending = asked is not None and (done is None or done < asked)
    shown = [_shown(check.title, runs[check.key]) for check in registered_checks() if check.key in runs]
    return {
        "checks": [found for found in shown if found["run"].verdict != "inapplicable"],
        "checks_inapplicable": [found for found in shown if found["run"].verdict == "inapplicable"],
        "checks_pending": pending,
        "checks_late": pending and asked is not None and timezone.now() - asked > LATE_AFTER,
        "checks_asked": asked is not None,
    }


def _shown(title: str, run: CheckRun) -> dict[str, Any]:
    threshold = ""
    if run.threshold is not None:
        threshold = _("threshold: %(value)s%(unit)s") % {
            "value": f"{round(run.threshold, 1):g}",
            "unit": UNITS.get(run.unit, f" {run.unit}" if run.unit else ""),
        }
    return {
        "name": title,
        "run": run,
        "threshold": threshold,
        "explained_url": f"{reverse('geolocation:checks-explained')}#{run.key}",
    }


def revision_history(geolocation: Geolocation) -> list[dict[str, Any]]:
    """Every revision, newest first: with its reviews, its sight line and what it changed."""
    revisions = list(
        geolocation.revisions.select_related("author")
        .prefetch_related("reviews__reviewer")
        .order_by("-number")
    )
    return [
        {
            "revision": revision,
            "reviews": list(revision.reviews.all()),
            "sight": sight_of(revision),
            "changes": changes_between(before, revision) if before else [],
        }
        for revision, before in zip(revisions, [*revisions[1:], None], strict=True)
    ]


def sight_of(revision: GeolocationRevision) -> Geodesic | None:
    """The geodesic from camera to subject, where both are placed and apart."""
    camera, subject = position_of(revision, "camera"), position_of(revision, "subject")
    if camera is None or subject is None or camera == subject:
        return None
    return inverse(camera, subject)


def rounds_of(user: Any, geolocation: Geolocation) -> list[BlindRound]:
    """The blind rounds in which it is, as far as the person may see all of each."""
    rounds = BlindRound.objects.visible_to(user).filter(entries__geolocation=geolocation)
    return list(rounds.select_related("resolved_by", "media_item").order_by("-pk"))


def custody_of(user: Any, geolocation: Geolocation) -> list[dict[str, Any]]:
    """The log lines about this geolocation, newest first, each with the words of its action."""
    events = (
        CustodyEvent.objects.visible_to(user)
        .filter(
            investigation=geolocation.investigation,
            object_type="geolocation",
            object_reference=geolocation.reference,
        )
        .order_by("-sequence")
    )
    return [
        {
            "event": event,
            "words": ACTIONS.get(event.action, event.action),
            "note": event.details.get("reason", ""),
        }
        for event in events
    ]


def map_data(revision: GeolocationRevision | None) -> dict[str, Any]:
    """The figures that the page's map draws."""
    if revision is None:
        return {}
    data: dict[str, Any] = {
        "bearing_deg": revision.bearing_deg,
        "field_of_view_deg": revision.field_of_view_deg,
    }
    for role in ("camera", "subject"):
        position = position_of(revision, role)
        data[role] = position and {
            "latitude": position.latitude,
            "longitude": position.longitude,
            "uncertainty_m": getattr(revision, f"{role}_uncertainty_m"),
        }
    data["landmarks"] = landmarks_drawn(revision) if revision.landmark_count else []
    data["picture"] = revision.picture_width_px and {
        "width": revision.picture_width_px,
        "height": revision.picture_height_px,
    }
    data["shadow"] = shadow_drawn(revision)
    data["area"] = area_corners(revision)
    solved = resection_of(revision)
    data["resection"] = solved["drawing"] if solved else None
    return data


def _waits_for_editor(geolocation: Geolocation) -> bool:
    """Others have placed the item in the same round, so its author may not follow them any more."""
    if geolocation.state != State.AWAITING_SECOND:
        return False
    placed = live_round(geolocation.media_item)
    return placed is not None and len(active_entries(placed)) > 1


def actions_for(user: Any, geolocation: Geolocation) -> dict[str, bool]:
    """What the person may do with it now; the services ask again."""
    events = allowed_events(State(geolocation.state))
    investigation, revision = geolocation.investigation, geolocation.current_revision
    proposes = may(user, "geolocation.propose", investigation)
    is_author = geolocation.author_id == user.pk
    wrote_it = revision is not None and revision.author_id == user.pk
    return {
        "may_revise": proposes and Event.REVISE in events and not _waits_for_editor(geolocation),
        "may_submit": proposes and Event.SUBMIT in events,
        "may_withdraw": proposes and is_author and Event.WITHDRAW in events,
        "may_disclose": may(user, "geolocation.disclose", investigation),
        "may_retract": may(user, "geolocation.retract", investigation) and Event.RETRACT in events,
        "may_review": may(user, "geolocation.review", investigation)
        and geolocation.state == State.IN_REVIEW
        and not wrote_it,
    }
