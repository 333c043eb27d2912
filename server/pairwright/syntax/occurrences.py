"""Where does a word stand in a text, and is it code there, a comment or a string?"""

import re
from dataclasses import dataclass
from enum import StrEnum

from pairwright.syntax.languages.language import Language
from pairwright.syntax.parser import MissingGrammar, parse
from pairwright.text.ranges import TextRange


class Place(StrEnum):
    """What a word is part of."""

    CODE = "code"
    COMMENT = "comment"
    STRING = "string"
    """Or another literal text, such as what stands between tags."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place where a whole word stands."""

    range: TextRange
    place: Place


_TEXTUAL = ("string", "char", "text", "heredoc", "content", "fragment", "quoted", "escape")
"""What the grammars' names of literal texts have in them."""


def occurrences_of(language: Language, text: str, word: str) -> tuple[Occurrence, ...] | None:
    """Return where a whole word stands in a text, in its order.

    Args:
        language: of the text.
        text: of a file.
        word: letters, digits, `_` and `$` of ASCII.

    Returns:
        None when the text cannot be parsed whole: its grammar is not installed, it is too large, or
        a part of it is broken.
    """
    try:
        tree = parse(language, text)
    except MissingGrammar:
        return None
    if tree is None or tree.problems:
        return None
    found = []
    for match in whole_word(word).finditer(text):
        start, end = (len(text[:at].encode()) for at in match.span())
        node = tree.root.descendant_for_byte_range(start, end)
        found.append(Occurrence(TextRange(*match.span()), _place(node.type if node else "")))
    return tuple(found)


def whole_word(word: str) -> re.Pattern[str]:
    """Return what finds a word that is no part of a longer one."""
    return re.compile(rf"(?<![\w$]){re.escape(word)}(?![\w$])")


def _place(node_type: str) -> Place:
    if "comment" in node_type:
        return Place.COMMENT
    return Place.STRING if any(part in node_type for part in _TEXTUAL) else Place.CODE
