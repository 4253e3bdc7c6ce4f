"""What the database holds whatever Python does: nobody decides alone, and no point leaves unverified."""

from django.db import migrations

APPEND_ONLY = """
CREATE TRIGGER revision_append_only BEFORE UPDATE OR DELETE ON geolocation_geolocationrevision
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER revision_never_emptied BEFORE TRUNCATE ON geolocation_geolocationrevision
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER review_append_only BEFORE UPDATE OR DELETE ON geolocation_review
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER review_never_emptied BEFORE TRUNCATE ON geolocation_review
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

APPEND_ONLY_UNDONE = """
DROP TRIGGER review_never_emptied ON geolocation_review;
DROP TRIGGER review_append_only ON geolocation_review;
DROP TRIGGER revision_never_emptied ON geolocation_geolocationrevision;
DROP TRIGGER revision_append_only ON geolocation_geolocationrevision;
"""

OTHER_EYES = """
CREATE FUNCTION review_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM geolocation_geolocationrevision
               WHERE id = NEW.revision_id AND author_id = NEW.reviewer_id) THEN
        RAISE EXCEPTION 'nobody reviews a revision they wrote'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'review_by_somebody_else';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER review_by_somebody_else BEFORE INSERT ON geolocation_review
    FOR EACH ROW EXECUTE FUNCTION review_guard();
"""

OTHER_EYES_UNDONE = """
DROP TRIGGER review_by_somebody_else ON geolocation_review;
DROP FUNCTION review_guard();
"""

# Asked at the end of the transaction, of every table whose change could open the gate under a point:
# the point itself, its geolocation's state, a late rejection, and the number of approvals asked for.
GATE = """
CREATE FUNCTION verified_point_gate(wanted_geolocation bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    point geolocation_verifiedpoint%ROWTYPE;
    proposal geolocation_geolocation%ROWTYPE;
    wording geolocation_geolocationrevision%ROWTYPE;
    asked integer;
    approvals integer;
BEGIN
    SELECT * INTO point FROM geolocation_verifiedpoint WHERE geolocation_id = wanted_geolocation;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT * INTO proposal FROM geolocation_geolocation WHERE id = point.geolocation_id;
    SELECT * INTO wording FROM geolocation_geolocationrevision WHERE id = point.revision_id;
    SELECT required_approvals INTO asked FROM evidence_investigation WHERE id = proposal.investigation_id;
    SELECT count(*) INTO approvals FROM geolocation_review
        WHERE revision_id = point.revision_id AND decision = 'approve';
    IF proposal.state <> 'verified' THEN
        RAISE EXCEPTION 'geolocation % is %, not verified', proposal.reference, proposal.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'verified_point_state';
    END IF;
    IF proposal.current_revision_id IS DISTINCT FROM point.revision_id
        OR wording.geolocation_id <> proposal.id
        OR point.investigation_id <> proposal.investigation_id
        OR point.media_item_id <> proposal.media_item_id
        OR point.uid <> proposal.uid THEN
        RAISE EXCEPTION 'the point of geolocation % is not of its current revision', proposal.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'verified_point_current_revision';
    END IF;
    IF approvals < asked THEN
        RAISE EXCEPTION 'geolocation % has % of % approvals', proposal.reference, approvals, asked
            USING ERRCODE = 'check_violation', CONSTRAINT = 'verified_point_approvals';
    END IF;
    IF EXISTS (SELECT 1 FROM geolocation_review WHERE revision_id = point.revision_id AND decision = 'reject') THEN
        RAISE EXCEPTION 'geolocation % has an open rejection', proposal.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'verified_point_no_rejection';
    END IF;
    IF (point.latitude, point.longitude, point.uncertainty_m) IS DISTINCT FROM (
        CASE point.position_role WHEN 'camera' THEN wording.camera_latitude ELSE wording.subject_latitude END,
        CASE point.position_role WHEN 'camera' THEN wording.camera_longitude ELSE wording.subject_longitude END,
        CASE point.position_role WHEN 'camera' THEN wording.camera_uncertainty_m
            ELSE wording.subject_uncertainty_m END) THEN
        RAISE EXCEPTION 'the point of geolocation % is not where its revision says', proposal.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'verified_point_position';
    END IF;
END
$$;

CREATE FUNCTION gate_of_point() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM verified_point_gate(NEW.geolocation_id);
    RETURN NULL;
END
$$;
CREATE FUNCTION gate_of_geolocation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM verified_point_gate(NEW.id);
    RETURN NULL;
END
$$;
CREATE FUNCTION gate_of_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM verified_point_gate(
        (SELECT geolocation_id FROM geolocation_geolocationrevision WHERE id = NEW.revision_id));
    RETURN NULL;
END
$$;
CREATE FUNCTION gate_of_investigation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM verified_point_gate(geolocation_id) FROM geolocation_verifiedpoint WHERE investigation_id = NEW.id;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER verified_point_gate AFTER INSERT OR UPDATE ON geolocation_verifiedpoint
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION gate_of_point();
CREATE CONSTRAINT TRIGGER verified_point_gate AFTER UPDATE ON geolocation_geolocation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION gate_of_geolocation();
CREATE CONSTRAINT TRIGGER verified_point_gate AFTER INSERT ON geolocation_review
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION gate_of_review();
CREATE CONSTRAINT TRIGGER verified_point_gate AFTER UPDATE OF required_approvals ON evidence_investigation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION gate_of_investigation();
"""

GATE_UNDONE = """
DROP TRIGGER verified_point_gate ON evidence_investigation;
DROP TRIGGER verified_point_gate ON geolocation_review;
DROP TRIGGER verified_point_gate ON geolocation_geolocation;
DROP TRIGGER verified_point_gate ON geolocation_verifiedpoint;
DROP FUNCTION gate_of_investigation();
DROP FUNCTION gate_of_review();
DROP FUNCTION gate_of_geolocation();
DROP FUNCTION gate_of_point();
DROP FUNCTION verified_point_gate(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("geolocation", "0001_initial"), ("evidence", "0002_invariants")]
    operations = [
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_UNDONE),
        migrations.RunSQL(OTHER_EYES, OTHER_EYES_UNDONE),
        migrations.RunSQL(GATE, GATE_UNDONE),
    ]
