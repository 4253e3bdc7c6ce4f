-- One line a feature, with exactly the members of geolocation.exports.geojson.feature; a test compares the two.
-- POINTS stands for the query of the points that were asked for. Neither the quote nor the delimiter named at the
-- end occurs in JSON, so no line is quoted or escaped: each leaves as it was written.
COPY (
    SELECT json_build_object(
        'type', 'Feature',
        'id', point.uid,
        'geometry', json_build_object(
            'type', 'Point', 'coordinates', json_build_array(point.longitude, point.latitude)),
        'properties', (SELECT row_to_json(properties) FROM (SELECT
            investigation.code AS investigation,
            proposal.reference AS reference,
            point.media_reference,
            point.title,
            point.media_kind AS kind,
            point.uncertainty_m,
            point.position_role,
            point.camera_latitude,
            point.camera_longitude,
            point.subject_latitude,
            point.subject_longitude,
            point.place_name,
            utc_text(point.captured_from) AS captured_from,
            utc_text(point.captured_to) AS captured_to,
            point.captured_on,
            point.claim_references AS claims,
            point.source_url,
            point.licence,
            point.attribution,
            wording.number AS revision,
            utc_text(point.verified_at) AS verified_at,
            point.verified_by,
            utc_text(point.updated_at) AS updated_at
        ) AS properties))
    FROM (POINTS) AS point
    JOIN evidence_investigation AS investigation ON investigation.id = point.investigation_id
    JOIN geolocation_geolocation AS proposal ON proposal.id = point.geolocation_id
    JOIN geolocation_geolocationrevision AS wording ON wording.id = point.revision_id
) TO STDOUT (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')
