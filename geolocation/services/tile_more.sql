-- The layer that says that a tile does not hold everything.
SELECT ST_AsMVT(feature, 'more', 4096, 'geom') FROM (
    SELECT true AS more, %(total)s::bigint AS total, %(is_exact)s AS is_exact, %(shown)s::integer AS shown,
        ST_MakePoint(2048, 2048) AS geom
) AS feature
