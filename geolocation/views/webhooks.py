"""Webhooks: name an address, see what was sent to it, send again, end it. For editors."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evidence.errors import CatalogueError, NotFound
from evidence.keyset import cursor_read, cursor_write
from evidence.models import Investigation
from evidence.views.base import form_refuse, investigation_page
from geolocation.forms.webhooks import WebhookForm
from geolocation.models import Webhook, WebhookDelivery
from geolocation.services.webhooks import (
    delivery_again,
    webhook_add,
    webhook_end,
    webhook_of,
    webhook_resume,
)
from geolocation.webhooks.schedule import MOST_TRIES

PAGE_SIZE = 50
_NEEDS = "geolocation.manage_webhooks"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@investigation_page(_NEEDS)
def index(request: HttpRequest, investigation: Investigation) -> HttpResponse:
    """List them, and name one more; its secret is on this page once."""
    form = WebhookForm(request.POST or None)
    added, secret = None, ""
    if request.method == "POST" and form.is_valid():
        try:
            added, secret = webhook_add(
                actor=request.user,
                investigation=investigation,
                url=form.cleaned_data["url"],
                events=form.cleaned_data["events"],
            )
            form = WebhookForm()
        except CatalogueError as error:
            form_refuse(form, error)
    context: dict[str, Any] = {
        "investigation": investigation,
        "form": form,
        "added": added,
        "secret": secret,
        "webhooks": Webhook.objects.filter(investigation=investigation, ended_at=None),
        "ended": Webhook.objects.filter(investigation=investigation).exclude(ended_at=None),
    }
    return render(request, "geolocation/webhooks.html", context)


@never_cache
@require_safe
@investigation_page(_NEEDS)
def log(request: HttpRequest, investigation: Investigation, webhook_id: int) -> HttpResponse:
    """What was sent to one address, and what came of it."""
    webhook = webhook_of(investigation=investigation, webhook_id=webhook_id)
    deliveries = webhook.deliveries.order_by("-pk")
    before = cursor_read(request.GET.get("cursor") or None)
    if before is not None:
        deliveries = deliveries.filter(pk__lt=before)
    rows = list(deliveries[: PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    context = {
        "investigation": investigation,
        "webhook": webhook,
        "deliveries": shown,
        "most_tries": MOST_TRIES,
        "is_continued": before is not None,
        "next_cursor": cursor_write(shown[-1].pk) if len(rows) > PAGE_SIZE else "",
    }
    return render(request, "geolocation/webhook_log.html", context)


@require_POST
@investigation_page(_NEEDS)
def end(request: HttpRequest, investigation: Investigation, webhook_id: int) -> HttpResponse:
    """Tell it nothing more."""
    webhook_end(actor=request.user, webhook=webhook_of(investigation=investigation, webhook_id=webhook_id))
    messages.success(request, _("The address is not told any more. What was sent stays in its log."))
    return redirect("geolocation:webhooks", investigation.code)


@require_POST
@investigation_page(_NEEDS)
def resume(request: HttpRequest, investigation: Investigation, webhook_id: int) -> HttpResponse:
    """Send again to an address that was paused."""
    webhook_resume(actor=request.user, webhook=webhook_of(investigation=investigation, webhook_id=webhook_id))
    messages.success(request, _("What waits is being sent now."))
    return redirect("geolocation:webhook-log", investigation.code, webhook_id)


@require_POST
@investigation_page(_NEEDS)
def again(
    request: HttpRequest, investigation: Investigation, webhook_id: int, delivery_id: int
) -> HttpResponse:
    """Send one message once more."""
    webhook = webhook_of(investigation=investigation, webhook_id=webhook_id)
    delivery = WebhookDelivery.objects.filter(webhook=webhook, pk=delivery_id).first()
    if delivery is None:
        raise NotFound(_("There is no such message."))
    try:
        delivery_again(actor=request.user, delivery=delivery)
        messages.success(request, _("The message is sent again, under the same id."))
    except CatalogueError as error:
        messages.error(request, error.sentence)
    return redirect("geolocation:webhook-log", investigation.code, webhook_id)
