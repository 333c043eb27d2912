"""In which format does which model write its edits? Data, not code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pairwright.editing.blocks import EditParser
from pairwright.editing.grammar import search_replace_grammar, whole_file_grammar
from pairwright.editing.search_replace import search_replace_parser
from pairwright.editing.whole_file import whole_file_parser
from pairwright.llm.model import Tier
from pairwright.text.ranges import split_lines
from pairwright.workspace.paths import WorkspacePath


@dataclass(frozen=True, slots=True)
class EditFormat:
    """A way to write edits: how it is explained, read and enforced."""

    name: str
    prompt: str
    """The name of the prompt file that explains it to a model."""
    new_parser: Callable[[], EditParser]
    grammar: Callable[[Mapping[WorkspacePath, str]], str]
    """For a model that accepts one; takes the files that may be edited."""


SEARCH_REPLACE = EditFormat(
    "search_replace", "edit_search_replace", search_replace_parser, search_replace_grammar
)
WHOLE_FILE = EditFormat("whole_file", "edit_whole_file", whole_file_parser, whole_file_grammar)


@dataclass(frozen=True, slots=True)
class _Rule:
    """Which format is used, for how many lines at most."""

    tier: Tier
    accepts_grammar: bool
    max_lines: int | None
    """Of all files together; None for any number."""
    edit_format: EditFormat


_RULES = (
    # Free to misquote, a small model does better with a short file as a whole: so others report.
    _Rule(Tier.WEAK, accepts_grammar=False, max_lines=40, edit_format=WHOLE_FILE),
    _Rule(Tier.WEAK, accepts_grammar=False, max_lines=None, edit_format=SEARCH_REPLACE),
    _Rule(Tier.WEAK, accepts_grammar=True, max_lines=None, edit_format=SEARCH_REPLACE),
    _Rule(Tier.STRONG, accepts_grammar=False, max_lines=None, edit_format=SEARCH_REPLACE),
    _Rule(Tier.STRONG, accepts_grammar=True, max_lines=None, edit_format=SEARCH_REPLACE),
)
"""The first that fits counts."""


def format_for(tier: Tier, accepts_grammar: bool, files: Mapping[WorkspacePath, str]) -> EditFormat:
    """Return the format for a model and the texts of the files that it may edit."""
    line_count = sum(len(split_lines(text)) for text in files.values())
    return next(
        rule.edit_format
        for rule in _RULES
        if (rule.tier, rule.accepts_grammar) == (tier, accepts_grammar)
        and (rule.max_lines is None or line_count <= rule.max_lines)
    )
