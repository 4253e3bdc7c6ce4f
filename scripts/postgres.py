"""A private PostgreSQL with PostGIS: made, started and stopped with Debian's own binaries."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from urllib.parse import quote

from scripts.layout import Layout, SetupError

# It only names the socket file: the server listens on no network port at all.
PORT = 5499
OWNER = "catalogue_admin"
ROLE = "catalogue"
DATABASE = "catalogue"
BINARIES = Path("/usr/lib/postgresql")
EXTENSIONS = Path("/usr/share/postgresql")

SETTINGS = f"""
# Written once by scripts/postgres.py.
listen_addresses = ''
port = {PORT}
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 256MB
timezone = 'UTC'
log_timezone = 'UTC'
log_min_duration_statement = 2000
"""
# A cluster that is thrown away after the tests need not survive a power cut.
THROW_AWAY_SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_wal_size = 2GB
"""
# The directory of the socket is closed to everybody else; inside it the server trusts who asks.
ACCESS = "local all all trust\n"


def url(layout: Layout) -> str:
    return f"postgis://{ROLE}@{quote(str(layout.sockets), safe='')}:{PORT}/{DATABASE}"


def binaries(layout: Layout) -> Path:
    """The directory of the PostgreSQL that made this cluster, or of the newest one that has PostGIS."""
    made_by = layout.postgres_data / "PG_VERSION"
    if made_by.exists():
        version = made_by.read_text().strip()
        if version not in versions_with_postgis():
            raise SetupError(
                f"The data in {layout.postgres_data} were made by PostgreSQL {version}, which is not installed "
                f"with PostGIS. Install postgresql-{version}-postgis-3, or start over with `make clean-data`."
            )
        return BINARIES / version / "bin"
    versions = versions_with_postgis()
    if not versions:
        raise SetupError("No PostgreSQL with PostGIS is installed. `make run` installs it.")
    return BINARIES / versions[-1] / "bin"


def versions_with_postgis() -> list[str]:
    """Major versions that are installed whole, oldest first."""
    found = [
        directory.parent.name
        for directory in BINARIES.glob("*/bin")
        if (directory / "initdb").exists()
        and (EXTENSIONS / directory.parent.name / "extension" / "postgis.control").exists()
    ]
    return sorted(found, key=int)


def start(layout: Layout) -> bool:
    """Make the cluster if there is none and start it. Returns whether it was not running before."""
    if is_running(layout):
        return False
    if not (layout.postgres_data / "PG_VERSION").exists():
        make_cluster(layout)
    (layout.sockets / f".s.PGSQL.{PORT}").unlink(missing_ok=True)
    # Without a line of its own, a cluster whose checkout moved would look for its sockets in the old place.
    options = f"-c unix_socket_directories={layout.sockets}"
    log = layout.postgres_data / "server.log"
    started = run_as_user(
        layout, "pg_ctl", "-D", str(layout.postgres_data), "-l", str(log), "-w", "-t", "60", "-o", options, "start"
    )
    if started.returncode != 0:
        raise SetupError(f"PostgreSQL did not start:\n{last_lines(log)}\n{started.stderr.strip()}")
    make_database(layout)
    return True


def make_cluster(layout: Layout) -> None:
    made = run_as_user(
        layout, "initdb", "-D", str(layout.postgres_data), "-U", OWNER, "--auth=trust", "--encoding=UTF8",
        "--locale=C.UTF-8", *([] if layout.durable else ["--no-sync"]),
    )  # fmt: skip
    if made.returncode != 0:
        raise SetupError(f"The database cluster could not be made:\n{made.stderr.strip()}")
    with (layout.postgres_data / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write(SETTINGS if layout.durable else SETTINGS + THROW_AWAY_SETTINGS)
    (layout.postgres_data / "pg_hba.conf").write_text(ACCESS, encoding="utf-8")


def make_database(layout: Layout) -> None:
    """PostGIS in the template, so that the application's own role needs no superuser rights, then role and database."""
    query(layout, "template1", "CREATE EXTENSION IF NOT EXISTS postgis")
    if not query(layout, "postgres", f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'"):
        query(layout, "postgres", f"CREATE ROLE {ROLE} LOGIN CREATEDB")
    if not query(layout, "postgres", f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):
        query(layout, "postgres", f"CREATE DATABASE {DATABASE} OWNER {ROLE}")


def query(layout: Layout, database: str, statement: str) -> str:
    answer = run_as_user(
        layout, "psql", "-h", str(layout.sockets), "-p", str(PORT), "-U", OWNER, "-d", database,
        "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement,
    )  # fmt: skip
    if answer.returncode != 0:
        raise SetupError(f"PostgreSQL refused `{statement}`:\n{answer.stderr.strip()}")
    return answer.stdout.strip()


def is_running(layout: Layout) -> bool:
    if not (layout.postgres_data / "postmaster.pid").exists():
        return False
    # pg_ctl compares the pid file with the living process, so a stale file is no server.
    return run_as_user(layout, "pg_ctl", "-D", str(layout.postgres_data), "status").returncode == 0


def stop(layout: Layout) -> None:
    """Stop our server; connections that are still open are ended."""
    if is_running(layout):
        run_as_user(layout, "pg_ctl", "-D", str(layout.postgres_data), "-m", "fast", "-w", "-t", "60", "stop")


def pid(layout: Layout) -> int | None:
    try:
        first = (layout.postgres_data / "postmaster.pid").read_text().splitlines()[0]
    except (FileNotFoundError, IndexError):
        return None
    return int(first) if re.fullmatch(r"\d+", first) else None


def run_as_user(layout: Layout, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [str(binaries(layout) / program), *arguments],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        **layout.user.switch,
    )


def last_lines(log: Path, count: int = 12) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return ""
