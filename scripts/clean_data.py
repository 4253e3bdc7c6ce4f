"""`make clean-data`: stop the private servers and throw the local data away."""

from __future__ import annotations

import shutil
import sys

from scripts import services
from scripts.layout import VAR, SetupError, layout_for
from scripts.locking import Taken, only_one

# Named one by one: whatever else somebody keeps under var/ is theirs.
OURS = ("postgres", "postgres.unfinished", "redis", "run", "data", "static", "test")
OUR_FILES = ("env", "env.new", "services.keep")


def main() -> int:
    if not VAR.exists():
        print("There are no local data.")
        return 0
    layout = layout_for(home=VAR, durable=True)
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
