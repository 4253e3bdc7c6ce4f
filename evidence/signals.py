"""What happened to evidence, for rooms above that must follow: checks run again when an input changes.

Each is sent inside the transaction that made the change, with `item`: the MediaItem it concerns.
"""

from django.dispatch import Signal

appearance_added = Signal()
# Sent once with `items`, a sequence, in place of `appearance_added` for each.
appearances_added = Signal()
media_changed = Signal()
# The file says something else than it was known to say; not for readers whose answer no check compares.
reading_finished = Signal()
claim_links_changed = Signal()
# It looks like another item, or a person decided whether it does; sent for each of the two.
likeness_changed = Signal()

# Sent with `investigation` and `changed`, the names of the fields: title, period, area, licence and the like.
investigation_changed = Signal()

# Sent with `actor` and `investigation` after blind second geolocation was switched on or off.
blind_changed = Signal()

# Sent with `investigation`, `user` and `role_before` when somebody stopped being what they were in it.
member_changed = Signal()
