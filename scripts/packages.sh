# shellcheck shell=bash
# Which Debian packages are missing. Sourced by scripts/setup.

# A PostgreSQL with PostGIS that is there already, in any version, is as good as the one Debian offers.
has_postgis() {
    local control version
    for control in "${POSTGRESQL_SHARE:-/usr/share/postgresql}"/*/extension/postgis.control; do
        version="$(basename "$(dirname "$(dirname "$control")")")"
        [ -x "${POSTGRESQL_LIB:-/usr/lib/postgresql}/$version/bin/initdb" ] && return 0
    done
    return 1
}

# A Python of 3.11 or newer that can make a virtual environment; PYTHON= names another one.
find_python() {
    local candidate
    for candidate in "${PYTHON:-/usr/bin/python3}" python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return 0
        fi
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
    find_python >/dev/null || echo python3-venv
    if [ "$1" = test ]; then
        command -v chromium >/dev/null || echo chromium
        # The map's labels are Latin, Cyrillic, Armenian and Arabic.
        has_font_of NotoSansArmenian || echo fonts-noto-core
    fi
}
