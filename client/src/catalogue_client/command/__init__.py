"""The command `catalogue`."""
