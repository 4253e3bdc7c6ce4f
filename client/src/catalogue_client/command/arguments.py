"""What can be written on the command line, and what `--help` says of it."""

from __future__ import annotations

import argparse

from catalogue_client.files import FORMATS
from catalogue_client.models import PointFilter
from catalogue_client.version import VERSION

LOCAL = "http://localhost:8000"
_ABOUT = """\
Read the verified points of a catalogue, keep a copy of them in step, log media and upload files.

  catalogue pull --format gpkg --investigation NK23 --output nk23.gpkg
  catalogue pull --format csv --updated-since 2026-11-01T00:00:00Z --output -
  catalogue sync points.gpkg
  catalogue log --investigation NK23 https://t.me/channel/123
  catalogue upload --investigation NK23 *.mp4
"""
_AFTER = """\
environment:
  CATALOGUE_URL    the address of the catalogue, where --url is not given
  CATALOGUE_TOKEN  the API token, where --token-file is not given. There is no option for the token itself:
                   what stands on the command line is seen by everybody on the machine (ps) and stays in the
                   history of the shell. Published points need no token.

exit status:
  0  done                                    4  not signed in, not allowed, or not there for you
  1  a fault of this program                 5  the server cannot be reached, is busy, or is broken
  2  the command line was not understood     6  a file here cannot be read or written, or is no mirror
  3  the server refused what was sent        130  interrupted; nothing is left half done
"""


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    whole = argparse.ArgumentParser(
        prog="catalogue",
        description=_ABOUT,
        epilog=_AFTER,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    whole.add_argument("--version", action="version", version=f"catalogue {VERSION}")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _pull(commands)
    _sync(commands)
    _log(commands)
    _upload(commands)
    return whole


def point_filter(given: argparse.Namespace) -> PointFilter:
    """The filter of `pull`."""
    return PointFilter(
        investigation=given.investigation,
        bbox=given.bbox,
        captured_after=given.captured_after,
        captured_before=given.captured_before,
        updated_since=given.updated_since,
        q=given.words,
        published=given.published,
    )


def _pull(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    about = "save verified points as one file, made by the server"
    pull = _command(commands, "pull", about, "A file appears under its name only once it is whole.")
    pull.add_argument("--format", choices=FORMATS, help="what to make; else by the ending of --output")
    pull.add_argument(
        "--output",
        metavar="FILE",
        help="where to put it, - for stdout [verified-points.FORMAT in this folder]",
    )
    pull.add_argument("--investigation", metavar="CODE", help="only of this investigation")
    pull.add_argument(
        "--bbox",
        type=_bbox,
        metavar="W,S,E,N",
        help="only inside, in degrees; write --bbox=-10,35,5,60 (with =) where west is negative",
    )
    pull.add_argument("--captured-after", metavar="WHEN", help="a day (UTC), or a time with its offset")
    pull.add_argument("--captured-before", metavar="WHEN", help="the same; the day itself is included")
    pull.add_argument(
        "--updated-since",
        metavar="TIME",
        help="only what was verified or changed since, as 2026-11-01T00:00:00Z; "
        "points that left are not told: `sync` follows those too",
    )
    pull.add_argument("--words", metavar="TEXT", help="words in title or place, or a media reference")
    pull.add_argument("--published", action="store_true", help="only what everybody may read")


def _sync(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    about = "keep a GeoPackage in step with the verified points"
    sync = _command(
        commands,
        "sync",
        about,
        "The first run fetches everything, each later one only what changed. Points that left are dropped, "
        "and the table removed_points says why. It may be interrupted at any time and goes on where it was.",
    )
    sync.add_argument("file", metavar="FILE.gpkg")
    sync.add_argument("--investigation", metavar="CODE", help="only of this investigation")
    sync.add_argument(
        "--members",
        action="store_true",
        help="also what is not published, of an investigation that you belong to",
    )


def _log(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    log = _command(
        commands,
        "log",
        "log posts by their links",
        "All links are logged, or none. A post that is there already is not logged twice.",
    )
    log.add_argument(
        "links", nargs="+", metavar="LINK", help="the link of a post; - reads one a line from stdin"
    )
    _details(log)


def _upload(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    upload = _command(
        commands,
        "upload",
        "store files, each as a recording",
        "The same bytes lead to the recording that has them. So what broke off is simply sent again.",
    )
    upload.add_argument("files", nargs="+", metavar="FILE")
    upload.add_argument("--item", metavar="M07", help="add the file to a recording that is there")
    _details(upload)


def _details(command: argparse.ArgumentParser) -> None:
    command.add_argument("--investigation", metavar="CODE", required=True, help="where it belongs")
    command.add_argument("--title", default="", metavar="TEXT")
    command.add_argument("--note", default="", metavar="TEXT")
    command.add_argument("--author", metavar="KEY", help="key of a source of the investigation")
    command.add_argument("--place", metavar="KEY", help="key of a place of the investigation")
    command.add_argument("--sensitive", action="store_true", help="it is shown only to who asks for it")


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, about: str, more: str
) -> argparse.ArgumentParser:
    made = commands.add_parser(
        name, help=about, description=f"{about[0].upper()}{about[1:]}. {more}", allow_abbrev=False
    )
    made.add_argument("--url", metavar="ADDRESS", help=f"the catalogue [CATALOGUE_URL, else {LOCAL}]")
    made.add_argument("--token-file", metavar="FILE", help="a file with the API token alone in it")
    made.add_argument(
        "--quiet", action="store_true", help="no progress bar (there is none without a terminal)"
    )
    made.add_argument("--json", action="store_true", help="results as JSON, one a line, for programs")
    return made


def _bbox(text: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = map(float, text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"“{text}” is not four numbers: west,south,east,north in degrees, as 46.5,39.7,46.9,40"
        ) from None
    return west, south, east, north
