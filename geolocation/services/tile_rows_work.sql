-- The same of geolocations that are not verified: where their current revision says. Never a sealed one.
SELECT false AS is_point, proposal.id AS key, proposal.state::text AS status,
    (tile_place_x(coalesce(camera_longitude, subject_longitude)) >> (20 - %(zoom)s)) - (%(x)s::bigint << 12) AS px,
    (tile_place_y(coalesce(camera_latitude, subject_latitude)) >> (20 - %(zoom)s)) - (%(y)s::bigint << 12) AS py
FROM geolocation_geolocationrevision AS wording
JOIN geolocation_geolocation AS proposal ON proposal.current_revision_id = wording.id
WHERE coalesce(camera_position, subject_position)::geometry
        && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)
    AND proposal.investigation_id = ANY(%(investigations)s::bigint[])
    AND proposal.state <> 'verified' AND proposal.state = ANY(%(statuses)s::text[]) AND NOT proposal.is_sealed
    AND (%(start)s::timestamptz IS NULL
        OR captured_to >= %(start)s OR captured_on >= (%(start)s AT TIME ZONE 'UTC')::date)
    AND (%(end)s::timestamptz IS NULL
        OR captured_from <= %(end)s OR captured_on <= (%(end)s AT TIME ZONE 'UTC')::date)
