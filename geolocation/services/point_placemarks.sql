-- One placemark a row, with exactly the bytes of geolocation.exports.kml.placemark; a test compares the two.
-- DATA stands for the values of ExtendedData, KINDS for the kinds that have a style, and POINTS for the query of the
-- points that were asked for; XML(text) and HTML(text) are escaped. The control characters that XML forbids are taken
-- out of the bytes by whoever reads them. The format is binary because a text may hold line ends: its length stands
-- before each row, and nothing is quoted.
COPY (
    SELECT concat(
        '<Placemark id="p-', point.uid, '"><name>', XML(point.title), '</name>',
        '<description>', concat_ws('&lt;br&gt;',
            CASE WHEN point.place_name <> '' THEN HTML(point.place_name) END,
            CASE
                WHEN starts_with(point.source_url, 'https://') OR starts_with(point.source_url, 'http://') THEN
                    '&lt;a href="' || HTML(point.source_url) || '"&gt;' || HTML(point.source_url) || '&lt;/a&gt;'
                WHEN point.source_url <> '' THEN HTML(point.source_url)
            END,
            CASE WHEN point.attribution <> '' THEN HTML(point.attribution) END,
            CASE WHEN point.licence <> '' THEN HTML(point.licence) END), '</description>',
        CASE
            WHEN point.captured_from IS NULL AND point.captured_to IS NULL THEN
                '<TimeStamp><when>' || point.captured_on || '</when></TimeStamp>'
            WHEN point.captured_from = point.captured_to THEN
                '<TimeStamp><when>' || utc_text(point.captured_from) || '</when></TimeStamp>'
            ELSE concat('<TimeSpan>',
                '<begin>' || utc_text(point.captured_from) || '</begin>',
                '<end>' || utc_text(point.captured_to) || '</end>',
                '</TimeSpan>')
        END,
        '<styleUrl>#', CASE WHEN point.media_kind IN ($KINDS) THEN point.media_kind ELSE 'other' END, '</styleUrl>',
        '<ExtendedData>', $DATA, '</ExtendedData>',
        '<Point><coordinates>', point.longitude, ',', point.latitude, E'</coordinates></Point></Placemark>\n')
    FROM (POINTS) AS point
    JOIN evidence_investigation AS investigation ON investigation.id = point.investigation_id
    JOIN geolocation_geolocation AS proposal ON proposal.id = point.geolocation_id
    JOIN geolocation_geolocationrevision AS wording ON wording.id = point.revision_id
) TO STDOUT (FORMAT binary)
