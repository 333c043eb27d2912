"""How does an answer become what MCP carries? Terse text for the model, and the same as data."""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from mcp_types import CallToolResult, ContentBlock, ResourceLink, TextContent

from pairwright.engine.models.showing import Showing
from pairwright.errors import InvalidRequest
from pairwright.mcp.answers import Answer
from pairwright.protocol.index_messages import Freshness, SymbolView

MOST_CHARACTERS = 24_000
"""Of one answer's text: about 6,000 tokens, a quarter of what hosts cut at."""
MOST_LINE = 400
"""Characters of one line of a list."""


def to_result(
    showing: Showing, text: Sequence[str], answer: Answer, *links: ResourceLink
) -> CallToolResult:
    """Return an answer as text and as data; what looks like a secret goes out in neither."""
    shown = "\n".join(text)
    data = answer.model_dump(mode="json")
    return _result(showing, (shown, *_strings_of(data)), shown, data, *links)


def to_list_result(
    showing: Showing, lines: Sequence[str], besides: Sequence[str], answer: Mapping[str, Any]
) -> CallToolResult:
    """Return what `to_result` does, of lines that each speak of something else.

    Args:
        showing: cleans it.
        lines: of the text.
        besides: what of the files' texts is in the data, and not in the lines word by word.
        answer: the data; the SDK compares it with the schema.
    """
    return _result(showing, (*lines, *besides), "\n".join(lines), answer)


def _result(
    showing: Showing,
    pieces: Sequence[str],
    shown: str,
    data: Mapping[str, Any],
    *links: ResourceLink,
) -> CallToolResult:
    if not showing.are_clean(pieces):
        data, shown = cleaned(showing, data), showing.cleaned(shown)
    content: list[ContentBlock] = [
        TextContent(type="text", text=shown[:MOST_CHARACTERS]),
        *links,
    ]
    return CallToolResult(content=content, structured_content=dict(data))


def cleaned(showing: Showing, value: Any) -> Any:
    """Return JSON data with every string of it cleaned."""
    if isinstance(value, str):
        return showing.cleaned(value)
    if isinstance(value, list):
        return [cleaned(showing, item) for item in value]
    if isinstance(value, dict):
        return {key: cleaned(showing, item) for key, item in value.items()}
    return value


def _strings_of(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings_of(item)


def failed(message: str) -> CallToolResult:
    """Return a failure, in words that the model can act on."""
    return CallToolResult(content=[TextContent(type="text", text=message)], is_error=True)


def freshness_line(freshness: Freshness, revision: int) -> str:
    """Return how far an answer can be trusted."""
    if freshness.is_complete:
        return f"[revision {revision}; all {freshness.files} files read, unsaved buffers included]"
    return (
        f"[revision {revision}; {freshness.pending} of {freshness.files} files not read yet: more "
        "may be found in a moment]"
    )


def withheld_lines(withheld: dict[str, str]) -> list[str]:
    """Return which files are not shown, each with the rule."""
    return [f"withheld: {path} ({reason})" for path, reason in sorted(withheld.items())]


def place_of(symbol: SymbolView) -> str:
    """Return a definition as one line: name, place, signature."""
    signature = " ".join(symbol.signature.split())[:MOST_LINE]
    return f"{symbol.place.path}:{symbol.place.line + 1} {symbol.kind} {symbol.name}  {signature}"


def usd(amount: Decimal | None) -> str:
    """Return an amount; empty when it is unknown."""
    return "" if amount is None else format(amount.normalize(), "f")


def cursor_at(position: int, *question: object) -> str:
    """Return a cursor for the rest of the answer to a question."""
    return base64.urlsafe_b64encode(f"{position}.{_mark(question)}".encode()).decode().rstrip("=")


def read_cursor(cursor: str, *question: object) -> int:
    """Return the position that a cursor stands for; 0 for an empty one.

    Raises:
        InvalidRequest: it is none, or of another question.
    """
    if not cursor:
        return 0
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        position, _, mark = base64.urlsafe_b64decode(padded.encode()).decode().partition(".")
        if mark == _mark(question) and position.isdecimal() and len(position) < 10:
            return int(position)
    except (ValueError, binascii.Error):
        pass
    raise InvalidRequest(
        "cursor: give the next_cursor of the same question, or none to begin at its start"
    )


def _mark(question: Sequence[object]) -> str:
    asked = json.dumps(question, default=str)
    return hashlib.blake2b(asked.encode("utf-8", "replace"), digest_size=6).hexdigest()
