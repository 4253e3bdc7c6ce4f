-- The outermost cells of zoom 8 that hold anything: west, east, north, south. Found from those of zoom 4, for
-- one of them is a whole tile of zoom 8.
WITH wide AS (
    SELECT DISTINCT tile_x * 16 + cell %% 16 AS x, tile_y * 16 + cell / 16 AS y FROM geolocation_tilecell
    WHERE investigation_id = ANY(%(investigations)s::bigint[]) AND zoom = 4
        AND status = ANY(%(statuses)s::text[]) AND period = 0 AND points > 0
), edge AS (
    SELECT min(x) AS west, max(x) AS east, min(y) AS north, max(y) AS south FROM wide
), rim AS (
    SELECT wide.x::smallint, wide.y::smallint FROM wide, edge
    WHERE wide.x IN (west, east) OR wide.y IN (north, south)
)
SELECT min(tile_x * 16 + cell %% 16), max(tile_x * 16 + cell %% 16),
    min(tile_y * 16 + cell / 16), max(tile_y * 16 + cell / 16)
FROM rim JOIN geolocation_tilecell ON zoom = 8 AND tile_x = rim.x AND tile_y = rim.y
WHERE investigation_id = ANY(%(investigations)s::bigint[]) AND status = ANY(%(statuses)s::text[])
    AND period = 0 AND points > 0
