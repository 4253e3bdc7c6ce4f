"""What every shape of a proposal shares: unknown fields are refused, and so is a text that is no position."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from evidence.api.base import refuse_unknown
from geolocation.coordinates.outcome import Refused
from geolocation.errors import PositionRefused


class TextRefused(PositionRefused):
    """A text that is not one position; `details` carry the readings it could have."""

    def __init__(self, refused: Refused, *, field: str) -> None:
        sentence = refused.sentence
        super().__init__(_(sentence.template) % sentence.values, field=field)
        answer = refused.to_json()
        self.details = {"reason": answer["reason"], "readings": answer["readings"]}


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields it does not know, so that a misspelled one is not lost in silence."""

    def to_internal_value(self, data: Any) -> Any:
        value = super().to_internal_value(data)
        refuse_unknown(self, data)
        return value
