"""`make clean-data`: stop the private servers and throw the local data away."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from scripts import services
from scripts.layout import VAR, ServiceUser, SetupError, layout_for, service_user
from scripts.locking import Taken, only_one

# Named one by one: whatever else somebody keeps under var/ is theirs.
OURS = ("postgres", "postgres.unfinished", "redis", "run", "data", "static", "test")
OUR_FILES = ("env", "env.new", "services.keep")


def account_of(home: Path) -> ServiceUser:
    """Who may stop and remove what is there: root may act for whoever made it."""
    made = [home / name for name in ("postgres", "redis") if (home / name).exists()]
    if os.geteuid() != 0 or not made:
        return service_user()
    owner = made[0].stat()
    return ServiceUser(name=made[0].owner(), uid=owner.st_uid, gid=owner.st_gid)


def main() -> int:
    if not VAR.exists():
        print("There are no local data.")
        return 0
    layout = layout_for(home=VAR, durable=True, user=account_of(VAR))
    try:
        with only_one(VAR / "run.lock"):
            services.stop(layout)
            for name in OURS:
                shutil.rmtree(VAR / name, ignore_errors=True)
            for name in OUR_FILES:
                (VAR / name).unlink(missing_ok=True)
            shutil.rmtree(layout.sockets, ignore_errors=True)
            if layout.data != layout.home:
                shutil.rmtree(layout.data)
                (VAR / "servers").unlink(missing_ok=True)
    except Taken as holder:
        raise SetupError(f"`make run` is at work ({holder}): stop it with Ctrl-C first.") from None
    print("The local data are gone; `make run` starts over.")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SetupError as error:
        sys.exit(str(error))
