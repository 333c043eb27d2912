"""The weak model edits, shown who calls what it changes and what that calls.

Repo Structure of arXiv 2505.20182, after RepoGraph (arXiv 2410.14684), with two repairs: neighbours
are resolved by scopes and imports, not by bare names, and they come on top of the whole files
instead of replacing them. One step away only: two steps cost more and do worse.
"""

import asyncio
import re
from collections.abc import Iterable, Iterator

from pairwright.disclosure.policy import Withheld, withheld_reason
from pairwright.index.analysis import Analysis
from pairwright.index.resolution import callees_of, callers_of
from pairwright.strategies.attempts import Attempts
from pairwright.strategies.base import Emit, Note, Proposal, StrategyContext
from pairwright.strategies.tries import tries
from pairwright.syntax.outline import Symbol, SymbolKind
from pairwright.workspace.paths import WorkspacePath

MOST_CHARACTERS = 4_000
MOST_SUBJECTS = 6
_WHOLE_UP_TO = 600
_FUNCTIONS = (SymbolKind.FUNCTION, SymbolKind.METHOD)


class RepoStructure:
    """One-hop callers and callees, then edits by the weak model."""

    name = "repo_structure"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        attempts = Attempts(ctx, emit)
        return await attempts.concluded(self._work(attempts))

    async def _work(self, attempts: Attempts) -> Proposal | None:
        ctx = attempts.ctx
        shown = [file.path for file in ctx.context]
        text = await asyncio.to_thread(
            neighbours, ctx.analysis, ctx.instruction, shown, withheld=ctx.withheld
        )
        attempts.notes = (Note("neighbours", text),) if text else ()
        return await attempts.work(ctx.weak, tries())


def neighbours(
    analysis: Analysis,
    instruction: str,
    shown: Iterable[WorkspacePath],
    *,
    withheld: Withheld = withheld_reason,
) -> str:
    """Return the callers and callees of the functions that an instruction names.

    Of those in files that are shown; where it names none, of the first file's first ones. Short
    neighbours are whole, of longer ones the signature is given.
    """
    shown = tuple(shown)
    parts: list[str] = []
    room = MOST_CHARACTERS
    seen: set[tuple[str, str]] = set()
    for subject in _subjects(analysis, instruction, shown):
        for neighbour, relation in _around(analysis, subject):
            key = (neighbour.path, neighbour.qualified_name)
            if neighbour.path in shown or key in seen:
                continue
            if _is_withheld(analysis, neighbour, withheld):
                continue
            seen.add(key)
            heading = f"{neighbour.path}, {relation} {subject.qualified_name}:"
            part = f"{heading}\n{_text(analysis, neighbour)}"
            if len(part) <= room:
                parts.append(part)
                room -= len(part)
    return "\n\n".join(parts)


def _subjects(analysis: Analysis, instruction: str, shown: Iterable[WorkspacePath]) -> list[Symbol]:
    functions = [
        symbol
        for path in shown
        for symbol in analysis.index.outlines[path].symbols
        if symbol.kind in _FUNCTIONS
    ]
    words = set(re.findall(r"\w+", instruction))
    named = [symbol for symbol in functions if symbol.name in words]
    return (named or functions)[:MOST_SUBJECTS]


def _around(analysis: Analysis, subject: Symbol) -> Iterator[tuple[Symbol, str]]:
    for caller in callers_of(analysis.index, subject):
        yield caller.symbol, "calls"
    for callee in callees_of(analysis.index, subject):
        yield callee.symbol, "called by"


def _is_withheld(analysis: Analysis, symbol: Symbol, withheld: Withheld) -> bool:
    document = analysis.snapshot.documents.get(WorkspacePath(symbol.path))
    return document is not None and withheld(symbol.path, document.text) is not None


def _text(analysis: Analysis, symbol: Symbol) -> str:
    document = analysis.snapshot.documents.get(WorkspacePath(symbol.path))
    if document is None or symbol.range.end - symbol.range.start > _WHOLE_UP_TO:
        return symbol.signature
    return document.text[symbol.range.start : symbol.range.end]
