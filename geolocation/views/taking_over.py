"""Take the geolocation of a confirmed copy over as a draft of one's own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from evidence.models import Investigation
from evidence.views.base import investigation_page
from evidence.views.media import item_of
from geolocation.services.taking_over import geolocation_take_over


@require_POST
@investigation_page("geolocation.propose")
def take_over(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponseBase:
    """Make the draft and open it for a look; nothing is submitted."""
    item = item_of(investigation, reference)
    made = geolocation_take_over(
        actor=request.user, media_item=item, reference=request.POST.get("geolocation", "")
    )
    messages.success(
        request,
        _("Taken over as the draft %(reference)s. Look whether it holds for this copy, then submit it.")
        % {"reference": made.reference},
    )
    return redirect("geolocation:revise", investigation.code, made.reference)
