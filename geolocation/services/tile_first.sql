-- The first month in which a capture begins, as year * 100 + month: the whole world is one tile of 256 cells.
SELECT min(period) FROM geolocation_tilecell
WHERE investigation_id = ANY(%(investigations)s::bigint[]) AND zoom = 0 AND tile_x = 0 AND tile_y = 0
    AND status = ANY(%(statuses)s::text[]) AND period > 9999 AND points > 0
