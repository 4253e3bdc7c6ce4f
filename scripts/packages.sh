# shellcheck shell=bash
# Which Debian packages are missing. Sourced by scripts/setup, from the project's root.

# A PostgreSQL with PostGIS that is there already, in any version, is as good as the one Debian offers.
has_postgis() {
    local control version
    for control in "${POSTGRESQL_SHARE:-/usr/share/postgresql}"/*/extension/postgis.control; do
        version="$(basename "$(dirname "$(dirname "$control")")")"
        [ -x "${POSTGRESQL_LIB:-/usr/lib/postgresql}/$version/bin/initdb" ] && return 0
    done
    return 1
}

has_font_of() {
    [ -n "$(find "${FONTS:-/usr/share/fonts}" /usr/local/share/fonts -name "$1*" -print -quit 2>/dev/null)" ]
}

# Names of what is missing for `run` or `test`, one a line. The metapackage postgresql-postgis depends on the
# server that this Debian release carries, and with PostGIS come the GDAL, GEOS and PROJ that GeoDjango loads.
missing_packages() {
    has_postgis || echo postgresql-postgis
    command -v redis-server >/dev/null || echo redis-server
    scripts/find-python >/dev/null || echo python3-venv
    if [ "$1" = test ]; then
        command -v chromium-headless-shell >/dev/null || echo chromium-headless-shell
        # The other reader, with which ours is compared and which gives second opinions; `run` does without.
        command -v exiftool >/dev/null || echo libimage-exiftool-perl
        # The map's labels are Latin, Cyrillic, Armenian and Arabic.
        has_font_of NotoSansArmenian || echo fonts-noto-core
    fi
}
