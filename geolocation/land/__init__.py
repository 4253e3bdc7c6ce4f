"""Whether a position lies on land or on water, as far as a coarse offline mask can tell."""
