"""What does a definition say, and who is around it? Several names in one answer."""

from typing import Annotated

from mcp.server.mcpserver.tools.base import Tool
from mcp_types import CallToolResult
from pydantic import Field

from pairwright.engine.questions.reading import MOST_NAMES, Reading, View, read_symbols
from pairwright.mcp.answers import ReadDefinition, ReadSymbols
from pairwright.mcp.convert import (
    MOST_CHARACTERS,
    cursor_at,
    freshness_line,
    place_of,
    read_cursor,
    to_result,
)
from pairwright.mcp.scopes import Assistant
from pairwright.mcp.tooling import Name, tool

_DESCRIPTION = (
    "Read definitions by name path, several at once: 'push', 'Stack.push', or "
    "'pkg/stack.py:Stack.push'. A name that means several is answered with their places. "
    "Sees unsaved buffers."
)
_ROOM = MOST_CHARACTERS - 2_000
"""Characters for the definitions of one answer; the rest is for what is said of them."""


def read_symbols_tool(assistant: Assistant) -> Tool:
    """Return the tool `read_symbols`."""
    session = assistant.session

    async def read(
        names: Annotated[list[Name], Field(min_length=1, max_length=MOST_NAMES)],
        view: View = "body",
        cursor: Name = "",
    ) -> Annotated[CallToolResult, ReadSymbols]:
        start = read_cursor(cursor, "read_symbols", names, view)
        revision = session.changes.read_revision()
        readings, freshness = await read_symbols(session.queries, tuple(names), view)
        withheld = await session.showing.withheld(
            path for reading in readings for path in _paths(reading)
        )
        told = [_told(reading, withheld) for reading in readings]
        page, rest = _page(told, start)
        lines = [_text(each) for each in page]
        lines.append(freshness_line(freshness, revision))
        lines.append("more: call again with next_cursor" if rest else "next: propose_change")
        answer = ReadSymbols(
            symbols=page,
            revision=revision,
            pending_files=freshness.pending,
            next_cursor=cursor_at(rest, "read_symbols", names, view) if rest else "",
        )
        return to_result(session.showing, lines, answer)

    read.__name__ = "read_symbols"
    return tool(
        session.showing,
        read,
        title="Read definitions",
        description=_DESCRIPTION,
        reads_only=True,
        is_idempotent=True,
    )


def _paths(reading: Reading) -> list[str]:
    own = [reading.symbol] if reading.symbol else []
    others = [*reading.places, *(each.symbol for each in reading.related)]
    return [symbol.place.path for symbol in (*own, *others)]


def _told(reading: Reading, withheld: dict[str, str]) -> ReadDefinition:
    symbol = reading.symbol
    if symbol is None:
        places = [place_of(each) for each in reading.places if each.place.path not in withheld]
        hidden = len(reading.places) - len(places)
        note = f"{len(reading.places)} definitions: name one with its file" if places else ""
        if not reading.places:
            like = ", ".join(name for name in reading.like)
            note = "nothing is called so" + (f"; like it: {like}" if like else "")
        if hidden:
            note = "; ".join(filter(None, (note, f"{hidden} in withheld files")))
        return ReadDefinition(name=reading.name, related=places, note=note)
    path = symbol.place.path
    if path in withheld:
        return ReadDefinition(name=reading.name, path=path, note=f"withheld: {withheld[path]}")
    related = [
        f"{place_of(each.symbol)} ({each.confidence})"
        for each in reading.related
        if each.symbol.place.path not in withheld
    ]
    hidden = len(reading.related) - len(related)
    notes = [f"{hidden} in withheld files are not shown"] if hidden else []
    notes += ["there are more"] if reading.is_cut else []
    return ReadDefinition(
        name=symbol.name,
        path=path,
        line=symbol.place.line + 1,
        end_line=reading.end_line + 1,
        text=reading.body or "\n".join(filter(None, (symbol.signature, symbol.doc))),
        related=related,
        note="; ".join(notes),
    )


def _page(told: list[ReadDefinition], start: int) -> tuple[list[ReadDefinition], int]:
    """Return what fits from a position of all text on, and where the rest begins; 0: none does."""
    page: list[ReadDefinition] = []
    position, room = 0, _ROOM
    for each in told:
        begin = max(0, start - position)
        size = len(_text(each))
        position += size
        if begin >= size:
            continue
        if room <= 0:
            return page, position - size
        text = each.text[begin:]
        if len(text) > room:
            cut = begin + room
            note = f"from character {begin} to {cut} of {len(each.text)}"
            page.append(each.model_copy(update={"text": text[:room], "note": note, "related": []}))
            return page, position - size + cut
        page.append(each.model_copy(update={"text": text}))
        room -= size - begin
    return page, 0


def _text(each: ReadDefinition) -> str:
    place = f"{each.path}:{each.line}-{each.end_line} " if each.line else ""
    lines = [f"## {place}{each.name}", each.note and f"({each.note})", each.text, *each.related]
    return "\n".join(line for line in lines if line)
