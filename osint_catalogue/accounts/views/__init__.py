"""Pages of people: their tokens, their invitations, and who belongs to an investigation."""
