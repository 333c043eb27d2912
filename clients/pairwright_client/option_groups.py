"""Which options do several commands take? Each group once; nothing here imports a command."""

import argparse

from pairwright_client.assistants import ASSISTANTS


def add_focus(parser: argparse.ArgumentParser) -> None:
    """Let a file, or lines of it, be pointed at."""
    parser.add_argument("--file", metavar="F", help="the file that it is about")
    parser.add_argument("--lines", metavar="A:B", help="its lines that it is about, from 1")


def add_limits(parser: argparse.ArgumentParser) -> None:
    """Let what a task may cost, run and ask be limited."""
    parser.add_argument("--budget", metavar="USD", help="the most that this may cost")
    add_unpriced(parser)
    parser.add_argument("--test", metavar="CMD", help="the command that runs the tests")
    parser.add_argument(
        "--local-only", action="store_true", help="ask no model that is not on this machine"
    )


def add_unpriced(parser: argparse.ArgumentParser) -> None:
    """Let models be asked whose price nobody knows."""
    parser.add_argument(
        "--allow-unpriced",
        action="store_true",
        help="for this task, ask models whose price nobody knows: no cap holds them",
    )


def add_permission(parser: argparse.ArgumentParser) -> None:
    """Let it be said for good whether a model may be asked whose price nobody knows."""
    said = parser.add_mutually_exclusive_group()
    said.add_argument("--allow", metavar="MODEL", help="ask it here, though nobody knows its price")
    said.add_argument("--forbid", metavar="MODEL", help="take that back")


def add_decision(parser: argparse.ArgumentParser) -> None:
    """Let it be said who decides what is written."""
    written = parser.add_mutually_exclusive_group()
    written.add_argument("--apply", action="store_true", help="write a sound change unasked")
    written.add_argument("--dry-run", action="store_true", help="write nothing")
    parser.add_argument("--json", action="store_true", help="print one event a line")


def add_models(parser: argparse.ArgumentParser) -> None:
    """Let models and the strategy be chosen."""
    parser.add_argument("--strategy", metavar="S", help="ladder, weak, strong, auto, ...")
    parser.add_argument("--strong", metavar="MODEL", help="the model that plans")
    parser.add_argument("--weak", metavar="MODEL", help="the model that edits")


def add_parts(parser: argparse.ArgumentParser) -> None:
    """Let parts of a change be named: files, hunks."""
    add_files(parser)
    parser.add_argument(
        "--hunk", metavar="H", action="append", default=[], help="only this hunk; repeatable"
    )


def add_files(parser: argparse.ArgumentParser) -> None:
    """Let files be named."""
    parser.add_argument(
        "--file", metavar="F", action="append", default=[], help="only this file; repeatable"
    )


def positive(text: str) -> int:
    """Return a whole number above zero."""
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"not a whole number above zero: {text!r}")
    return int(text)


def add_mcp(parser: argparse.ArgumentParser) -> None:
    """Add how an assistant comes in, and who it is that shall be told of us."""
    parser.add_argument(
        "--http", action="store_true", help="listen on loopback instead, until interrupted"
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    install = actions.add_parser("install", help="tell an assistant how it can start us")
    install.add_argument(
        "client", choices=ASSISTANTS, metavar="CLIENT", help=f"one of: {', '.join(ASSISTANTS)}"
    )
    install.add_argument("--write", action="store_true", help="write its file instead of showing")


def add_review(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Add what says which waiting change is to be decided; return the parser."""
    parser.add_argument(
        "change", metavar="CHANGE", nargs="?", help="which, or the beginning of its id"
    )
    parser.add_argument("--json", action="store_true", help="list what waits as one JSON value")
    return parser


def add_grant(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Add who may do what; return the parser."""
    parser.add_argument("client", metavar="CLIENT", nargs="?", help="its name; none lists all")
    parser.add_argument("scope", nargs="?", choices=("write", "spend"), help="what it may do")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    return parser


def add_revoke(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Add who may not do what any more; return the parser."""
    parser.add_argument("client", metavar="CLIENT", help="its name")
    parser.add_argument("scope", nargs="?", choices=("write", "spend"), help="else both")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    return parser
