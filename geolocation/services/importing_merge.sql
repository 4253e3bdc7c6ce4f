INSERT INTO geolocation_stagedrow AS kept (
    id, batch_id, number, upstream_id, own_digest, verdict, reasons, latitude, longitude, "row", private,
    payload, sentence, is_media_alone)
SELECT
    id, batch_id, number, upstream_id, own_digest, verdict, reasons, latitude, longitude, "row", private,
    payload, sentence, is_media_alone
FROM import_incoming
ON CONFLICT (id) DO UPDATE SET
    upstream_id = excluded.upstream_id, own_digest = excluded.own_digest, verdict = excluded.verdict,
    reasons = excluded.reasons, latitude = excluded.latitude, longitude = excluded.longitude,
    "row" = excluded."row", private = excluded.private, payload = excluded.payload, sentence = '',
    is_media_alone = excluded.is_media_alone,
    applied_at = CASE WHEN {is_same} THEN kept.applied_at END,
    let_in_by_id = CASE WHEN {is_same} THEN kept.let_in_by_id END,
    kept_out_by_id = CASE WHEN {is_same} THEN kept.kept_out_by_id END,
    decided_at = CASE WHEN {is_same} THEN kept.decided_at END
