"""Moments as text, written by the database as geolocation.exports.base.utc_text writes them."""

from django.db import migrations

UTC_TEXT = """
CREATE FUNCTION utc_text(moment timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS' || CASE
        WHEN mod(date_part('microseconds', moment)::int, 1000000) = 0 THEN '"Z"'
        WHEN mod(date_part('microseconds', moment)::int, 1000) = 0 THEN '.MS"Z"'
        ELSE '.US"Z"' END)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("geolocation", "0002_invariants")]
    operations = [migrations.RunSQL(UTC_TEXT, "DROP FUNCTION utc_text(timestamptz);")]
