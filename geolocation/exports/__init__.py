"""Verified points as bytes: each format is a generator of chunks over rows, in constant memory."""
