"""The review of a geolocation: its states and the reviewer's checklist. Pure."""
