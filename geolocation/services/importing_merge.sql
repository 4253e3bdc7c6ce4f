INSERT INTO geolocation_stagedrow AS kept (
    batch_id, number, upstream_id, digest, verdict, reasons, latitude, longitude, "row", private, payload,
    sentence, is_media_alone)
SELECT
    batch_id, number, upstream_id, digest, verdict, reasons, latitude, longitude, "row", private, payload,
    sentence, is_media_alone
FROM import_incoming
ON CONFLICT (batch_id, number) DO UPDATE SET
    upstream_id = excluded.upstream_id, digest = excluded.digest, verdict = excluded.verdict,
    reasons = excluded.reasons, latitude = excluded.latitude, longitude = excluded.longitude,
    "row" = excluded."row", private = excluded.private, payload = excluded.payload, sentence = '', is_media_alone = excluded.is_media_alone,
    applied_at = CASE WHEN kept.digest = excluded.digest THEN kept.applied_at END,
    let_in_by_id = CASE WHEN kept.digest = excluded.digest THEN kept.let_in_by_id END,
    kept_out_by_id = CASE WHEN kept.digest = excluded.digest THEN kept.kept_out_by_id END,
    decided_at = CASE WHEN kept.digest = excluded.digest THEN kept.decided_at END
