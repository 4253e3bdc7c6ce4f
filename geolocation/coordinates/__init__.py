"""Positions: read from any usual notation, checked, and written again. Pure: no Django, clock or network."""
