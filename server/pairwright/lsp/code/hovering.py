"""What is that? A definition's signature and doc, and how sure it is that this one is meant."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lsprotocol import types

from pairwright.engine.questions.at_places import CodeQuestions, Definition
from pairwright.index.resolving.meanings import Confidence
from pairwright.lsp.code.places import CodePlaces, begun
from pairwright.lsp.stream.connection import Work

SURE: Mapping[Confidence, str] = {
    Confidence.EXACT: "",
    Confidence.LIKELY: "likely: by the type of what stands before it",
    Confidence.BY_NAME: "a guess: only the name is the same",
}
"""What is said of how sure a definition is; nothing where it is certain."""
_BACKTICKS = re.compile(r"`+")


class Hovering:
    """One client's question what it points at."""

    def __init__(
        self, questions: CodeQuestions, places: CodePlaces, *, reads_markdown: bool
    ) -> None:
        """Answer in Markdown, or in plain text."""
        self._questions = questions
        self._places = places
        self._is_markdown = reads_markdown
        self.requests: Mapping[str, Callable[[Any], Work]] = {
            types.TEXT_DOCUMENT_HOVER: begun(types.HoverParams, self._hover)
        }

    def _hover(self, params: types.HoverParams) -> Work:
        find_place = self._places.find(params.text_document.uri, params.position)

        async def work() -> types.Hover | None:
            found = await self._questions.described(await find_place())
            if not found:
                return None
            kind = types.MarkupKind.Markdown if self._is_markdown else types.MarkupKind.PlainText
            render = markdown_of if self._is_markdown else plain_text_of
            return types.Hover(types.MarkupContent(kind, render(found)))

        return work


def markdown_of(found: Iterable[Definition]) -> str:
    """Return Markdown; what a file's author wrote stands in fences, so that none of it is markup.

    A doc may hold the address of a picture, which an editor would fetch.
    """
    parts = []
    for each in found:
        parts.append(_fenced(_signature(each), each.language or "text"))
        if each.symbol.doc:
            parts.append(_fenced(each.symbol.doc, "text"))
        parts.append(_code(_origin(each)) + _sureness(each))
    return "\n\n".join(parts)


def plain_text_of(found: Iterable[Definition]) -> str:
    """Return plain text."""
    return "\n\n".join(
        "\n".join(
            part
            for part in (_signature(each), each.symbol.doc, _origin(each) + _sureness(each))
            if part
        )
        for each in found
    )


def _signature(found: Definition) -> str:
    return found.symbol.signature or found.symbol.qualified_name or found.symbol.path


def _origin(found: Definition) -> str:
    holder = found.symbol.qualified_name.rpartition(".")[0]
    line = found.spot.text.count("\n", 0, found.spot.range.start) + 1
    place = f"{found.symbol.path}:{line}"
    return f"{holder} in {place}" if holder else place


def _sureness(found: Definition) -> str:
    sureness = SURE[found.confidence]
    return f" ({sureness})" if sureness else ""


def _fenced(text: str, language: str) -> str:
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}{language.split()[0]}\n{text}\n{fence}"


def _code(text: str) -> str:
    """Return text as code amid a line; a path may hold anything."""
    marks = "`" * (_longest_run(text) + 1)
    pad = " " if text[:1] == "`" or text[-1:] == "`" else ""
    return f"{marks}{pad}{text}{pad}{marks}"


def _longest_run(text: str) -> int:
    return max(map(len, _BACKTICKS.findall(text)), default=0)
