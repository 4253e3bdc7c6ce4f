UPDATE {rows} AS staged
SET
    verdict = CASE WHEN turned.digest = turned.first_digest THEN 'same' ELSE 'doubtful' END,
    reasons = CASE
        WHEN turned.digest = turned.first_digest THEN staged.reasons ELSE staged.reasons || %(twice)s::varchar
    END
FROM (
    SELECT
        id,
        digest,
        row_number() OVER same_id AS turn,
        first_value(digest) OVER same_id AS first_digest
    FROM (
        SELECT id, number, upstream_id, geolocation_staged_digest(own_digest, "row") AS digest
        FROM {rows}
        WHERE id >= %(first)s AND id < %(beyond)s AND verdict <> 'refused' AND upstream_id IN (
            SELECT upstream_id
            FROM {rows}
            WHERE id >= %(first)s AND id < %(beyond)s AND verdict <> 'refused'
            GROUP BY upstream_id
            HAVING count(*) > 1)
    ) AS repeated
    WINDOW same_id AS (PARTITION BY upstream_id ORDER BY number)
) AS turned
WHERE staged.id = turned.id AND turned.turn > 1;
UPDATE {rows} AS staged
SET
    verdict = CASE
        WHEN geolocation_staged_digest(staged.own_digest, staged."row") = known.digest THEN 'same'
        WHEN staged.verdict = 'new' THEN 'changed'
        ELSE staged.verdict
    END
FROM geolocation_importedpoint AS known
WHERE
    staged.id >= %(first)s AND staged.id < %(beyond)s AND staged.verdict IN ('new', 'doubtful')
    AND known.investigation_id = %(investigation)s
    AND known.format = %(format)s
    AND known.upstream_id = staged.upstream_id
