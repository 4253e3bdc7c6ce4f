"""What may be known of a format without the library that writes it, which takes half a second to import."""

from typing import Final

XLSX_MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GEOPACKAGE_MEDIA_TYPE: Final = "application/geopackage+sqlite3"
FLATGEOBUF_MEDIA_TYPE: Final = "application/vnd.flatgeobuf"
GEOPARQUET_MEDIA_TYPE: Final = "application/vnd.apache.parquet"
#: The rows of a sheet are 1,048,576; the first has the names of the columns.
MOST_POINTS: Final = 1_048_575
