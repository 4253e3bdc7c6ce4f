"""What vector tiles of low zooms are made from: points counted in cells of a grid, and a version of it.

Both are written by triggers alone (`migrations/0014_tiles.py`), in the transaction that changes a
geolocation, and can be made again from the points at any time: `manage.py check_tiles --rebuild`.
"""

from __future__ import annotations

from django.db import models

from evidence.models import Investigation


class TileCell(models.Model):
    """How many geolocations of one status and period lie in one cell of one tile, and where on average.

    A tile has 16 by 16 cells, numbered by rows from the north-west. `period` is 0 for all time, a year
    (2023) or a month (202309) in which the capture begins. The sums are of positions in Web Mercator, in
    units of the world's width / 2**32, from the north-west: whole numbers, which can be taken away again
    without a rest. Sealed geolocations are in no cell.
    """

    pk = models.CompositePrimaryKey("investigation", "zoom", "tile_x", "tile_y", "status", "period", "cell")
    # Without a constraint of its own: it would be asked for each of 27 rows that one approval changes.
    investigation = models.ForeignKey(
        Investigation, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    zoom = models.SmallIntegerField()
    tile_x = models.SmallIntegerField()
    tile_y = models.SmallIntegerField()
    status = models.CharField(max_length=20, db_collation="C")
    period = models.IntegerField()
    cell = models.SmallIntegerField()
    points = models.IntegerField()
    sum_x = models.BigIntegerField()
    sum_y = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.points} in cell {self.cell} of {self.zoom}/{self.tile_x}/{self.tile_y}"


class TileVersion(models.Model):
    """Numbers that change whenever tiles of an investigation do. None is ever used twice.

    `verified` follows the verified points alone, `everything` the other geolocations too. Whoever changes
    the cells of an investigation holds its row until the commit.
    """

    investigation = models.OneToOneField(
        Investigation, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    verified = models.BigIntegerField(default=0)
    everything = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.verified} / {self.everything}"
