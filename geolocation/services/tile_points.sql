-- One tile of points. FOUND stands for the rows in the box: kind of row, its key, status and place in the tile.
-- With few of them each says what it is; with many they are marks alone, so that the tile stays small.
WITH found AS MATERIALIZED (
    -- The fence keeps the place from being computed twice, for the condition and for the row.
    SELECT * FROM (SELECT * FROM (FOUND) AS inside OFFSET 0) AS fitting
    WHERE px BETWEEN 0 AND 4095 AND py BETWEEN 0 AND 4095
    LIMIT %(limit)s
), counted AS MATERIALIZED (
    SELECT count(*) AS points FROM found
)
SELECT counted.points,
    CASE WHEN counted.points <= %(described)s THEN (
        SELECT ST_AsMVT(feature, 'points', 4096, 'geom') FROM (
            SELECT point.uid::text AS id, proposal.reference, point.media_reference, point.media_kind AS kind,
                left(point.title, 100) AS title, nullif(left(point.place_name, 100), '') AS place_name,
                tile_day(point.captured_on, point.captured_from, point.captured_to)::text AS captured,
                found.status, point.uncertainty_m, point.position_role, point.disclosure,
                left(array_to_string(point.verified_by, ', '), 100) AS verified_by,
                ST_MakePoint(found.px, found.py) AS geom
            FROM found
            JOIN geolocation_verifiedpoint AS point ON point.id = found.key
            JOIN geolocation_geolocation AS proposal ON proposal.id = point.geolocation_id
            WHERE found.is_point
            UNION ALL
            SELECT proposal.uid::text, proposal.reference, item.reference, item.kind, left(item.title, 100),
                left((
                    SELECT string_agg(name, ' / ' ORDER BY place) FROM (
                        SELECT name, is_shown, row_number() OVER (ORDER BY position, id) AS place
                        FROM evidence_placename WHERE place_id = item.place_id
                    ) AS named WHERE place = 1 OR is_shown
                ), 100),
                tile_day(wording.captured_on, wording.captured_from, wording.captured_to)::text,
                found.status, coalesce(wording.camera_uncertainty_m, wording.subject_uncertainty_m),
                CASE WHEN wording.camera_latitude IS NULL THEN 'subject' ELSE 'camera' END, NULL, NULL,
                ST_MakePoint(found.px, found.py)
            FROM found
            JOIN geolocation_geolocation AS proposal ON proposal.id = found.key
            JOIN geolocation_geolocationrevision AS wording ON wording.id = proposal.current_revision_id
            JOIN evidence_mediaitem AS item ON item.id = proposal.media_item_id
            WHERE NOT found.is_point
        ) AS feature)
    ELSE (
        SELECT ST_AsMVT(feature, 'points', 4096, 'geom') FROM (
            SELECT status, ST_MakePoint(px, py) AS geom FROM found LIMIT %(most)s
        ) AS feature)
    END
FROM counted
