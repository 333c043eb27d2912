"""What do `index`, `symbols`, `refs`, `search` and `map` say? The index's answers, for a person.

Lines begin with `path:line:`, as editors and terminals know to follow.
"""

import argparse
import asyncio
import re
import sys
from dataclasses import replace

from pairwright.protocol import index_messages as messages
from pairwright.protocol.messages import ProgressMade
from pairwright.protocol.terminal import visible
from pairwright_client import figures
from pairwright_client.client import DaemonClient
from pairwright_client.progress import ProgressLine
from pairwright_client.queries import ask, write_json
from pairwright_client.terminal import Screen


def index(args: argparse.Namespace) -> int:
    """Show what the index knows; with `--watch`, a line for each change until interrupted."""
    ask(args, lambda client: _show_index(client, args))
    return 0


def symbols(args: argparse.Namespace) -> int:
    """Show definitions by some letters of their names."""
    params = messages.SymbolsParams(query=args.query, limit=args.limit)
    answer = ask(args, lambda client: client.symbols(params))
    if args.json:
        write_json(answer)
        return 0
    screen = Screen.of(sys.stdout)
    for symbol in answer.symbols:
        screen.line(f"{_at(screen, symbol.place)} {_definition(screen, symbol)}")
    if not answer.symbols:
        _remark(f"No definition is called like {args.query!r}.")
    elif len(answer.symbols) >= args.limit:
        _remark(f"the best {len(answer.symbols):,}; --limit shows more")
    _warn(answer.freshness)
    return 0


def references(args: argparse.Namespace) -> int:
    """Show where a definition is used."""
    params = messages.ReferencesParams(name=args.name, limit=args.limit)
    answer = ask(args, lambda client: client.references(params))
    if args.json:
        write_json(answer)
        return 0
    screen = Screen.of(sys.stdout)
    for definition in answer.definitions:
        screen.line()
        _show_references(screen, definition)
    if answer.total > len(answer.definitions):
        _remark(
            f"{len(answer.definitions):,} of {answer.total:,} definitions of that name: "
            "give its class or its file too, such as Stack.push or pkg/stack.py:Stack.push"
        )
    _warn(answer.freshness)
    return 0


def search(args: argparse.Namespace) -> int:
    """Show where a text occurs."""
    params = messages.SearchParams(
        text=args.text,
        is_regex=args.regex,
        is_case_sensitive=args.case,
        include=args.include,
        limit=args.limit,
    )
    answer = ask(args, lambda client: client.search(params))
    if args.json:
        write_json(answer)
        return 0
    screen = Screen.of(sys.stdout)
    for match in answer.matches:
        screen.line(f"{_at(screen, match.place)} {_marked(screen, match.place)}")
    matches = figures.counted(len(answer.matches), "match", "matches")
    where = figures.counted(answer.files, "file")
    found = f"{matches} in {where}" if answer.matches else "no match"
    _remark(f"{found}; {answer.note}" if answer.note else found)
    _warn(answer.freshness)
    return 0


def show_map(args: argparse.Namespace) -> int:
    """Show the most important definitions."""
    params = messages.MapParams(focus=tuple(args.focus), tokens=args.tokens)
    answer = ask(args, lambda client: client.map(params))
    if args.json:
        write_json(answer)
        return 0
    screen = Screen.of(sys.stdout)
    for line in answer.text.splitlines():
        is_of_a_file = not line.startswith((" ", "\t"))
        screen.line(visible(line), *(("cyan",) if is_of_a_file else ()))
    tokens = f"about {figures.counted(answer.tokens, 'token')}"
    _remark(f"{figures.counted(len(answer.entries), 'file')}, {tokens}")
    _warn(answer.freshness)
    return 0


_A_BURST_S = 0.2
"""Seconds within which changes share a line: one save, or one checkout, is many."""
_DOUBTS = {"exact": "", "likely": "likely", "byName": "by name only"}
"""What is said of a use, by its confidence."""


async def _show_index(client: DaemonClient, args: argparse.Namespace) -> None:
    progress = ProgressLine(Screen.of(sys.stderr), asyncio.get_running_loop().time)

    def on_progress(seen: messages.IndexProgress) -> None:
        done = seen.files - seen.pending
        progress.show(ProgressMade(step="reading files", done=done, total=seen.files, unit="files"))

    screen = Screen.of(sys.stdout)
    params = messages.IndexParams()
    report = await client.index(params, on_progress)
    if args.json:
        write_json(report)
    else:
        _show_report(screen, report)
    while args.watch:
        before, params = report, replace(params, after_revision=report.freshness.revision)
        report = await client.index(params, on_progress)
        if args.json:
            write_json(report)
        else:
            screen.line(f"revision {report.freshness.revision}: {_counts(report, before)}")
        await asyncio.sleep(_A_BURST_S)


def _show_report(screen: Screen, report: messages.IndexReport) -> None:
    elapsed = figures.seconds(int(1000 * report.elapsed_s))
    sources = f"{report.parsed:,} parsed, {report.cached:,} from the cache"
    screen.line(f"Index       {_counts(report)}")
    screen.line(f"            complete after {elapsed}: {sources}")
    languages = sorted(report.languages, key=lambda each: -each.files)
    if languages:
        listed = ", ".join(f"{visible(each.language)} {each.files:,}" for each in languages)
        screen.line(f"Languages   {listed}")
    for each in languages:
        if each.not_parsed:
            files = figures.counted(each.not_parsed, "file")
            reason = visible(f"{each.language}: {files} not parsed: {each.reason}")
            screen.line(f"            ! {reason}", "yellow")
    if report.problems:
        screen.line(f"Problems    syntax errors in {figures.counted(report.problems, 'file')}")
    if report.unread_count:
        files = figures.counted(report.unread_count, "file")
        such_as = f", such as: {visible(report.unread[0].reason)}" if report.unread else ""
        screen.line(f"Not read    {files}{such_as}")
    if report.notice:
        screen.line(f"Watching    ! {visible(report.notice)}", "yellow")


def _counts(report: messages.IndexReport, before: messages.IndexReport | None = None) -> str:
    """Return how much there is, and by how much more or less than before."""
    than = before or report
    return ", ".join(
        (
            figures.counted(report.freshness.files, "file")
            + figures.change(report.freshness.files - than.freshness.files),
            figures.counted(report.symbols, "symbol")
            + figures.change(report.symbols - than.symbols),
            figures.counted(report.references, "reference")
            + figures.change(report.references - than.references),
        )
    )


def _show_references(screen: Screen, found: messages.ReferencesOf) -> None:
    count = figures.counted(found.total, "reference") if found.total else "no reference"
    if found.is_cut:
        count = f"{count} or more: it took too long"
    if found.total > len(found.references):
        count = f"{len(found.references):,} of {count}"
    symbol = found.symbol
    name = screen.paint(visible(symbol.name), "bold")
    screen.line(f"{_at(screen, symbol.place)} {visible(symbol.kind)} {name}: {count}")
    for each in found.references:
        doubt = _DOUBTS[each.confidence]
        role = f"{each.role}, {doubt}" if doubt else each.role
        line = visible(each.place.line_text.strip())
        shown_role = screen.paint(f"  ({visible(role)})", "dim")
        screen.line(f"  {_at(screen, each.place)} {line}{shown_role}")


def _definition(screen: Screen, symbol: messages.SymbolView) -> str:
    """Return `method Stack.push(self, item)`: the signature behind the qualified name."""
    own_name = re.escape(symbol.name.rpartition(".")[2])
    said = re.search(rf"(?<!\w){own_name}(?!\w)", symbol.signature) if own_name else None
    rest = symbol.signature[said.end() :] if said else f"  {symbol.signature}".rstrip()
    what = f"{visible(symbol.kind)} {screen.paint(visible(symbol.name), 'bold')}"
    return f"{what}{screen.paint(visible(rest), 'dim')}"


def _at(screen: Screen, place: messages.Place) -> str:
    return screen.paint(f"{visible(place.path)}:{place.line + 1}:", "cyan")


def _marked(screen: Screen, place: messages.Place) -> str:
    """Return the line with the match set off."""
    line = place.line_text
    start = place.column - place.shown_from
    end = place.end_column - place.shown_from if place.end_line == place.line else len(line)
    before, match, after = line[:start], line[start:end], line[end:]
    cut = "… " if place.shown_from else ""
    return f"{cut}{visible(before.lstrip())}{screen.paint(visible(match), 'bold')}{visible(after)}"


def _remark(text: str) -> None:
    """Say what is not part of the answer, beside it."""
    Screen.of(sys.stderr).line(visible(text), "dim")


def _warn(freshness: messages.Freshness) -> None:
    if not freshness.is_complete:
        pending = figures.counted(freshness.pending, "file")
        text = f"The index is still building: {pending} of {freshness.files:,} not read yet."
        Screen.of(sys.stderr).line(text, "yellow")
