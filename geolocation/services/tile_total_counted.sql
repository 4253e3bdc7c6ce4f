-- How many rows fit, up to a limit. FOUND stands for the rows.
SELECT count(*) FROM (
    SELECT 1 FROM (FOUND) AS fitting
    WHERE px BETWEEN 0 AND 4095 AND py BETWEEN 0 AND 4095
    LIMIT %(limit)s
) AS counted
