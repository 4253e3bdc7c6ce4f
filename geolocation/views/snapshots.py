"""Snapshots: the list of an investigation with its form, and the page of each."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evidence.errors import CatalogueError, NotFound
from evidence.models import Investigation
from evidence.permissions import may, require
from evidence.views.base import form_refuse, investigation_page
from geolocation.forms.snapshots import SnapshotForm
from geolocation.models import Snapshot, VerifiedPoint
from geolocation.services.snapshots import left_since, snapshot_publish

# So many lines of each kind of change stand on the page; all of them are in the manifest.
SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@investigation_page("evidence.view")
def index(request: HttpRequest, investigation: Investigation) -> HttpResponse:
    """Those of one investigation, for its members; an editor publishes one more."""
    form = SnapshotForm(request.POST or None)
    if request.method == "POST":
        require(request.user, "geolocation.publish_snapshot", investigation)
        if form.is_valid():
            try:
                made = snapshot_publish(actor=request.user, investigation=investigation, **form.cleaned_data)
                messages.success(request, _("%(name)s is published.") % {"name": made.identifier})
                return redirect(made)
            except CatalogueError as error:
                form_refuse(form, error)
    context = {
        "investigation": investigation,
        "form": form,
        "snapshots": Snapshot.objects.filter(investigation=investigation).select_related("published_by"),
        "may_publish": may(request.user, "geolocation.publish_snapshot", investigation),
        "point_count": VerifiedPoint.objects.filter(investigation=investigation).count(),
    }
    return render(request, "geolocation/snapshots.html", context)


@require_safe
def snapshot(request: HttpRequest, name: str) -> HttpResponse:
    """One snapshot, for whoever may read its points: what it holds, what changed, what left since."""
    found = Snapshot.objects.readable_by(request.user).called(name)
    if found is None:
        raise NotFound(_("There is no such snapshot, or you may not read it."))
    left = left_since(found)
    context = {
        "snapshot": found,
        "investigation_of": found.investigation,
        "is_member": may(request.user, "evidence.view", found.investigation),
        "left": left[:SHOWN],
        "left_count": len(left),
        "changes": {kind: found.changelog[kind][:SHOWN] for kind in ("added", "changed", "removed")},
        "counts": {kind: len(found.changelog[kind]) for kind in ("added", "changed", "removed")},
        "following": Snapshot.objects.filter(previous=found).first(),
        "shown": SHOWN,
    }
    return render(request, "geolocation/snapshot.html", context)
