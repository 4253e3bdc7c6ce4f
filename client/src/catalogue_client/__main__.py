"""`python -m catalogue_client`: the command, where its script is not on the path."""

import sys

from catalogue_client.command.main import entry

if __name__ == "__main__":
    sys.exit(entry())
