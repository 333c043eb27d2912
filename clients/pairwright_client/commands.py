"""Which commands are there, and with which options? Each names the function that carries it out."""

import argparse
from pathlib import Path

from pairwright import __version__
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

PASSED_ON = {
    "models": "list, fetch and test models",
    "keys": "list the providers' keys, and keep them in the keyring",
    "doctor": "say what is missing, and the command that mends it",
    "prompts": "show what models are told, which you can replace",
    "daemon": "serve a workspace; clients start it by themselves",
    "feedback": "show what models were asked and said, or write it for tuning",
    "bench": "measure strategies on tasks, and the index on real trees",
}
"""Commands of the server's own program, and what they are for."""


def make_parser() -> argparse.ArgumentParser:
    """Return the parser; what it parses has a `command`, as `module:function` of this package."""
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
    _finish(add_review(review), "reviewing:review")
    grant = commands.add_parser("grant", help="let an assistant write or spend here")
    _finish(add_grant(grant), "grants:grant")
    revoke = commands.add_parser("revoke", help="take such a grant back")
    _finish(add_revoke(revoke), "grants:revoke")
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
    _finish(status, "queries:status")
    stop = commands.add_parser("stop", help="end this workspace's daemon")
    _finish(stop, "queries:stop")
    lsp = commands.add_parser("lsp", help="serve an editor over standard input and output")
    lsp.add_argument(
        "--tcp-file",
        type=Path,
        metavar="FILE",
        help="reach the daemon that wrote this file, over loopback (see `pairwright daemon --tcp`)",
    )
    _finish(lsp, "forwarder:lsp")
    mcp = commands.add_parser("mcp", help="serve an assistant over standard input and output")
    add_mcp(mcp)
    _finish(mcp, "mcp_commands:mcp")
    for name, purpose in PASSED_ON.items():
        commands.add_parser(name, help=purpose, add_help=False)
    return parser


def _add_demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="spend the estimate without asking")
    parser.add_argument("--replay", action="store_true", help="show a recorded real run instead")
    parser.add_argument("--keep", metavar="DIR", help="work in DIR, new or empty, and keep it")
    parser.add_argument("--record", metavar="FILE", help=argparse.SUPPRESS)
    add_models(parser)
    parser.set_defaults(command="demo:demo", json=False)


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("instruction", metavar="INSTRUCTION", nargs="?", help="what is to be done")
    parser.add_argument("--plan", metavar="P", help="do this plan: its id, or a Markdown file")
    add_focus(parser)
    add_models(parser)
    add_limits(parser)
    add_decision(parser)
    _finish(parser, "run:run")


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
    _finish(parser, "plans:plan")


def _add_continue(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("task", metavar="TASK", nargs="?", help="which; else the last one")
    parser.add_argument("--budget", metavar="USD", help="the most that it may cost in all")
    add_unpriced(parser)
    add_decision(parser)
    _finish(parser, "budgets:go_on")


def _add_budget(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "usd", metavar="USD", nargs="?", help="the most that the running task may cost from now on"
    )
    parser.add_argument("--task", metavar="T", help="which, when more than one runs")
    add_permission(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    _finish(parser, "budgets:budget")


def _add_cost(parser: argparse.ArgumentParser) -> None:
    groups = ("day", "model", "strategy", "client", "role", "task")
    parser.add_argument("--by", choices=groups, default="day", help="how to group the costs")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="print rows for a spreadsheet")
    form.add_argument("--json", action="store_true", help="print one JSON value")
    form.add_argument("--chart", metavar="FILE.svg", help="draw it into that file")
    _finish(parser, "costs:cost")


def _add_disclosed(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--task", metavar="T", help="only of this task; a beginning of its id")
    parser.add_argument("--since", metavar="WHEN", help="a date, a time, or 90m, 12h, 7d ago")
    parser.add_argument("--limit", metavar="N", type=positive, default=200, help="calls at most")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    _finish(parser, "disclosed:disclosed")


def _add_history(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("entry", metavar="ENTRY", nargs="?", help="one change, hunk by hunk")
    parser.add_argument("--limit", metavar="N", type=positive, default=20, help="the most shown")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    _finish(parser, "history:history")


def _add_undo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "entry", metavar="ENTRY", nargs="?", help="which, as 'history' numbers it; else the last"
    )
    add_parts(parser)
    parser.add_argument("--task", metavar="T", help="all that was kept of a task")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    _finish(parser, "history:undo")


def _add_redo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "entry", metavar="ENTRY", nargs="?", help="the undo, or what it took back; else the last"
    )
    add_parts(parser)
    parser.add_argument("--task", metavar="T", help="all that was taken back of a task")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    _finish(parser, "history:redo")


def _add_index(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--watch", action="store_true", help="go on, a line for each change")
    parser.add_argument("--json", action="store_true", help="print JSON values, one a line")
    _finish(parser, "index_queries:index")


def _add_symbols(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("query", metavar="QUERY", help="a name, or some of its letters: gbn")
    parser.add_argument("--limit", metavar="N", type=positive, default=20, help="the most shown")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    _finish(parser, "index_queries:symbols")


def _add_references(parser: argparse.ArgumentParser) -> None:
    named = "push, Stack.push or pkg/stack.py:Stack.push"
    parser.add_argument("name", metavar="NAME", help=named)
    parser.add_argument("--limit", metavar="N", type=positive, default=200, help="the most shown")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    _finish(parser, "index_queries:references")


def _add_search(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", metavar="TEXT", help="what to look for")
    parser.add_argument("--regex", action="store_true", help="it is a regular expression")
    case = parser.add_mutually_exclusive_group()
    case.add_argument("--case", action="store_true", default=None, help="capitals count")
    case.add_argument("--no-case", dest="case", action="store_false", help="capitals do not count")
    parser.add_argument("--in", metavar="GLOB", dest="include", help="which files: 'src/**/*.py'")
    parser.add_argument("--limit", metavar="N", type=positive, default=200, help="the most shown")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    _finish(parser, "index_queries:search")


def _add_map(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--focus", metavar="F", action="append", default=[], help="a file or definition; repeatable"
    )
    parser.add_argument(
        "--tokens", metavar="N", type=positive, default=1000, help="how long it may be"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    _finish(parser, "index_queries:show_map")


def _finish(parser: argparse.ArgumentParser, command: str) -> None:
    parser.add_argument("--workspace", metavar="DIR", help="the workspace; else the one around")
    parser.set_defaults(command=command)
    if parser.get_default("json") is None:
        parser.set_defaults(json=False)
