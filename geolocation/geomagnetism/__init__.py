"""Magnetic declination from the World Magnetic Model."""
