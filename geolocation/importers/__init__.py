"""Other people's findings in: one module per foreign format, all landing unverified."""
