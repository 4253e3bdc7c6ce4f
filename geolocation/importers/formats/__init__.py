"""Files of other people's points, read row by row. Pure: no Django, clock or network."""
