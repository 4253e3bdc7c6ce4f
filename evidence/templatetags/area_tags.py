"""The area of an investigation as a page hands it to its map."""

from __future__ import annotations

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString

from evidence.models import Investigation

register = template.Library()


@register.simple_tag
def investigation_area(investigation: Investigation) -> SafeString:
    """A JSON script `investigation-area` with its rings as [longitude, latitude]; nothing without an area."""
    if not investigation.area:
        return SafeString("")
    return json_script([list(polygon[0]) for polygon in investigation.area.coords], "investigation-area")
