"""An index of the points on the plane of degrees, for boxes and geometries that OGC clients ask for.

The index of the geography serves distances on the globe; edges of a bbox or a polygon of GeoJSON are straight
lines in degrees, so the geography's index cannot answer for them.
"""

from django.db import migrations

FORWARD = """
CREATE INDEX verifiedpoint_plane ON geolocation_verifiedpoint USING gist ((position::geometry));
CREATE INDEX verifiedpoint_verified ON geolocation_verifiedpoint (verified_at, id);
CREATE INDEX verifiedpoint_uncertainty ON geolocation_verifiedpoint (uncertainty_m, id);
"""
BACKWARD = """
DROP INDEX verifiedpoint_plane;
DROP INDEX verifiedpoint_verified;
DROP INDEX verifiedpoint_uncertainty;
"""


class Migration(migrations.Migration):
    dependencies = [("geolocation", "0009_taken_over")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
