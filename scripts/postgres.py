"""A private PostgreSQL with PostGIS: made, started and stopped with Debian's own binaries."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

from scripts.layout import Layout, SetupError, own_directory

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
                f"The data in {layout.postgres_data} were made by PostgreSQL {version}, which is not "
                f"installed with PostGIS. Install postgresql-{version}-postgis-3, or start over with "
                "`make clean-data`."
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
    started = not is_running(layout)
    if started:
        if not (layout.postgres_data / "PG_VERSION").exists():
            make_cluster(layout)
        start_server(layout)
    make_database(layout)
    return started


def start_server(layout: Layout) -> None:
    log = layout.postgres_data / "server.log"
    # Given here and not in the cluster's file, so that a checkout can be moved.
    sockets = f"-c unix_socket_directories={layout.sockets}"
    command = [
        "pg_ctl",
        "-D",
        str(layout.postgres_data),
        "-l",
        str(log),
        "-w",
        "-t",
        "60",
        "-o",
        sockets,
        "start",
    ]
    started = run(layout, *command)
    if started.returncode != 0:
        raise SetupError(f"PostgreSQL did not start:\n{last_lines(log)}\n{started.stderr.strip()}")


def make_cluster(layout: Layout) -> None:
    """Make it beside its place and move it there when it is whole: an interruption leaves no half cluster."""
    unfinished = layout.data / "postgres.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    own_directory(unfinished, layout.user)
    # fmt: off
    made = run(
        layout, "initdb", "-D", str(unfinished), "-U", OWNER, "--auth=trust", "--encoding=UTF8",
        "--locale=C.UTF-8", *([] if layout.durable else ["--no-sync"]),
    )
    # fmt: on
    if made.returncode != 0:
        raise SetupError(f"The database cluster could not be made:\n{made.stderr.strip()}")
    with (unfinished / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write(SETTINGS if layout.durable else SETTINGS + THROW_AWAY_SETTINGS)
    (unfinished / "pg_hba.conf").write_text(ACCESS, encoding="utf-8")
    unfinished.rename(layout.postgres_data)


def make_database(layout: Layout) -> None:
    """Put PostGIS into the template, so that the application's role needs no superuser rights."""
    query(layout, "template1", "CREATE EXTENSION IF NOT EXISTS postgis")
    if ROLE not in query(layout, "postgres", "SELECT rolname FROM pg_roles").split():
        query(layout, "postgres", f"CREATE ROLE {ROLE} LOGIN CREATEDB")
    if DATABASE not in query(layout, "postgres", "SELECT datname FROM pg_database").split():
        query(layout, "postgres", f"CREATE DATABASE {DATABASE} OWNER {ROLE}")


def allow_emptying(layout: Layout) -> None:
    """Let the role step around the triggers that forbid deletions, as tests do when they empty their tables.

    For databases of developers and tests only; `make run` and production never grant it.
    """
    query(layout, "postgres", f"GRANT SET ON PARAMETER session_replication_role TO {ROLE}")


def query(layout: Layout, database: str, statement: str) -> str:
    """The answer to `statement` as psql's plain lines, asked by the cluster's owner."""
    # fmt: off
    answer = run(
        layout, "psql", "-h", str(layout.sockets), "-p", str(PORT), "-U", OWNER, "-d", database,
        "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement,
    )
    # fmt: on
    if answer.returncode != 0:
        raise SetupError(f"PostgreSQL refused `{statement}`:\n{answer.stderr.strip()}")
    return answer.stdout.strip()


def is_running(layout: Layout) -> bool:
    if not (layout.postgres_data / "postmaster.pid").exists():
        return False
    # pg_ctl compares the pid file with the living process, so a stale file is no server.
    return run(layout, "pg_ctl", "-D", str(layout.postgres_data), "status").returncode == 0


def stop(layout: Layout) -> None:
    """Stop our server; connections that are still open are ended."""
    if is_running(layout):
        run(layout, "pg_ctl", "-D", str(layout.postgres_data), "-m", "fast", "-w", "-t", "60", "stop")


def pid(layout: Layout) -> int | None:
    try:
        first = (layout.postgres_data / "postmaster.pid").read_text().splitlines()[0]
    except (FileNotFoundError, IndexError):
        return None
    return int(first) if re.fullmatch(r"\d+", first) else None


def run(layout: Layout, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return layout.user.run([str(binaries(layout) / program), *arguments])


def last_lines(log: Path, count: int = 12) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return ""
