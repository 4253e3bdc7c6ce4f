UPDATE {rows} AS staged
SET
    verdict = CASE WHEN staged.digest = turned.first_digest THEN 'same' ELSE 'doubtful' END,
    reasons = CASE
        WHEN staged.digest = turned.first_digest THEN staged.reasons ELSE staged.reasons || %(twice)s::varchar
    END
FROM (
    SELECT
        number,
        row_number() OVER same_id AS turn,
        first_value(digest) OVER same_id AS first_digest
    FROM {rows}
    WHERE batch_id = %(batch)s AND verdict <> 'refused' AND upstream_id IN (
        SELECT upstream_id
        FROM {rows}
        WHERE batch_id = %(batch)s AND verdict <> 'refused'
        GROUP BY upstream_id
        HAVING count(*) > 1)
    WINDOW same_id AS (PARTITION BY upstream_id ORDER BY number)
) AS turned
WHERE staged.batch_id = %(batch)s AND staged.number = turned.number AND turned.turn > 1;
UPDATE {rows} AS staged
SET
    verdict = CASE
        WHEN staged.digest = known.digest THEN 'same'
        WHEN staged.verdict = 'new' THEN 'changed'
        ELSE staged.verdict
    END
FROM geolocation_importedpoint AS known
WHERE
    staged.batch_id = %(batch)s AND staged.verdict IN ('new', 'doubtful')
    AND known.investigation_id = %(investigation)s
    AND known.format = %(format)s
    AND known.upstream_id = staged.upstream_id
