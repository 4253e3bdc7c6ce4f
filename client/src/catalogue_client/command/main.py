"""The command: from arguments to calls, from results to lines, from errors to one sentence and a status."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from catalogue_client.catalogue import Catalogue
from catalogue_client.command.arguments import LOCAL, parser, point_filter
from catalogue_client.command.progress import bytes_bar, changes_bar
from catalogue_client.errors import (
    Busy,
    ClientError,
    InvalidArgument,
    LocalFileError,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Refused,
    ServerFault,
    UnexpectedAnswer,
    Unreachable,
)
from catalogue_client.files import FORMATS
from catalogue_client.mirror import Mirror
from catalogue_client.models import Logged, MediaDetails

REFUSED, NO_ACCESS, NO_SERVER, NO_FILE = 3, 4, 5, 6
INTERRUPTED, NOBODY_READS = 130, 141
_USAGE = 2


def entry() -> int:
    """The command as it is installed: `kill` ends it as Ctrl-C does, and leaves no half of a file behind."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    return main()


def main(arguments: Sequence[str] | None = None, environment: Mapping[str, str] | None = None) -> int:
    """Run one command and return its exit status, as `catalogue --help` lists them."""
    given = parser().parse_args(arguments)
    try:
        status = _run(given, os.environ if environment is None else environment)
        sys.stdout.flush()
    except ClientError as error:
        _say(str(error))
        return status_of(error)
    except BrokenPipeError:
        # Who read our output is gone. Python would complain once more when it closes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
    except KeyboardInterrupt:
        _say("Interrupted.")
        return INTERRUPTED
    return status


def status_of(error: ClientError) -> int:
    """The exit status for an error."""
    if isinstance(error, NotSignedIn | NotAllowed | NotFound):
        return NO_ACCESS
    if isinstance(error, Busy | ServerFault | Unreachable | UnexpectedAnswer):
        return NO_SERVER
    if isinstance(error, Refused):
        return REFUSED
    return NO_FILE if isinstance(error, LocalFileError) else _USAGE


def _run(given: argparse.Namespace, environment: Mapping[str, str]) -> int:
    url = given.url or environment.get("CATALOGUE_URL") or LOCAL
    with Catalogue(url, token=_token(given.token_file, environment)) as catalogue:
        return _COMMANDS[given.command](catalogue, given)


def _token(file: str | None, environment: Mapping[str, str]) -> str | None:
    if file is None:
        return environment.get("CATALOGUE_TOKEN") or None
    try:
        token = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise LocalFileError(f"The token file {file} cannot be read ({error}).") from error
    if not token:
        raise LocalFileError(f"The token file {file} is empty.")
    return token


def _pull(catalogue: Catalogue, given: argparse.Namespace) -> int:
    chosen = given.format or _format_of(given.output)
    output = given.output or f"verified-points.{FORMATS[chosen]}"
    with bytes_bar(f"Pulling {chosen}", quiet=given.quiet) as progress:
        if output == "-":
            got = catalogue.stream(
                sys.stdout.buffer, point_filter(given), format=chosen, progress=progress
            )  # fmt: skip
        else:
            got = catalogue.save(output, point_filter(given), format=chosen, progress=progress)
    # As sha256sum writes it, so that `sha256sum --check` takes it; beside the points, not among them.
    told = json.dumps({**asdict(got), "output": output}) if given.json else f"{got.sha256}  {output}"
    (sys.stderr if output == "-" else sys.stdout).write(f"{told}\n")
    return 0


def _format_of(output: str | None) -> str:
    name = Path(output or "").name
    for key, ending in FORMATS.items():
        if name.endswith(f".{ending}"):
            return key
    raise InvalidArgument(f"Say which --format: {', '.join(FORMATS)}.")


def _sync(catalogue: Catalogue, given: argparse.Namespace) -> int:
    mirror = Mirror(catalogue, given.file, investigation=given.investigation, members=given.members)
    with changes_bar(f"Syncing {mirror.path.name}", quiet=given.quiet) as progress:
        done = mirror.updates(progress)
    plain = f"{done.put} points put, {done.dropped} dropped; {mirror.path} holds {done.held}."
    sys.stdout.write(f"{json.dumps(asdict(done)) if given.json else plain}\n")
    return 0


def _log(catalogue: Catalogue, given: argparse.Namespace) -> int:
    links: list[str] = []
    for each in given.links:
        links += [line.strip() for line in sys.stdin if line.strip()] if each == "-" else [each]
    for logged in catalogue.log_media(given.investigation, links, details=_details(given)):
        _tell(logged, as_json=given.json)
    return 0


def _upload(catalogue: Catalogue, given: argparse.Namespace) -> int:
    """Every file; one that is refused does not keep the others from being stored, but shows in the status."""
    status = 0
    for path in map(Path, given.files):
        try:
            with bytes_bar(f"Uploading {path.name}", quiet=given.quiet) as progress:
                logged = catalogue.upload(
                    given.investigation, path, item=given.item, details=_details(given), progress=progress
                )
        except (Refused, LocalFileError) as error:
            if status_of(error) not in (REFUSED, NO_FILE):
                raise
            _say(f"{path}: {error}")
            status = status or status_of(error)
        else:
            _tell(logged, as_json=given.json)
    return status


def _details(given: argparse.Namespace) -> MediaDetails:
    return MediaDetails(
        title=given.title,
        note=given.note,
        author=given.author,
        place=given.place,
        is_sensitive=given.sensitive,
    )


def _tell(logged: Logged, *, as_json: bool) -> None:
    plain = f"{logged.reference}  {'known' if logged.existed else 'new'}    {logged.given}"
    sys.stdout.write(f"{json.dumps(asdict(logged), ensure_ascii=False) if as_json else plain}\n")
    sys.stdout.flush()


def _say(sentence: str) -> None:
    sys.stderr.write(f"catalogue: {sentence}\n")


_COMMANDS: dict[str, Callable[[Catalogue, argparse.Namespace], int]] = {
    "pull": _pull,
    "sync": _sync,
    "log": _log,
    "upload": _upload,
}
