"""Telling other programs: signatures, addresses that may be asked, one request, and when to try again."""
