"""The small picture of a check, from the figures that the check stored: parts of an SVG and its words."""

from geolocation.drawings.picture import Part, Picture
from geolocation.drawings.registry import picture_of

__all__ = ["Part", "Picture", "picture_of"]
