"""What may a model write, character by character? GBNF grammars for the edit formats.

A grammar makes a broken frame, a made-up SEARCH part and an edit that changes nothing impossible
to write. It knows the present text of the files and nothing else: whether the new lines are any
good is for the gate.

Limits help small models: new lines look like the files' own, a SEARCH part does not run into the
next definition, and the numbers of lines and blocks are bounded, so that a model that repeats
itself comes to an end.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pairwright.editing.definitions import (
    SharedLine,
    decorations_above,
    definitions_of,
    extent_of,
    is_broken,
)
from pairwright.editing.gbnf import LineRules, can_be_quoted, literal
from pairwright.editing.markers import (
    DIFF_CLOSE,
    DIFF_OPEN,
    DIVIDER,
    END_MARKER,
    FILE_MARKER,
    REPLACE_CLOSE,
    SEARCH_OPEN,
    SYMBOL_CLOSE,
    SYMBOL_OPEN,
    WHOLE_CLOSE,
    WHOLE_OPEN,
)
from pairwright.syntax.outline import SymbolKind
from pairwright.text.ranges import line_contents
from pairwright.workspace.paths import WorkspacePath

_DEFINITION = re.compile(
    r"[ \t]*(?:@|(?:(?:export|default|public|private|static|async) )*"
    r"(?:def|class|function|interface|fn|func)\b)"
)

_WRITTEN_WHOLE = (
    SymbolKind.FUNCTION,
    SymbolKind.METHOD,
    SymbolKind.CLASS,
    SymbolKind.INTERFACE,
    SymbolKind.ENUM,
)
MAX_BLOCKS = 2
MAX_SEARCH_LINES = 16
MAX_NEW_LINES = 24
"""New lines of a block, not counting those at its beginning that stay as they are."""


def search_replace_grammar(files: Mapping[WorkspacePath, str]) -> str:
    """Return a grammar of search/replace answers about these files.

    SEARCH is a run of lines that occurs once in its file, with no blank line at its edges; for a
    file without text it is empty. REPLACE differs from SEARCH.

    Raises:
        ValueError: there is no line that could be searched for.
    """
    lines_by_path = {path: line_contents(text) for path, text in files.items()}
    line_rules = LineRules(_all_lines(lines_by_path))
    blocks: list[str] = []
    rules = [f"divider ::= {_literal_line(DIVIDER)}"]
    for number, (path, lines) in enumerate(lines_by_path.items()):
        heading = _literal_line(f"{FILE_MARKER} {path}\n{SEARCH_OPEN}")
        runs = dict(_unique_runs(lines))
        if not any(line.strip() for line in lines):
            blocks.append(f"{heading} divider f{number}from0")
            rules += _whole_file_rules(f"f{number}", lines, line_rules)
        elif runs:
            blocks.append(f"{heading} f{number}")
            rules += _search_replace_rules(f"f{number}", runs, lines, line_rules)
    if not blocks:
        raise ValueError("there is no line that could be searched for")
    rules += line_rules.definitions(MAX_NEW_LINES)
    return _grammar(blocks, REPLACE_CLOSE, rules, max_blocks=MAX_BLOCKS)


def whole_file_grammar(files: Mapping[WorkspacePath, str]) -> str:
    """Return a grammar of whole-file answers about these files; the new text differs from the old.

    Raises:
        ValueError: there are no files.
    """
    if not files:
        raise ValueError("there are no files")
    lines_by_path = {path: line_contents(text) for path, text in files.items()}
    line_rules = LineRules(_all_lines(lines_by_path))
    blocks: list[str] = []
    rules: list[str] = []
    for number, (path, lines) in enumerate(lines_by_path.items()):
        heading = _literal_line(f"{FILE_MARKER} {path}\n{WHOLE_OPEN}")
        blocks.append(f"{heading} f{number}from0")
        rules += _whole_file_rules(f"f{number}", lines, line_rules)
    longest = max(len(lines) for lines in lines_by_path.values())
    rules += line_rules.definitions(longest + MAX_NEW_LINES)
    return _grammar(blocks, WHOLE_CLOSE, rules, max_blocks=min(MAX_BLOCKS, len(files)))


def whole_symbol_grammar(files: Mapping[WorkspacePath, str]) -> str:
    """Return a grammar of whole-symbol answers about these files' functions and types.

    The new text of a definition differs from its old one.

    Raises:
        ValueError: the files define nothing that could be written whole.
    """
    line_rules = LineRules([line for text in files.values() for line in line_contents(text)])
    blocks: list[str] = []
    rules: list[str] = []
    longest = 0
    for number, (path, text) in enumerate(files.items()):
        definitions = definition_lines(path, text)
        ways = []
        for place, (name, lines) in enumerate(definitions.items()):
            longest = max(longest, len(lines))
            ways.append(f"{_literal_line(name)} f{number}d{place}from0")
            rules += _whole_file_rules(f"f{number}d{place}", lines, line_rules)
        if ways:
            heading = literal(f"{FILE_MARKER} {path}\n{SYMBOL_OPEN} ")
            blocks.append(f"{heading} ( {' | '.join(ways)} )")
    if not blocks:
        raise ValueError("there is no definition that could be written whole")
    rules += line_rules.definitions(longest + MAX_NEW_LINES)
    return _grammar(blocks, SYMBOL_CLOSE, rules, max_blocks=MAX_BLOCKS)


def unified_diff_grammar(files: Mapping[WorkspacePath, str]) -> str:
    """Return a grammar of DIFF answers about these files: one hunk a block.

    The old lines of a hunk are a run of lines that occurs once in its file; some line is added or
    removed.

    Raises:
        ValueError: there is no line that a hunk could quote.
    """
    lines_by_path = {path: line_contents(text) for path, text in files.items()}
    line_rules = LineRules(_all_lines(lines_by_path))
    blocks: list[str] = []
    rules = [f"adds ::= add add{{0,{MAX_NEW_LINES - 1}}}", 'add ::= "+" line']
    for number, (path, lines) in enumerate(lines_by_path.items()):
        heading = f"{FILE_MARKER} {path}\n{DIFF_OPEN}"
        runs = dict(_unique_runs(lines))
        if not any(line.strip() for line in lines):
            blocks.append(f"{_literal_line(heading)} {_literal_line('@@ -0,0 +1 @@')} adds")
        elif runs:
            blocks.append(f"{_literal_line(heading)} {_literal_line('@@ @@')} f{number}")
            rules += _hunk_rules(f"f{number}", runs, lines, line_rules)
    if not blocks:
        raise ValueError("there is no line that a hunk could quote")
    rules += line_rules.definitions(MAX_NEW_LINES)
    return _grammar(blocks, DIFF_CLOSE, rules, max_blocks=MAX_BLOCKS)


def definition_lines(path: WorkspacePath, text: str) -> dict[str, tuple[str, ...]]:
    """Return the lines of every function and type that a block can name and write whole."""
    definitions = definitions_of(path, text)
    contents = line_contents(text)
    found: dict[str, tuple[str, ...]] = {}
    for symbol in definitions.symbols:
        is_alone = len(definitions.named(symbol.qualified_name)) == 1
        if symbol.kind not in _WRITTEN_WHOLE or not is_alone or is_broken(definitions, symbol):
            continue
        try:
            extent = extent_of(symbol, text)
        except SharedLine:
            continue
        first = decorations_above(extent.start, contents)
        found[symbol.qualified_name] = tuple(contents[first : extent.end])
    return found


def _grammar(blocks: Sequence[str], closer: str, rules: Iterable[str], *, max_blocks: int) -> str:
    answers = [
        f"{'block ' * count}{_literal_line(f'{END_MARKER} {count}')}"
        for count in range(1, max_blocks + 1)
    ]
    root = f"root ::= {' | '.join(answers)}"
    block = f"block ::= ( {' | '.join(blocks)} ) {_literal_line(closer)}"
    return "\n".join([root, block, *rules, ""])


def _all_lines(lines_by_path: Mapping[WorkspacePath, Sequence[str]]) -> list[str]:
    return [line for lines in lines_by_path.values() for line in lines]


def _literal_line(text: str) -> str:
    return literal(text + "\n")


def _unique_runs(lines: Sequence[str]) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield the lines at which a SEARCH may begin, each with the first and last that may end it."""
    shortest = _shortest_unique_runs(lines)
    for first, line in enumerate(lines):
        if first not in shortest or not line.strip():
            continue
        unique = first + shortest[first] - 1
        stop = first
        while stop < min(len(lines), first + MAX_SEARCH_LINES) and can_be_quoted(lines[stop]):
            stop += 1
        ends = [last for last in range(unique, stop) if lines[last].strip()]
        boundary = _next_definition(lines, first)
        ends = [last for last in ends if last < boundary] or ends[:1]
        if ends:
            yield first, (ends[0], ends[-1])


def _next_definition(lines: Sequence[str], first: int) -> int:
    """Return the line behind `first` at which another definition begins, decorators included."""
    for number in range(first + 1, min(len(lines), first + MAX_SEARCH_LINES)):
        is_decorated = lines[number - 1].lstrip().startswith("@")
        if _DEFINITION.match(lines[number]) and not is_decorated:
            return number
    return len(lines)


def _shortest_unique_runs(lines: Sequence[str]) -> dict[int, int]:
    """Return for each line how many lines from it on occur only once, up to the limit."""
    lengths: dict[int, int] = {}
    open_starts = list(range(len(lines)))
    for length in range(1, MAX_SEARCH_LINES + 1):
        # Invariant: a run that occurs twice begins with a shorter one that does.
        runs = {
            start: tuple(lines[start : start + length])
            for start in open_starts
            if start + length <= len(lines)
        }
        counts = Counter(runs.values())
        lengths |= {start: length for start, run in runs.items() if counts[run] == 1}
        open_starts = [start for start, run in runs.items() if counts[run] > 1]
    return lengths


def _search_replace_rules(
    name: str, runs: Mapping[int, tuple[int, int]], lines: Sequence[str], line_rules: LineRules
) -> Iterator[str]:
    """Yield the rules of one file.

    `f0s2to4` goes on when SEARCH holds the lines 2 to 4; `f0r3to4` when REPLACE repeats SEARCH so
    far, and line 3 is next of those up to 4.
    """
    starts = []
    pairs: set[tuple[int, int]] = set()
    for first, (shortest, longest) in runs.items():
        quoted = " ".join(f"{name}line{line}" for line in range(first, shortest + 1))
        starts.append(f"{quoted} {name}s{first}to{shortest}")
        for last in range(shortest, longest + 1):
            ways = []
            if last < longest:
                ways.append(f"{name}line{last + 1} {name}s{first}to{last + 1}")
            if lines[last].strip():
                ways.append(f"divider {name}r{first}to{last}")
                pairs.update((line, last) for line in range(first, last + 1))
            yield f"{name}s{first}to{last} ::= {' | '.join(ways)}"
    yield f"{name} ::= {' | '.join(starts)}"
    for line, last in sorted(pairs):
        same = "line text" if line == last else f"{name}r{line + 1}to{last}"
        yield f'{name}r{line}to{last} ::= "" | {name}not{line} text | {name}line{line} {same}'
    for line in sorted({line for line, _ in pairs}):
        yield f"{name}line{line} ::= {_literal_line(lines[line])}"
        yield f"{name}not{line} ::= {line_rules.any_but(lines[line])}"


def _whole_file_rules(name: str, lines: Sequence[str], line_rules: LineRules) -> Iterator[str]:
    """Yield the rules of one file; `f0from3` goes on when the text repeats the old one so far."""
    for number, line in enumerate(lines):
        if not can_be_quoted(line):
            yield f"{name}from{number} ::= line text"
            return
        same = f"{_literal_line(line)} {name}from{number + 1}"
        ending = '"" | ' if number else ""
        yield f"{name}from{number} ::= {ending}( {line_rules.any_but(line)} ) text | {same}"
    yield f"{name}from{len(lines)} ::= line text"


def _hunk_rules(
    name: str, runs: Mapping[int, tuple[int, int]], lines: Sequence[str], line_rules: LineRules
) -> Iterator[str]:
    """Yield the rules of one file's hunks.

    Of the hunk that begins at line 2, `f0s2to4` goes on at line 4 while nothing has changed,
    `f0c2to4` behind a line that stays when something has, `f0d2to4` behind a removed line and
    `f0a2to4` behind added ones. A line that was just removed is not added again.
    """
    yield f"{name} ::= {' | '.join(f'{name}s{first}to{first}' for first in runs)}"
    for first, (shortest, longest) in runs.items():
        for line in range(first, longest + 2):
            at, after = f"{first}to{line}", f"{first}to{line + 1}"
            end = ['""'] if line > shortest else []
            same, kept = f"{name}keep{line} {name}s{after}", f"{name}keep{line} {name}c{after}"
            dropped = f"{name}drop{line} {name}d{after}"
            added = f"adds {name}a{at}"
            there = [kept, dropped] if line <= longest else []
            yield f"{name}s{at} ::= {' | '.join([same, *there[1:], added] if there else [added])}"
            yield f"{name}a{at} ::= {' | '.join([*end, *there])}"
            if line > first:
                other = f"{name}other{line - 1} {name}a{at}"
                yield f"{name}c{at} ::= {' | '.join([*end, *there, added])}"
                yield f"{name}d{at} ::= {' | '.join([*end, *there, other])}"
    quoted = {line for first, (_, last) in runs.items() for line in range(first, last + 1)}
    for line in sorted(quoted):
        yield f"{name}keep{line} ::= {_literal_line(f' {lines[line]}')}"
        yield f"{name}drop{line} ::= {_literal_line(f'-{lines[line]}')}"
        others = line_rules.any_but(lines[line])
        yield f'{name}other{line} ::= "+" ( {others} ) add{{0,{MAX_NEW_LINES - 1}}}'
