"""In which format does which model write its edits? Data, corrected by what came of it here.

The table below holds the defaults. Its figures are shares of well-formed answers that others
published (Aider's polyglot leaderboard, 225 tasks a model: "diff" there is our search/replace) and
our own (docs/measurements.md). Which format suits a model is decided by its training more than by
its size, so the workspace's own record has the last word, once it is long enough.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from pairwright.editing.blocks import EditParser
from pairwright.editing.frame import new_parser
from pairwright.editing.grammar import (
    definition_lines,
    search_replace_grammar,
    unified_diff_grammar,
    whole_file_grammar,
    whole_symbol_grammar,
)
from pairwright.llm.model import Tier
from pairwright.text.ranges import line_contents
from pairwright.workspace.paths import WorkspacePath

Files = Mapping[WorkspacePath, str]


@dataclass(frozen=True, slots=True)
class EditFormat:
    """A way to write edits: how it is explained and enforced; all are read by one parser."""

    name: str
    prompt: str
    """The name of the prompt file that explains it to a model."""
    grammar: Callable[[Files], str]
    """For a model that accepts one; takes the files that may be edited, and raises ValueError when
    they hold nothing that it could speak of."""
    new_parser: Callable[[], EditParser] = new_parser


SEARCH_REPLACE = EditFormat("search_replace", "edit_search_replace", search_replace_grammar)
WHOLE_FILE = EditFormat("whole_file", "edit_whole_file", whole_file_grammar)
WHOLE_SYMBOL = EditFormat("whole_symbol", "edit_whole_symbol", whole_symbol_grammar)
UNIFIED_DIFF = EditFormat("unified_diff", "edit_unified_diff", unified_diff_grammar)
EDIT_FORMATS = (SEARCH_REPLACE, WHOLE_FILE, WHOLE_SYMBOL, UNIFIED_DIFF)


@dataclass(frozen=True, slots=True)
class FormatRecord:
    """What became of one model's answers in one format, in this workspace."""

    edit_format: str
    answers: int
    well_formed: int
    """Answers that are whole and have no broken block."""
    applied: int
    """Answers of which every block found its place."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """Which formats a model may get, for how many lines at most."""

    formats: tuple[EditFormat, ...]
    """The first is the default; each other one is tried when the one before it fails here."""
    family: str = ""
    """A pattern that the model's name holds; empty for any model."""
    tier: Tier | None = None
    accepts_grammar: bool | None = None
    max_lines: int | None = None
    """Of all files together; None for any number."""


_MISQUOTING = (
    # Search/replace 71.6 % of Qwen2.5-Coder-32B's answers and whole files 99.6 %; ours of 0.5 B
    # 3 of 20. QwQ-32B 67.6 %; Qwen3-32B 83.6 %, and Qwen3-8B gains 12.5 points where it may write
    # whole files (arXiv 2604.26102). gpt-4.1-nano is measured with whole files only: 94.2 %.
    r"qwen-?2\.5|qwq|qwen-?3[-:](?:0\.6|1\.7|4|8|14|32)b|gpt-4\.1-nano"
    # Small models of other makes: nothing is published that says they quote better.
    r"|(?<![\d.])(?:0\.5|1|1\.1|1\.3|1\.5|2|3|4|6\.7|7|8)b(?![a-z0-9])"
)
_SHORT, _MEDIUM = 40, 150

_RULES = (
    # Held to a grammar nothing is misquoted: 19 of 20 of 0.5 B and 20 of 20 of 1.5 B.
    _Rule((SEARCH_REPLACE, WHOLE_SYMBOL, WHOLE_FILE), accepts_grammar=True, max_lines=_SHORT),
    _Rule((SEARCH_REPLACE, WHOLE_SYMBOL), accepts_grammar=True),
    _Rule((WHOLE_FILE, WHOLE_SYMBOL, SEARCH_REPLACE), family=_MISQUOTING, max_lines=_MEDIUM),
    _Rule((WHOLE_SYMBOL, SEARCH_REPLACE), family=_MISQUOTING, tier=Tier.WEAK),
    _Rule((SEARCH_REPLACE, WHOLE_SYMBOL, UNIFIED_DIFF), family=_MISQUOTING),
    _Rule((WHOLE_FILE, WHOLE_SYMBOL, SEARCH_REPLACE), tier=Tier.WEAK, max_lines=_SHORT),
    # Search/replace: DeepSeek V3.2 98.2 %, gemini-2.5-flash 93.8, gpt-4.1-mini 92.4,
    # claude-3.5-haiku 91.1, gpt-5 86.7 to 91.6, gpt-oss-120b 79.1, chatgpt-4o-latest 64.4.
    _Rule((SEARCH_REPLACE, WHOLE_SYMBOL, WHOLE_FILE, UNIFIED_DIFF), max_lines=_MEDIUM),
    _Rule((SEARCH_REPLACE, WHOLE_SYMBOL, UNIFIED_DIFF)),
)
"""The first that fits counts; each holds a format that fits any file."""

ENOUGH_ANSWERS = 12
"""Fewer say nothing: with half of them lost, chance alone could explain it."""
POOR_SHARE = 0.75
"""A format is poor once it is nearly certain that less than this share of answers applies."""
_Z = 1.96


def format_for(
    model: str,
    tier: Tier,
    files: Files,
    *,
    accepts_grammar: bool,
    records: Iterable[FormatRecord] = (),
    first: str | None = None,
) -> EditFormat:
    """Return the format for a model and the texts of the files that it may edit.

    The default, or what a person wants `first`, stands until `ENOUGH_ANSWERS` or more answers show,
    with 95 % confidence, that fewer than `POOR_SHARE` of them apply; then the next format is tried,
    and kept unless it turns out to do no better over as many answers.
    """
    by_name = {record.edit_format: record for record in records}
    wanted = tuple(each for each in EDIT_FORMATS if each.name == first)
    formats = dict.fromkeys((*wanted, *_formats(model, tier, files, accepts_grammar)))
    fitting = (each for each in formats if _fits(each, files))
    chosen = next(fitting)
    while _is_poor(by_name.get(chosen.name)) and (other := next(fitting, None)):
        if not _is_no_better(by_name.get(other.name), by_name[chosen.name]):
            chosen = other
    return chosen


def _formats(model: str, tier: Tier, files: Files, accepts_grammar: bool) -> tuple[EditFormat, ...]:
    line_count = sum(len(line_contents(text)) for text in files.values())
    return next(
        rule.formats
        for rule in _RULES
        if re.search(rule.family, model, re.IGNORECASE)
        and rule.tier in (None, tier)
        and rule.accepts_grammar in (None, accepts_grammar)
        and (rule.max_lines is None or line_count <= rule.max_lines)
    )


def _fits(edit_format: EditFormat, files: Files) -> bool:
    """Tell whether the files can be edited so: only what is defined can be written by its name."""
    if edit_format is not WHOLE_SYMBOL:
        return True
    return bool(files) and all(definition_lines(path, text) for path, text in files.items())


def _is_poor(record: FormatRecord | None) -> bool:
    if record is None or record.answers < ENOUGH_ANSWERS:
        return False
    return highest_likely_share(record.applied, record.answers) < POOR_SHARE


def _is_no_better(record: FormatRecord | None, than: FormatRecord) -> bool:
    if record is None or record.answers < ENOUGH_ANSWERS:
        return False
    return record.applied * than.answers <= than.applied * record.answers


def highest_likely_share(successes: int, trials: int) -> float:
    """Return the upper bound of Wilson's 95 % interval for a share."""
    share, z2 = successes / trials, _Z * _Z
    spread = _Z * sqrt(share * (1 - share) / trials + z2 / (4 * trials * trials))
    return (share + z2 / (2 * trials) + spread) / (1 + z2 / trials)
