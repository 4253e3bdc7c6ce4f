-- The points as lines of CSV; the word after SELECT stands for the columns of geolocation.exports.csv.COLUMNS and
-- POINTS for the query of the points that were asked for. NULL is an empty cell, an empty text is "".
COPY (
    SELECT VALUES
    FROM (POINTS) AS point
    JOIN evidence_investigation AS investigation ON investigation.id = point.investigation_id
    JOIN geolocation_geolocation AS proposal ON proposal.id = point.geolocation_id
    JOIN geolocation_geolocationrevision AS wording ON wording.id = point.revision_id
) TO STDOUT (FORMAT csv)
