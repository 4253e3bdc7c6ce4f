"""The grid behind vector tiles of low zooms, kept by triggers in the transaction that changes a geolocation.

A writer only notes what it changes (`geolocation_tilepending`, insert-only, so nobody waits for anybody). A
deferred trigger adds the notes up at the commit: first it takes the version rows of the investigations in
order, then it changes their cells. So two writers meet for the length of a commit, and never each holding
what the other wants. Notes are deleted before they are committed: nobody ever sees those of another.
"""

import django.db.models.deletion
from django.db import migrations, models

# Positions in Web Mercator, in units of the world's width / 2**32; what lies beyond its edges counts at them.
ARITHMETIC = """
CREATE FUNCTION tile_place_x(longitude double precision) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT least(4294967295, greatest(0, floor((longitude + 180) / 360 * 4294967296)))::bigint
$$;
CREATE FUNCTION tile_place_y(latitude double precision) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT least(4294967295, greatest(0, floor(
        (0.5 - atanh(sind(least(86, greatest(-86, latitude)))) / (2 * pi())) * 4294967296)))::bigint
$$;
CREATE FUNCTION tile_day(captured_on date, captured_from timestamptz, captured_to timestamptz) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(captured_on, (coalesce(captured_from, captured_to) AT TIME ZONE 'UTC')::date)
$$;
-- Every cell that a position counts in: zooms 0 to 8; all time and, if the day is known, its year and month.
CREATE FUNCTION tile_keys(x bigint, y bigint, day date)
RETURNS TABLE (zoom smallint, tile_x smallint, tile_y smallint, period integer, cell smallint)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT level::smallint, (x >> (32 - level))::smallint, (y >> (32 - level))::smallint, span,
        (((y >> (28 - level)) & 15) * 16 + ((x >> (28 - level)) & 15))::smallint
    FROM generate_series(0, 8) AS level
    CROSS JOIN LATERAL unnest(CASE WHEN day IS NULL THEN ARRAY[0] ELSE ARRAY[0,
        extract(year FROM day)::integer,
        extract(year FROM day)::integer * 100 + extract(month FROM day)::integer] END) AS span
$$;
-- What is counted: verified points as they are, and of the others the current revision, unless it is sealed.
CREATE VIEW geolocation_tilesource AS
SELECT investigation_id, 'verified'::text AS status, tile_place_x(longitude) AS x, tile_place_y(latitude) AS y,
    tile_day(captured_on, captured_from, captured_to) AS day
FROM geolocation_verifiedpoint
UNION ALL
SELECT proposal.investigation_id, proposal.state,
    tile_place_x(coalesce(wording.camera_longitude, wording.subject_longitude)),
    tile_place_y(coalesce(wording.camera_latitude, wording.subject_latitude)),
    tile_day(wording.captured_on, wording.captured_from, wording.captured_to)
FROM geolocation_geolocation AS proposal
JOIN geolocation_geolocationrevision AS wording ON wording.id = proposal.current_revision_id
WHERE proposal.state <> 'verified' AND NOT proposal.is_sealed;
-- For boxes of the plane, as `verifiedpoint_plane` is for the verified ones.
CREATE INDEX revision_plane ON geolocation_geolocationrevision
    USING gist ((coalesce(camera_position, subject_position)::geometry));
"""

ARITHMETIC_UNDONE = """
DROP INDEX revision_plane;
DROP VIEW geolocation_tilesource;
DROP FUNCTION tile_keys(bigint, bigint, date);
DROP FUNCTION tile_day(date, timestamptz, timestamptz);
DROP FUNCTION tile_place_y(double precision);
DROP FUNCTION tile_place_x(double precision);
"""

# Unlogged: no row of it outlives its transaction.
NOTES = """
CREATE SEQUENCE geolocation_tileversion_number;
CREATE UNLOGGED TABLE geolocation_tilepending (
    investigation_id bigint NOT NULL, status text NOT NULL, x bigint NOT NULL, y bigint NOT NULL, day date,
    points integer NOT NULL);

CREATE FUNCTION tile_note_point() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO geolocation_tilepending VALUES (OLD.investigation_id, 'verified',
            tile_place_x(OLD.longitude), tile_place_y(OLD.latitude),
            tile_day(OLD.captured_on, OLD.captured_from, OLD.captured_to), -1);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO geolocation_tilepending VALUES (NEW.investigation_id, 'verified',
            tile_place_x(NEW.longitude), tile_place_y(NEW.latitude),
            tile_day(NEW.captured_on, NEW.captured_from, NEW.captured_to), 1);
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION tile_note_work(proposal geolocation_geolocation, counted integer) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO geolocation_tilepending
    SELECT proposal.investigation_id, proposal.state,
        tile_place_x(coalesce(camera_longitude, subject_longitude)),
        tile_place_y(coalesce(camera_latitude, subject_latitude)),
        tile_day(captured_on, captured_from, captured_to), counted
    FROM geolocation_geolocationrevision
    WHERE id = proposal.current_revision_id AND proposal.state <> 'verified' AND NOT proposal.is_sealed
$$;
CREATE FUNCTION tile_note_geolocation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM tile_note_work(OLD, -1);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM tile_note_work(NEW, 1);
    END IF;
    RETURN NULL;
END
$$;

-- No cell changes, but what single points say does.
CREATE FUNCTION tile_note_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO geolocation_tilepending VALUES (NEW.investigation_id, 'described', 0, 0, NULL, 0);
    RETURN NULL;
END
$$;
CREATE FUNCTION tile_note_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO geolocation_tilepending
        SELECT investigation_id, 'described', 0, 0, NULL, 0 FROM evidence_place
        WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.place_id ELSE NEW.place_id END;
    RETURN NULL;
END
$$;

CREATE TRIGGER tile_note AFTER INSERT OR DELETE ON geolocation_verifiedpoint
    FOR EACH ROW EXECUTE FUNCTION tile_note_point();
CREATE TRIGGER tile_note_changed AFTER UPDATE ON geolocation_verifiedpoint FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION tile_note_point();
CREATE TRIGGER tile_note AFTER INSERT OR DELETE ON geolocation_geolocation
    FOR EACH ROW EXECUTE FUNCTION tile_note_geolocation();
CREATE TRIGGER tile_note_changed AFTER UPDATE ON geolocation_geolocation FOR EACH ROW
    WHEN ((OLD.investigation_id, OLD.media_item_id, OLD.state, OLD.is_sealed, OLD.current_revision_id, OLD.reference)
        IS DISTINCT FROM
        (NEW.investigation_id, NEW.media_item_id, NEW.state, NEW.is_sealed, NEW.current_revision_id, NEW.reference))
    EXECUTE FUNCTION tile_note_geolocation();
CREATE TRIGGER tile_note_changed AFTER UPDATE ON evidence_mediaitem FOR EACH ROW
    WHEN ((OLD.reference, OLD.kind, OLD.title, OLD.place_id) IS DISTINCT FROM
        (NEW.reference, NEW.kind, NEW.title, NEW.place_id))
    EXECUTE FUNCTION tile_note_item();
CREATE TRIGGER tile_note AFTER INSERT OR UPDATE OR DELETE ON evidence_placename
    FOR EACH ROW EXECUTE FUNCTION tile_note_name();
"""

NOTES_UNDONE = """
DROP TRIGGER tile_note ON evidence_placename;
DROP TRIGGER tile_note_changed ON evidence_mediaitem;
DROP TRIGGER tile_note_changed ON geolocation_geolocation;
DROP TRIGGER tile_note ON geolocation_geolocation;
DROP TRIGGER tile_note_changed ON geolocation_verifiedpoint;
DROP TRIGGER tile_note ON geolocation_verifiedpoint;
DROP FUNCTION tile_note_name();
DROP FUNCTION tile_note_item();
DROP FUNCTION tile_note_geolocation();
DROP FUNCTION tile_note_work(geolocation_geolocation, integer);
DROP FUNCTION tile_note_point();
DROP TABLE geolocation_tilepending;
DROP SEQUENCE geolocation_tileversion_number;
"""

# A deferred trigger is asked for each row: the one row that a transaction has here, so that all of its notes are
# added up once, and a thousand notes change a cell once.
ADDED_UP = """
CREATE UNLOGGED TABLE geolocation_tilewriter (xact xid8 PRIMARY KEY);
CREATE FUNCTION tile_writer_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO geolocation_tilewriter VALUES (pg_current_xact_id()) ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER tile_writer_note AFTER INSERT ON geolocation_tilepending
    FOR EACH STATEMENT EXECUTE FUNCTION tile_writer_note();

CREATE FUNCTION tile_pending_add() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO geolocation_tileversion AS version (investigation_id, verified, everything)
        SELECT investigation_id,
            CASE WHEN is_verified THEN nextval('geolocation_tileversion_number') ELSE 0 END,
            nextval('geolocation_tileversion_number')
        FROM (SELECT investigation_id, bool_or(status = 'verified') AS is_verified
              FROM geolocation_tilepending GROUP BY investigation_id ORDER BY investigation_id) AS changed
        ON CONFLICT (investigation_id) DO UPDATE SET everything = EXCLUDED.everything,
            verified = CASE EXCLUDED.verified WHEN 0 THEN version.verified ELSE EXCLUDED.verified END;
    INSERT INTO geolocation_tilecell AS kept
        (investigation_id, zoom, tile_x, tile_y, status, period, cell, points, sum_x, sum_y)
        SELECT investigation_id, zoom, tile_x, tile_y, status, period, cell,
            sum(points), sum(points * x), sum(points * y)
        FROM geolocation_tilepending, tile_keys(x, y, day) AS key
        WHERE points <> 0
        GROUP BY investigation_id, zoom, tile_x, tile_y, status, period, cell
        HAVING (sum(points), sum(points * x), sum(points * y)) IS DISTINCT FROM (0, 0, 0)
        ON CONFLICT (investigation_id, zoom, tile_x, tile_y, status, period, cell) DO UPDATE SET
            points = kept.points + EXCLUDED.points, sum_x = kept.sum_x + EXCLUDED.sum_x,
            sum_y = kept.sum_y + EXCLUDED.sum_y;
    DELETE FROM geolocation_tilecell AS emptied
        USING (SELECT DISTINCT investigation_id, zoom, tile_x, tile_y, status, period, cell
               FROM geolocation_tilepending, tile_keys(x, y, day) AS key WHERE points < 0) AS left_by
        WHERE emptied.points = 0 AND (emptied.investigation_id, emptied.zoom, emptied.tile_x, emptied.tile_y,
            emptied.status, emptied.period, emptied.cell) = (left_by.investigation_id, left_by.zoom,
            left_by.tile_x, left_by.tile_y, left_by.status, left_by.period, left_by.cell);
    DELETE FROM geolocation_tilepending;
    DELETE FROM geolocation_tilewriter WHERE xact = NEW.xact;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER tile_pending_add AFTER INSERT ON geolocation_tilewriter
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tile_pending_add();
"""

ADDED_UP_UNDONE = """
DROP TRIGGER tile_writer_note ON geolocation_tilepending;
DROP FUNCTION tile_writer_note();
DROP TABLE geolocation_tilewriter;
DROP FUNCTION tile_pending_add();
"""

MADE_AGAIN = """
CREATE FUNCTION tile_cells_rebuild() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    -- Whoever is adding up finishes first; whoever comes later finds the new cells and adds to them.
    LOCK TABLE geolocation_tileversion IN EXCLUSIVE MODE;
    DELETE FROM geolocation_tilecell;
    INSERT INTO geolocation_tilecell
            (investigation_id, zoom, tile_x, tile_y, status, period, cell, points, sum_x, sum_y)
        SELECT investigation_id, 8, tile_x, tile_y, status, period, cell, count(*), sum(x), sum(y)
        FROM geolocation_tilesource, tile_keys(x, y, day) AS key
        WHERE zoom = 8
        GROUP BY investigation_id, tile_x, tile_y, status, period, cell
        ORDER BY investigation_id, tile_x, tile_y, status, period, cell;
    FOR level IN REVERSE 7..0 LOOP
        INSERT INTO geolocation_tilecell
                (investigation_id, zoom, tile_x, tile_y, status, period, cell, points, sum_x, sum_y)
            SELECT investigation_id, level, across >> 4, down >> 4, status, period,
                (down & 15) * 16 + (across & 15), sum(points), sum(sum_x), sum(sum_y)
            FROM (SELECT *, (tile_x * 16 + cell % 16) >> 1 AS across, (tile_y * 16 + cell / 16) >> 1 AS down
                  FROM geolocation_tilecell WHERE zoom = level + 1) AS finer
            GROUP BY investigation_id, across, down, status, period
            ORDER BY investigation_id, across >> 4, down >> 4, status, period;
    END LOOP;
    INSERT INTO geolocation_tileversion (investigation_id, verified, everything)
        SELECT id, nextval('geolocation_tileversion_number'), nextval('geolocation_tileversion_number')
        FROM evidence_investigation ORDER BY id
        ON CONFLICT (investigation_id) DO UPDATE SET verified = EXCLUDED.verified, everything = EXCLUDED.everything;
    RETURN (SELECT count(*) FROM geolocation_tilecell);
END
$$;
-- How many cells differ from the points, counted zoom by zoom from the points themselves.
CREATE FUNCTION tile_cells_wrong() RETURNS bigint LANGUAGE sql STABLE AS $$
    WITH live AS MATERIALIZED (
        SELECT investigation_id, zoom, tile_x, tile_y, status, period, cell,
            count(*)::integer AS points, sum(x)::bigint AS sum_x, sum(y)::bigint AS sum_y
        FROM geolocation_tilesource, tile_keys(x, y, day) AS key
        GROUP BY investigation_id, zoom, tile_x, tile_y, status, period, cell
    )
    SELECT count(*) FROM live FULL JOIN geolocation_tilecell AS kept
        USING (investigation_id, zoom, tile_x, tile_y, status, period, cell)
    WHERE (live.points, live.sum_x, live.sum_y) IS DISTINCT FROM (kept.points, kept.sum_x, kept.sum_y)
$$;
SELECT tile_cells_rebuild();
"""

MADE_AGAIN_UNDONE = """
DROP FUNCTION tile_cells_wrong();
DROP FUNCTION tile_cells_rebuild();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0009_blind_since"),
        ("geolocation", "0013_point_properties"),
    ]

    operations = [
        migrations.CreateModel(
            name="TileVersion",
            fields=[
                (
                    "investigation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="evidence.investigation",
                    ),
                ),
                ("verified", models.BigIntegerField(default=0)),
                ("everything", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="TileCell",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "investigation",
                        "zoom",
                        "tile_x",
                        "tile_y",
                        "status",
                        "period",
                        "cell",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "investigation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="evidence.investigation",
                    ),
                ),
                ("zoom", models.SmallIntegerField()),
                ("tile_x", models.SmallIntegerField()),
                ("tile_y", models.SmallIntegerField()),
                ("status", models.CharField(db_collation="C", max_length=20)),
                ("period", models.IntegerField()),
                ("cell", models.SmallIntegerField()),
                ("points", models.IntegerField()),
                ("sum_x", models.BigIntegerField()),
                ("sum_y", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(ARITHMETIC, ARITHMETIC_UNDONE),
        migrations.RunSQL(NOTES, NOTES_UNDONE),
        migrations.RunSQL(ADDED_UP, ADDED_UP_UNDONE),
        migrations.RunSQL(MADE_AGAIN, MADE_AGAIN_UNDONE),
    ]
