"""What the database holds whatever Python does: digests and custody are inserted, never changed."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % can be inserted, never updated or deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
END
$$;

CREATE TRIGGER custody_append_only BEFORE UPDATE OR DELETE ON evidence_custodyevent
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER custody_never_emptied BEFORE TRUNCATE ON evidence_custodyevent
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER mediafile_never_emptied BEFORE TRUNCATE ON evidence_mediafile
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER mediafile_digest_kept BEFORE UPDATE ON evidence_mediafile FOR EACH ROW
    WHEN (OLD.sha256 IS DISTINCT FROM NEW.sha256
        OR OLD.size_bytes IS DISTINCT FROM NEW.size_bytes
        OR OLD.role IS DISTINCT FROM NEW.role
        OR OLD.parent_id IS DISTINCT FROM NEW.parent_id
        OR OLD.media_item_id IS DISTINCT FROM NEW.media_item_id
        OR OLD.investigation_id IS DISTINCT FROM NEW.investigation_id)
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER mediafile_original_kept BEFORE DELETE ON evidence_mediafile FOR EACH ROW
    WHEN (OLD.role IN ('original', 'copy'))
    EXECUTE FUNCTION refuse_change();
"""

APPEND_ONLY_UNDONE = """
DROP TRIGGER mediafile_original_kept ON evidence_mediafile;
DROP TRIGGER mediafile_digest_kept ON evidence_mediafile;
DROP TRIGGER mediafile_never_emptied ON evidence_mediafile;
DROP TRIGGER custody_never_emptied ON evidence_custodyevent;
DROP TRIGGER custody_append_only ON evidence_custodyevent;
DROP FUNCTION refuse_change();
"""

# The hash is computed here again from the text that was hashed, and that text must say what the columns say.
CHAIN = r"""
CREATE FUNCTION custody_event_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last_sequence bigint := 0;
    last_hash text := repeat('0', 64);
    said jsonb;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('custody:' || NEW.investigation_id, 0));
    SELECT sequence, hash INTO last_sequence, last_hash FROM evidence_custodyevent
        WHERE investigation_id = NEW.investigation_id ORDER BY sequence DESC LIMIT 1;
    IF NOT FOUND THEN
        last_sequence := 0;
        last_hash := repeat('0', 64);
    END IF;
    IF NEW.sequence <> last_sequence + 1 THEN
        RAISE EXCEPTION 'custody event % follows %', NEW.sequence, last_sequence
            USING ERRCODE = 'check_violation', CONSTRAINT = 'custody_no_gap';
    END IF;
    IF NEW.previous_hash <> last_hash THEN
        RAISE EXCEPTION 'custody event % does not hold the hash of the one before it', NEW.sequence
            USING ERRCODE = 'check_violation', CONSTRAINT = 'custody_chained';
    END IF;
    IF NEW.hash <> encode(sha256(convert_to(NEW.previous_hash || E'\n' || NEW.canonical, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'the hash of custody event % is not that of its text', NEW.sequence
            USING ERRCODE = 'check_violation', CONSTRAINT = 'custody_hash_true';
    END IF;
    said := NEW.canonical::jsonb;
    IF (said ->> 'sequence')::bigint IS DISTINCT FROM NEW.sequence
        OR said ->> 'action' IS DISTINCT FROM NEW.action
        OR (said ->> 'actor')::bigint IS DISTINCT FROM NEW.actor_id
        OR said ->> 'actor_name' IS DISTINCT FROM NEW.actor_name
        OR said ->> 'object_type' IS DISTINCT FROM NEW.object_type
        OR said ->> 'object_reference' IS DISTINCT FROM NEW.object_reference
        OR said -> 'details' IS DISTINCT FROM NEW.details
        OR (said ->> 'occurred_at')::timestamptz IS DISTINCT FROM NEW.occurred_at
    THEN
        RAISE EXCEPTION 'the columns of custody event % do not say what its text says', NEW.sequence
            USING ERRCODE = 'check_violation', CONSTRAINT = 'custody_columns_true';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER custody_chain BEFORE INSERT ON evidence_custodyevent
    FOR EACH ROW EXECUTE FUNCTION custody_event_guard();
"""

CHAIN_UNDONE = """
DROP TRIGGER custody_chain ON evidence_custodyevent;
DROP FUNCTION custody_event_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]
    operations = [
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_UNDONE),
        migrations.RunSQL(CHAIN, CHAIN_UNDONE),
    ]
