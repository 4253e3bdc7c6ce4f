INSERT INTO geolocation_stagedrow AS kept (
    batch_id, number, upstream_id, digest, verdict, reasons, latitude, longitude, "row", private, payload,
    sentence)
SELECT
    %(batch)s, judged.number, judged.upstream_id, judged.digest,
    CASE
        WHEN judged.is_refused THEN 'refused'
        WHEN judged.turn > 1 AND judged.digest = judged.first_digest THEN 'same'
        WHEN known.digest = judged.digest THEN 'same'
        WHEN judged.turn > 1 OR judged.reasons <> '{}' THEN 'doubtful'
        WHEN known.id IS NOT NULL THEN 'changed'
        ELSE 'new'
    END,
    CASE
        WHEN judged.turn > 1 AND judged.digest <> judged.first_digest THEN judged.reasons || %(twice)s::varchar
        ELSE judged.reasons
    END,
    judged.latitude, judged.longitude, judged."row", judged.private, judged.payload, ''
FROM (
    SELECT
        *,
        CASE WHEN is_refused THEN 1 ELSE row_number() OVER same_id END AS turn,
        first_value(digest) OVER same_id AS first_digest
    FROM import_incoming
    WINDOW same_id AS (PARTITION BY is_refused, upstream_id ORDER BY number)
) AS judged
LEFT JOIN geolocation_importedpoint AS known
    ON known.investigation_id = %(investigation)s
    AND known.format = %(format)s
    AND known.upstream_id = judged.upstream_id
ON CONFLICT (batch_id, number) DO UPDATE SET
    upstream_id = excluded.upstream_id, digest = excluded.digest, verdict = excluded.verdict,
    reasons = excluded.reasons, latitude = excluded.latitude, longitude = excluded.longitude,
    "row" = excluded."row", private = excluded.private, payload = excluded.payload, sentence = '',
    applied_at = CASE WHEN kept.digest = excluded.digest THEN kept.applied_at END,
    let_in_by_id = CASE WHEN kept.digest = excluded.digest THEN kept.let_in_by_id END,
    kept_out_by_id = CASE WHEN kept.digest = excluded.digest THEN kept.kept_out_by_id END,
    decided_at = CASE WHEN kept.digest = excluded.digest THEN kept.decided_at END
