-- How many lie in a tile of zoom 9 to 12: the cells of zoom 8 that make it up.
SELECT coalesce(sum(points), 0) FROM geolocation_tilecell
WHERE investigation_id = ANY(%(investigations)s::bigint[]) AND zoom = 8
    AND tile_x = %(parent_x)s AND tile_y = %(parent_y)s AND status = ANY(%(statuses)s::text[]) AND period = 0
    AND cell = ANY(%(cells)s::smallint[])
