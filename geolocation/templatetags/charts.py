"""A chart as inline SVG: classes and attributes only, so the content security policy holds."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from geolocation.drawings.chart import Chart
from geolocation.templatetags.check_drawings import element_of

register = template.Library()


@register.simple_tag
def chart(drawn: Chart, kind: str) -> SafeString:
    """The chart as an `<svg>` of a class for its kind, with its words for who cannot see it."""
    return format_html(
        '<svg class="chart chart--{}" viewBox="{}" role="img" aria-label="{}">{}</svg>',
        kind,
        drawn.view_box,
        drawn.words,
        format_html_join("", "{}", ((element_of(each),) for each in drawn.parts)),
    )
