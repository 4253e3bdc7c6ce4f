"""Where the private servers of one checkout keep their files, and as whom they run."""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"

# A Unix socket's path may have 107 bytes on Linux, and `.s.PGSQL.5499` and `redis.sock` have to fit in.
SOCKET_PATH_BYTES = 107
LONGEST_SOCKET_NAME = ".s.PGSQL.5499"
# dj-database-url undoes only %2F in a host, so anything else that a URL would escape keeps us out of a path.
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")


class SetupError(Exception):
    """Something a person has to put right first; the message says what and how."""


@dataclass(frozen=True, kw_only=True)
class ServiceUser:
    """The account the private servers run under. PostgreSQL refuses to run as root."""

    name: str
    uid: int
    gid: int

    def run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        """Run `command` as this user in a plain environment, and return its output as text."""
        other = os.geteuid() != self.uid
        return subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            user=self.uid if other else None,
            group=self.gid if other else None,
            extra_groups=[] if other else None,
        )


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One set of private servers: `home` is ours, `data` holds the clusters, `sockets` the two sockets."""

    home: Path
    data: Path
    sockets: Path
    user: ServiceUser
    durable: bool

    @property
    def postgres_data(self) -> Path:
        return self.data / "postgres"

    @property
    def redis_data(self) -> Path:
        return self.data / "redis"


def service_user() -> ServiceUser:
    """Ourselves, or the `postgres` account (it comes with Debian's package) when we are root."""
    if os.geteuid() != 0:
        entry = pwd.getpwuid(os.geteuid())
    else:
        try:
            entry = pwd.getpwnam("postgres")
        except KeyError as error:
            raise SetupError(
                "PostgreSQL does not run as root and there is no `postgres` account. "
                "Install the postgresql package, or run this as an ordinary user."
            ) from error
    return ServiceUser(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def layout_for(*, home: Path, durable: bool, user: ServiceUser | None = None) -> Layout:
    """Choose the directories for the servers of `home` (`var/` or a throw-away directory) and make them.

    Raises SetupError when they belong to somebody else or no socket path is short enough.
    """
    user = user or service_user()
    home.mkdir(parents=True, exist_ok=True)
    data = home if can_enter(home, user) else outside_directory(home)
    own_directory(data / "redis", user)
    if (data / "postgres").exists():
        own_directory(data / "postgres", user)
    sockets = socket_directory(data / "run", user)
    return Layout(home=home, data=data, sockets=sockets, user=user, durable=durable)


def can_enter(directory: Path, user: ServiceUser) -> bool:
    """Whether `user` may walk into `directory`; a checkout in /root is closed to the postgres account."""
    return user.run(["test", "-x", str(directory)]).returncode == 0


def outside_directory(home: Path) -> Path:
    """A directory outside the checkout, for a checkout that the servers' account cannot walk into."""
    directory = Path("/var/lib/osint-catalogue") / checkout_key(home)
    directory.mkdir(parents=True, exist_ok=True)
    (home / "servers").unlink(missing_ok=True)
    (home / "servers").symlink_to(directory)
    return directory


def socket_directory(preferred: Path, user: ServiceUser) -> Path:
    """`preferred` when socket paths in it are short and plain enough, else a private temporary directory."""
    if socket_path_fits(preferred):
        return own_directory(preferred, user)
    base = Path(tempfile.gettempdir())
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime and os.geteuid() == user.uid and Path(runtime).is_dir():
        base = Path(runtime)
    directory = base / f"catalogue-{user.uid}-{checkout_key(preferred)}"
    if not socket_path_fits(directory):
        raise SetupError(f"{directory} is too long for a Unix socket: set TMPDIR to a short directory.")
    return own_directory(directory, user)


def socket_path_fits(directory: Path) -> bool:
    longest = os.fsencode(directory / LONGEST_SOCKET_NAME)
    return len(longest) <= SOCKET_PATH_BYTES and PLAIN_PATH.fullmatch(str(directory)) is not None


def checkout_key(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def own_directory(directory: Path, user: ServiceUser) -> Path:
    """Make `directory`, closed to everybody but `user`; refuse one that somebody else put there first."""
    try:
        directory.mkdir(mode=0o700)
        if os.geteuid() != user.uid:
            os.chown(directory, user.uid, user.gid)
    except FileExistsError:
        found = directory.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != user.uid:
            raise SetupError(
                f"{directory} belongs to another account than {user.name}. "
                "Run this as the account that made it, or remove it (as root: `make clean-data`)."
            ) from None
    directory.chmod(0o700)
    return directory
