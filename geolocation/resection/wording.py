"""What a resection says of itself, in sentences with figures."""

from __future__ import annotations

from collections.abc import Sequence

from geolocation.coordinates.sentences import Sentence, gettext_noop, say
from geolocation.resection.outcome import CameraEstimate, Status

TOO_FEW = gettext_noop(
    "%(given)s measurements cannot give %(unknown)s unknowns. Add a landmark, or give the field of view."
)
NO_FIT = gettext_noop(
    "No place of the camera explains these landmarks together. Look again at their order and positions."
)
PLACE = gettext_noop(
    "The camera stood within an ellipse of %(major)s by %(minor)s (95 %%), its long axis towards %(axis)s°; "
    "it looked towards %(heading)s° ± %(heading_error)s°, with a field of view of %(field)s° "
    "± %(field_error)s°."
)
AMBIGUOUS = gettext_noop(
    "%(count)s places explain the landmarks equally well, up to %(apart)s apart. All are named; "
    "a further landmark, or the field of view, can decide."
)
UNCHECKED = gettext_noop(
    "There are just enough landmarks for one answer and none to check it: a wrong one would not be noticed."
)
OUTLIER = gettext_noop(
    "%(label)s does not fit the others and is left out: it appears %(angle)s° (%(pixels)s pixels) from where "
    "this camera would see it."
)
SUSPECTS = gettext_noop(
    "One of these landmarks is wrong and the measurements cannot tell which: %(labels)s. All are kept."
)
CONTRADICTORY = gettext_noop(
    "The landmarks fit worse than their stated errors allow; the ellipse is widened %(scale)s times for that."
)
ESTIMATED = gettext_noop(
    "The size of the errors is estimated from %(count)s spare measurements: "
    "%(scale)s times the usual ± 3 pixels."
)
NOT_ESTIMATED = gettext_noop(
    "No measurement is left over to estimate the errors from; ± 3 pixels are assumed."
)
SOLVED_FIELD = gettext_noop("The field of view was solved together with the position, not given.")
REASONS = {
    "long_ellipse": gettext_noop(
        "Too weak to place the camera: the ellipse reaches %(share)s %% of the distance to the landmarks."
    ),
    "crooked": gettext_noop(
        "Too weak for an ellipse: the region that fits is bent, and the ellipse only a rough picture of it."
    ),
    "ill_conditioned": gettext_noop("Too weak to place the camera: some unknowns cannot be told apart."),
    "tiny_spread": gettext_noop("Seen from the camera, all landmarks lie within %(spread)s° of each other."),
    "in_line": gettext_noop(
        "The landmarks lie almost on one line. One that stands far before or behind it would help."
    ),
    "on_circle": gettext_noop(
        "Camera and landmarks lie almost on one circle, from everywhere on which the angles are the same."
    ),
}


def metres(value: float) -> str:
    """A length as a person would say it."""
    if value >= 10_000:
        return f"{value / 1000:.0f} km"
    return f"{value:.0f} m" if value >= 10 else f"{value:.1f} m"


def of_camera(camera: CameraEstimate) -> Sentence:
    """Where the camera stood and looked."""
    return say(
        PLACE,
        major=metres(camera.ellipse.semi_major_m),
        minor=metres(camera.ellipse.semi_minor_m),
        axis=f"{camera.ellipse.orientation_deg:.0f}",
        heading=f"{camera.heading_deg:.1f}",
        heading_error=f"{2 * camera.heading_sigma_deg:.1f}",
        field=f"{camera.field_of_view_deg:.1f}",
        field_error=f"{2 * camera.field_of_view_sigma_deg:.1f}",
    )


def of_reasons(reasons: Sequence[str], *, share: float, spread_deg: float) -> list[Sentence]:
    """Why the geometry is weak."""
    figures = {"share": f"{100 * share:.0f}", "spread": f"{spread_deg:.1f}"}
    return [say(REASONS[each], **figures) for each in reasons]


def status_name(status: Status) -> str:
    """A status as words, ready for translation."""
    return STATUS_NAMES[status]


STATUS_NAMES = {
    Status.SOLVED: gettext_noop("Solved"),
    Status.WEAK: gettext_noop("Too weak to tell"),
    Status.AMBIGUOUS: gettext_noop("More than one place fits"),
    Status.NO_FIT: gettext_noop("Nothing fits"),
    Status.TOO_FEW: gettext_noop("Too few landmarks"),
}
