"""What a verified point says, kept beside it as the JSON that every page, feed and file gives out.

Written by the database whenever the row is, from the row and from three texts that never change, so that a
page of a thousand points is read and not made. The trigger fires for replicated and bulk-loaded rows too.
"""

from django.db import migrations, models

# The members of geolocation.exports.geojson.properties, in their order; a test compares the two.
FORWARD = """
CREATE FUNCTION point_properties(point geolocation_verifiedpoint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT row_to_json(properties)::text FROM (SELECT
        investigation.code AS investigation,
        proposal.reference AS reference,
        point.media_reference,
        point.title,
        point.media_kind AS kind,
        point.uncertainty_m,
        point.position_role,
        point.disclosure,
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
    FROM evidence_investigation AS investigation, geolocation_geolocation AS proposal,
        geolocation_geolocationrevision AS wording
    WHERE investigation.id = point.investigation_id AND proposal.id = point.geolocation_id
        AND wording.id = point.revision_id
    ) AS properties
$$;

CREATE FUNCTION point_properties_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.properties := point_properties(NEW);
    RETURN NEW;
END
$$;

ALTER TABLE geolocation_verifiedpoint DISABLE TRIGGER USER;
UPDATE geolocation_verifiedpoint AS point SET properties = point_properties(point);
ALTER TABLE geolocation_verifiedpoint ENABLE TRIGGER USER;

CREATE TRIGGER point_properties BEFORE INSERT OR UPDATE ON geolocation_verifiedpoint
    FOR EACH ROW EXECUTE FUNCTION point_properties_follow();
ALTER TABLE geolocation_verifiedpoint ENABLE ALWAYS TRIGGER point_properties;
"""
BACKWARD = """
DROP TRIGGER point_properties ON geolocation_verifiedpoint;
DROP FUNCTION point_properties_follow();
DROP FUNCTION point_properties(geolocation_verifiedpoint);
"""


class Migration(migrations.Migration):
    dependencies = [("geolocation", "0012_disclosure")]

    operations = [
        migrations.AddField(
            model_name="verifiedpoint",
            name="properties",
            field=models.TextField(default="", editable=False),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AddIndex(
            model_name="verifiedpoint",
            index=models.Index(
                fields=["id"],
                include=(
                    *("investigation", "latitude", "longitude"),
                    *("captured_on", "captured_from", "captured_to"),
                ),
                name="verifiedpoint_walk",
            ),
        ),
    ]
