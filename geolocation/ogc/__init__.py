"""OGC API - Features at /ogc/: verified points for QGIS, GDAL and other clients of that standard."""
