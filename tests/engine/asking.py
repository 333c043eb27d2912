"""Who asks the index in these tests? The queries of a real engine on a small workspace."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from pairwright.engine.questions.places import Spot
from pairwright.engine.questions.queries import Queries
from pairwright.protocol import index_messages as messages
from pairwright.text.ranges import TextRange
from pairwright.workspace.paths import WorkspacePath
from tests.engine.desks import Desk, open_desk

STACK = '''"""A stack."""


class Stack:
    def push(self, item):
        self.items = [*self.items, item]
'''
USE = """from stack import Stack


def fill(stack: Stack):
    stack.push("ä\U0001f600")
    stack.push(2)
"""
FILES: Mapping[str, str | bytes] = {
    "stack.py": STACK,
    "use.py": USE,
    "notes.txt": "Push it.\n",
    "picture.png": b"\x89PNG\0\0",
}
A, STACK_PY, USE_PY = map(WorkspacePath, ("a.py", "stack.py", "use.py"))


@asynccontextmanager
async def asking(
    directory: Path, files: Mapping[str, str | bytes] = FILES
) -> AsyncIterator[tuple[Queries, Desk]]:
    """Give the queries of a workspace of which everything is read."""
    async with open_desk(directory, files) as desk:
        await desk.session.queries.complete(lambda _: None)
        yield desk.session.queries, desk


def write(desk: Desk, path: str, text: str) -> None:
    """Write behind our back: nothing is told of it."""
    (desk.root / path).write_bytes(text.encode())


def names(result: messages.SymbolsResult) -> list[str]:
    return [symbol.name for symbol in result.symbols]


async def symbols(queries: Queries, query: str, limit: int = 50) -> messages.SymbolsResult:
    return await queries.symbols(messages.SymbolsParams(query=query, limit=limit))


async def references(queries: Queries, name: str, limit: int = 50) -> messages.ReferencesResult:
    return await queries.references(messages.ReferencesParams(name=name, limit=limit))


async def search(queries: Queries, text: str, **more: object) -> messages.SearchResult:
    return await queries.search(messages.SearchParams(text=text, **more))  # type: ignore[arg-type]


def lines(result: messages.SearchResult) -> list[tuple[str, int, str]]:
    return sorted(
        (match.place.path, match.place.line, match.place.line_text) for match in result.matches
    )


def spot(path: WorkspacePath, text: str, marked: str) -> Spot:
    offset = text.index(marked)
    return Spot(path, TextRange(offset, offset), text)


def shown(spots: tuple[Spot, ...]) -> list[tuple[str, int, str]]:
    return [
        (each.path, each.range.start, each.text[each.range.start : each.range.end])
        for each in spots
    ]
