-- One line a feature, with exactly the members of geolocation.exports.geojson.feature; a test compares the two.
-- POINTS stands for the query of the points that were asked for. Neither the quote nor the delimiter named at the
-- end occurs in JSON, so no line is quoted or escaped: each leaves as it was written.
COPY (
    SELECT '{"type":"Feature","id":"' || uid || '","geometry":{"type":"Point","coordinates":[' || longitude || ','
        || latitude || ']},"properties":' || properties || '}'
    FROM (POINTS) AS point
) TO STDOUT (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')
