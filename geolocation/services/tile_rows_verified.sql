-- Verified points in the box of a tile, with their place in it.
-- As `VerifiedPointQuerySet.matching`: a recording known only by its day is compared by the day.
SELECT true AS is_point, id AS key, 'verified'::text AS status,
    (tile_place_x(longitude) >> (20 - %(zoom)s)) - (%(x)s::bigint << 12) AS px,
    (tile_place_y(latitude) >> (20 - %(zoom)s)) - (%(y)s::bigint << 12) AS py
FROM geolocation_verifiedpoint
WHERE position::geometry && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)
    AND investigation_id = ANY(%(investigations)s::bigint[])
    AND (%(start)s::timestamptz IS NULL
        OR captured_to >= %(start)s OR captured_on >= (%(start)s AT TIME ZONE 'UTC')::date)
    AND (%(end)s::timestamptz IS NULL
        OR captured_from <= %(end)s OR captured_on <= (%(end)s AT TIME ZONE 'UTC')::date)
