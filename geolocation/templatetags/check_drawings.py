"""The picture of a check as inline SVG: classes and attributes only, so the content security policy holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from geolocation.drawings import Part, picture_of

register = template.Library()


@register.simple_tag
def check_drawing(drawing: Mapping[str, Any] | None) -> SafeString | str:
    """The drawing as an `<svg>` with its words for who cannot see it; empty where there is none."""
    picture = picture_of(drawing)
    if picture is None:
        return ""
    return format_html(
        '<svg class="drawing" viewBox="{}" role="img" aria-label="{}">{}</svg>',
        picture.view_box,
        picture.words,
        format_html_join("", "{}", ((element_of(part),) for part in picture.parts)),
    )


def element_of(part: Part) -> SafeString:
    """One element of an SVG."""
    attributes = part.attributes if not part.css_class else (("class", part.css_class), *part.attributes)
    written = format_html_join("", ' {}="{}"', attributes)
    return format_html("<{0}{1}>{2}</{0}>", part.name, written, part.text)
