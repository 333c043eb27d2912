"""What can be typed after `pairwright`? Arguments in, the command's function called.

Each command's function is imported when it is chosen: `--help` and the forwarder must answer at
once, and what a task needs takes ten times as long to load.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from pairwright import __version__
from pairwright.errors import PairwrightError, UserError
from pairwright.protocol.terminal import visible
from pairwright_client.errors import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE, ClientError
from pairwright_client.option_groups import (
    add_decision,
    add_focus,
    add_grant,
    add_limits,
    add_mcp,
    add_models,
    add_parts,
    add_permission,
    add_review,
    add_revoke,
    add_unpriced,
    positive,
)

Command = Callable[[argparse.Namespace], int]

_PASSED_ON = {
    "models": "list, fetch and test models",
    "keys": "list the providers' keys, and keep them in the keyring",
    "doctor": "say what is missing, and the command that mends it",
    "prompts": "show what models are told, which you can replace",
    "daemon": "serve a workspace; clients start it by themselves",
    "feedback": "show what models were asked and said, or write it for tuning",
    "bench": "measure strategies on tasks, and the index on real trees",
}

_CANCELLED_TASK = (
    "cancelled; 'pairwright continue' goes on where a model had answered, at no cost for that"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line; return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        _survive_unwritable_characters(stream)
    if given and given[0] in _PASSED_ON:
        return _pass_on(given)
    args = make_parser().parse_args(given)
    command: Command = args.command
    try:
        return command(args)
    except KeyboardInterrupt:
        goes_on = command in (_run, _continue)
        return _report(args, _CANCELLED_TASK if goes_on else "cancelled", EXIT_INTERRUPTED)
    except ClientError as error:
        return _report(args, str(error), error.exit_code)
    except UserError as error:
        return _report(args, str(error), EXIT_USAGE)
    except PairwrightError as error:
        return _report(args, str(error), EXIT_FAILED)
    except BrokenPipeError:
        # Nobody reads what we say. At exit Python would flush, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FAILED


def make_parser() -> argparse.ArgumentParser:
    """Return the parser; it imports nothing that a command needs."""
    parser = argparse.ArgumentParser(
        prog="pairwright",
        description="A strong model plans a code change, a weak model writes it, a gate decides.",
    )
    parser.add_argument("--version", action="version", version=f"pairwright {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_demo(commands.add_parser("demo", help="watch the main job on a bundled sample"))
    _add_run(commands.add_parser("run", help="have an instruction carried out here"))
    _add_plan(commands.add_parser("plan", help="have a plan made, and see or change it first"))
    _add_continue(commands.add_parser("continue", help="go on with a task that was stopped"))
    _add_budget(commands.add_parser("budget", help="show or change what may be spent"))
    _add_cost(commands.add_parser("cost", help="show what this workspace cost"))
    _add_disclosed(commands.add_parser("disclosed", help="show what went to which host"))
    review = commands.add_parser("review", help="decide what assistants propose")
    _finish(add_review(review), _review)
    grant = commands.add_parser("grant", help="let an assistant write or spend here")
    _finish(add_grant(grant), _grant)
    revoke = commands.add_parser("revoke", help="take such a grant back")
    _finish(add_revoke(revoke), _revoke)
    _add_history(commands.add_parser("history", help="show what was written here"))
    _add_undo(commands.add_parser("undo", help="take a written change back, or a part of it"))
    _add_redo(commands.add_parser("redo", help="bring back what an undo took"))
    _add_index(commands.add_parser("index", help="show what is known of the files here"))
    _add_symbols(commands.add_parser("symbols", help="find definitions by name"))
    _add_references(commands.add_parser("refs", help="show where a definition is used"))
    _add_search(commands.add_parser("search", help="find a text in all files"))
    _add_map(commands.add_parser("map", help="show the most important definitions"))
    status = commands.add_parser("status", help="show how this workspace's daemon is")
    status.add_argument("--json", action="store_true", help="print one JSON value")
    _finish(status, _status)
    stop = commands.add_parser("stop", help="end this workspace's daemon")
    _finish(stop, _stop)
    lsp = commands.add_parser("lsp", help="serve an editor over standard input and output")
    lsp.add_argument(
        "--tcp-file",
        type=Path,
        metavar="FILE",
        help="reach the daemon that wrote this file, over loopback (see `pairwright daemon --tcp`)",
    )
    _finish(lsp, _lsp)
    mcp = commands.add_parser("mcp", help="serve an assistant over standard input and output")
    add_mcp(mcp)
    _finish(mcp, _mcp)
    for name, purpose in _PASSED_ON.items():
        commands.add_parser(name, help=purpose, add_help=False)
    return parser


def _add_demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="spend the estimate without asking")
    parser.add_argument("--replay", action="store_true", help="show a recorded real run instead")
    parser.add_argument("--keep", metavar="DIR", help="work in DIR, new or empty, and keep it")
    parser.add_argument("--record", metavar="FILE", help=argparse.SUPPRESS)
    add_models(parser)
    parser.set_defaults(command=_demo, json=False)


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("instruction", metavar="INSTRUCTION", nargs="?", help="what is to be done")
    parser.add_argument("--plan", metavar="P", help="do this plan: its id, or a Markdown file")
    add_focus(parser)
    add_models(parser)
    add_limits(parser)
    add_decision(parser)
    _finish(parser, _run)


def _add_plan(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "instruction", metavar="INSTRUCTION", nargs="?", help="what is to be planned"
    )
    parser.add_argument("--list", action="store_true", help="show the plans that are kept")
    parser.add_argument("--show", metavar="ID", nargs="?", const="", help="show one; else the last")
    parser.add_argument("--edit", metavar="ID", nargs="?", const="", help="open one in your editor")
    parser.add_argument("--limit", metavar="N", type=positive, default=20, help="the most listed")
    add_focus(parser)
    parser.add_argument("--strong", metavar="MODEL", help="the model that plans")
    parser.add_argument("--weak", metavar="MODEL", help="the model that is to edit by it")
    add_limits(parser)
    parser.add_argument("--json", action="store_true", help="print JSON values")
    parser.set_defaults(strategy=None, plan=None)
    _finish(parser, _plan)


def _add_continue(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("task", metavar="TASK", nargs="?", help="which; else the last one")
    parser.add_argument("--budget", metavar="USD", help="the most that it may cost in all")
    add_unpriced(parser)
    add_decision(parser)
    _finish(parser, _continue)


def _add_budget(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "usd", metavar="USD", nargs="?", help="the most that the running task may cost from now on"
    )
    parser.add_argument("--task", metavar="T", help="which, when more than one runs")
    add_permission(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    _finish(parser, _budget)


def _add_cost(parser: argparse.ArgumentParser) -> None:
    groups = ("day", "model", "strategy", "client", "role", "task")
    parser.add_argument("--by", choices=groups, default="day", help="how to group the costs")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="print rows for a spreadsheet")
    form.add_argument("--json", action="store_true", help="print one JSON value")
    form.add_argument("--chart", metavar="FILE.svg", help="draw it into that file")
    _finish(parser, _cost)


def _add_disclosed(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--task", metavar="T", help="only of this task; a beginning of its id")
    parser.add_argument("--since", metavar="WHEN", help="a date, a time, or 90m, 12h, 7d ago")
    parser.add_argument("--limit", metavar="N", type=positive, default=200, help="calls at most")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    _finish(parser, _disclosed)


def _add_history(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("entry", metavar="ENTRY", nargs="?", help="one change, hunk by hunk")
    parser.add_argument("--limit", metavar="N", type=positive, default=20, help="the most shown")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    _finish(parser, _history)


def _add_undo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "entry", metavar="ENTRY", nargs="?", help="which, as 'history' numbers it; else the last"
    )
    add_parts(parser)
    parser.add_argument("--task", metavar="T", help="all that was kept of a task")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    _finish(parser, _undo)


def _add_redo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "entry", metavar="ENTRY", nargs="?", help="the undo, or what it took back; else the last"
    )
    add_parts(parser)
    parser.add_argument("--task", metavar="T", help="all that was taken back of a task")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    _finish(parser, _redo)


def _add_index(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--watch", action="store_true", help="go on, a line for each change")
    parser.add_argument("--json", action="store_true", help="print JSON values, one a line")
    _finish(parser, _index)


def _add_symbols(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("query", metavar="QUERY", help="a name, or some of its letters: gbn")
    parser.add_argument("--limit", metavar="N", type=positive, default=20, help="the most shown")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    _finish(parser, _symbols)


def _add_references(parser: argparse.ArgumentParser) -> None:
    named = "push, Stack.push or pkg/stack.py:Stack.push"
    parser.add_argument("name", metavar="NAME", help=named)
    parser.add_argument("--limit", metavar="N", type=positive, default=200, help="the most shown")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    _finish(parser, _references)


def _add_search(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", metavar="TEXT", help="what to look for")
    parser.add_argument("--regex", action="store_true", help="it is a regular expression")
    case = parser.add_mutually_exclusive_group()
    case.add_argument("--case", action="store_true", default=None, help="capitals count")
    case.add_argument("--no-case", dest="case", action="store_false", help="capitals do not count")
    parser.add_argument("--in", metavar="GLOB", dest="include", help="which files: 'src/**/*.py'")
    parser.add_argument("--limit", metavar="N", type=positive, default=200, help="the most shown")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    _finish(parser, _search)


def _add_map(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--focus", metavar="F", action="append", default=[], help="a file or definition; repeatable"
    )
    parser.add_argument(
        "--tokens", metavar="N", type=positive, default=1000, help="how long it may be"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    _finish(parser, _map)


def _finish(parser: argparse.ArgumentParser, command: Command) -> None:
    parser.add_argument("--workspace", metavar="DIR", help="the workspace; else the one around")
    parser.set_defaults(command=command)
    if parser.get_default("json") is None:
        parser.set_defaults(json=False)


def _demo(args: argparse.Namespace) -> int:
    from pairwright_client.demo import demo

    return demo(args)


def _run(args: argparse.Namespace) -> int:
    from pairwright_client.run import run

    return run(args)


def _plan(args: argparse.Namespace) -> int:
    from pairwright_client.plans import plan

    return plan(args)


def _continue(args: argparse.Namespace) -> int:
    from pairwright_client.budgets import go_on

    return go_on(args)


def _budget(args: argparse.Namespace) -> int:
    from pairwright_client.budgets import budget

    return budget(args)


def _cost(args: argparse.Namespace) -> int:
    from pairwright_client.costs import cost

    return cost(args)


def _disclosed(args: argparse.Namespace) -> int:
    from pairwright_client.disclosed import disclosed

    return disclosed(args)


def _review(args: argparse.Namespace) -> int:
    from pairwright_client.reviewing import review

    return review(args)


def _grant(args: argparse.Namespace) -> int:
    from pairwright_client.grants import grant

    return grant(args)


def _revoke(args: argparse.Namespace) -> int:
    from pairwright_client.grants import revoke

    return revoke(args)


def _history(args: argparse.Namespace) -> int:
    from pairwright_client.history import history

    return history(args)


def _undo(args: argparse.Namespace) -> int:
    from pairwright_client.history import undo

    return undo(args)


def _redo(args: argparse.Namespace) -> int:
    from pairwright_client.history import redo

    return redo(args)


def _index(args: argparse.Namespace) -> int:
    from pairwright_client.index_queries import index

    return index(args)


def _symbols(args: argparse.Namespace) -> int:
    from pairwright_client.index_queries import symbols

    return symbols(args)


def _references(args: argparse.Namespace) -> int:
    from pairwright_client.index_queries import references

    return references(args)


def _search(args: argparse.Namespace) -> int:
    from pairwright_client.index_queries import search

    return search(args)


def _map(args: argparse.Namespace) -> int:
    from pairwright_client.index_queries import show_map

    return show_map(args)


def _status(args: argparse.Namespace) -> int:
    from pairwright_client.queries import status

    return status(args)


def _stop(args: argparse.Namespace) -> int:
    from pairwright_client.queries import stop

    return stop(args)


def _lsp(args: argparse.Namespace) -> int:
    from pairwright_client.forwarder import forward

    return forward(args.workspace, tcp_file=args.tcp_file)


def _mcp(args: argparse.Namespace) -> int:
    from pairwright_client.mcp_commands import mcp

    return mcp(args)


def _pass_on(given: list[str]) -> int:
    """Become the server's own program, which knows the command."""
    # `-P` keeps Python from importing modules of the current directory.
    command = [sys.executable, "-P", "-m", "pairwright", *given]
    if os.name != "nt":
        sys.stdout.flush()
        os.execv(command[0], command)  # noqa: S606 - no shell; the program is this interpreter
    return subprocess.call(command)


def _report(args: argparse.Namespace, message: str, exit_code: int) -> int:
    if args.json:
        import json

        line = {"kind": "error", "message": message, "exitCode": exit_code}
        sys.stdout.write(json.dumps(line) + "\n")
    sys.stderr.write(f"pairwright: {visible(message)}\n")
    return exit_code


def _survive_unwritable_characters(stream: TextIO) -> None:
    with suppress(AttributeError):  # Not every stream that stands in for one has it.
        stream.reconfigure(errors="replace")  # type: ignore[attr-defined]


if __name__ == "__main__":
    sys.exit(main())
