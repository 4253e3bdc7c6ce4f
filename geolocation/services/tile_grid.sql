-- One tile of the grid: a feature a cell that holds anything, at the mean of its positions.
WITH counted AS (
    SELECT part.cell, sum(part.points) AS points, sum(part.sum_x) AS sum_x, sum(part.sum_y) AS sum_y,
        min(part.status) AS first_status, max(part.status) AS last_status
    FROM unnest(%(lows)s::integer[], %(highs)s::integer[]) AS span(low, high)
    CROSS JOIN LATERAL (
        SELECT * FROM geolocation_tilecell
        WHERE investigation_id = ANY(%(investigations)s::bigint[])
            AND zoom = %(zoom)s AND tile_x = %(x)s AND tile_y = %(y)s
            AND status = ANY(%(statuses)s::text[]) AND period BETWEEN span.low AND span.high
            AND points > 0
        OFFSET 0
    ) AS part
    GROUP BY part.cell
)
SELECT ST_AsMVT(feature, 'clusters', 4096, 'geom')
FROM (
    SELECT points::bigint AS point_count,
        CASE WHEN first_status = last_status THEN first_status END AS status,
        ST_MakePoint(
            ((sum_x / points)::bigint >> (20 - %(zoom)s)) - (%(x)s::bigint << 12),
            ((sum_y / points)::bigint >> (20 - %(zoom)s)) - (%(y)s::bigint << 12)
        ) AS geom
    FROM counted
) AS feature
