#!/bin/sh
# Run once by the PostGIS image when its volume is empty: the application's role has no superuser rights.
set -eu
psql --username "$POSTGRES_USER" --dbname template1 --set ON_ERROR_STOP=1 \
    --command "CREATE EXTENSION IF NOT EXISTS postgis"
psql --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 --set password="$DATABASE_PASSWORD" <<'SQL'
CREATE ROLE catalogue LOGIN PASSWORD :'password';
CREATE DATABASE catalogue OWNER catalogue;
SQL
