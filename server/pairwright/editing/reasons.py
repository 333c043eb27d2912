"""How is a refusal worded? For the model that wrote the block, as a person would say it.

Line numbers in it are one-based, and real lines of the file stand behind theirs.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import islice

from pairwright.editing.definitions import Definitions, definitions_of, line_of_symbol
from pairwright.editing.lines import TextLines, lines_of
from pairwright.editing.location import MAX_PLACES, Place, locate
from pairwright.editing.nearest import most_alike, nearest_line
from pairwright.syntax.outline import Symbol
from pairwright.text.diff import Hunk, diff_lines
from pairwright.workspace.documents import Document
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot

CHANGES_NOTHING = "the file already says this: nothing would change"
SAME_LINES = "SEARCH and REPLACE are the same: no change"
ALREADY_APPLIED = "already applied"
"""How the refusal of a block begins whose lines are there and whose old ones are not."""
SHOWN_PATHS = 10
_SHOWN_PLACES = 8
_SHOWN_LINES = 12
_SHOWN_NAMES = 5
_NAMED_PLACES_CHARACTERS = 100_000
"""In a longer text, to tell which definition a place is in would take too long."""
_COMPARED_NAMES = 5_000
_TELLING_CHARACTERS = 12


def says_no_change(reason: str) -> bool:
    """Tell whether a block was refused because it would leave the text as it is."""
    return reason in (CHANGES_NOTHING, SAME_LINES) or reason.startswith(ALREADY_APPLIED)


def ambiguous(places: Sequence[Place], document: Document, *, is_hinted: bool) -> str:
    """Say where quoted lines are, each place, and how to mean one of them.

    Args:
        places: where they are, at least two.
        document: where they were looked for.
        is_hinted: whether the block said where they are; it did not help.
    """
    shown = [_described(place, document) for place in places[:_SHOWN_PLACES]]
    more = len(places) - len(shown)
    if more:
        at_least = "at least " if len(places) == MAX_PLACES else ""
        shown.append(f"and {at_least}{more} more")
    example = f"'### AT {places[0].first_line + 1}' or '### AT Class.method'"
    how = f"or write {example} before the block"
    if is_hinted:
        how = f"or name one of these places: {example} was expected to tell, and did not"
    return (
        f"the SEARCH lines occur at {', '.join(shown)}: include more lines, so that they occur "
        f"once, {how}"
    )


def not_found(quoted: TextLines, lines: TextLines) -> str:
    """Say which real lines come closest to the quoted ones."""
    start = nearest_line(quoted, lines)
    if start is None:
        return "the SEARCH lines are not in the file, and nothing in it is like them"
    shown = numbered(lines.contents, start, start + len(quoted.contents))
    return (
        "the SEARCH lines are not in the file. The nearest lines of the file, "
        f"each after its number, are:\n{shown}\nCopy lines exactly, without the number."
    )


def changed_since(quoted: TextLines, seen: TextLines, now: TextLines) -> str:
    """Say what became of lines that were quoted from an earlier text; empty if they were not."""
    places = locate(quoted, seen)
    if not places:
        return ""
    first = places[0].first_line
    drift = diff_lines(seen.contents, now.contents)
    start = _carried(first, drift, is_start=True)
    end = _carried(first + len(quoted.contents), drift, is_start=False)
    if start >= end:
        return f"these lines are gone; around their place it says:\n{_around(start, now)}"
    return f"these lines are now:\n{numbered(now.contents, start, end)}"


def changes_between(seen: TextLines, now: TextLines) -> str:
    """Show the lines that an earlier text did not have."""
    shown: list[str] = []
    for hunk in diff_lines(seen.contents, now.contents):
        shown += (
            f"{hunk.new_start + 1 + number}: {line}" for number, line in enumerate(hunk.new_lines)
        )
        if not hunk.new_lines:
            shown.append(f"({len(hunk.old_lines)} lines before line {hunk.new_start + 1} are gone)")
    more = [f"(and {len(shown) - _SHOWN_LINES} more)"] if len(shown) > _SHOWN_LINES else []
    return "\n".join([*shown[:_SHOWN_LINES], *more])


def elsewhere(quoted: TextLines, others: Iterable[tuple[WorkspacePath, TextLines]]) -> str:
    """Say in which of other files the quoted lines are; empty when in none, or they say little."""
    if sum(len(line.strip()) for line in quoted.contents) < _TELLING_CHARACTERS:
        return ""
    found = []
    for path, lines in others:
        places = locate(quoted, lines)
        if len(places) == 1:
            found.append(f"{path!r} (line {places[0].first_line + 1})")
    if not found:
        return ""
    return (
        "the SEARCH lines are not in this file, but in "
        f"{' and '.join(found[:_SHOWN_NAMES])}: name that file in '### FILE'"
    )


def missing_file(path: WorkspacePath, snapshot: Snapshot) -> str:
    """Say that a file does not exist, and which one may be meant."""
    alike = paths_like(path, snapshot.documents)
    if alike:
        return f"this file does not exist; did you mean {', '.join(alike)}?"
    return "this file does not exist"


def paths_like(path: WorkspacePath, others: Collection[WorkspacePath]) -> list[WorkspacePath]:
    """Return the paths that a person would take a wrong one for."""
    # There may be 100,000 of them: what is asked of each first is what takes no time.
    name = _name(path).casefold()
    same = [other for other in others if other.casefold().endswith(name)]
    same = sorted(other for other in same if _name(other).casefold() == name)
    if same:
        return same[:_SHOWN_NAMES]
    folder, stem = path.rpartition("/")[0], _stem(path)
    prefix = f"{folder}/" if folder else ""
    by_stem: dict[str, list[WorkspacePath]] = {}
    for other in others:
        if stem in other.casefold() and _stem(other) == stem:
            by_stem.setdefault(stem, []).append(other)
        elif other.startswith(prefix) and "/" not in other[len(prefix) :]:
            by_stem.setdefault(_stem(other), []).append(other)
    stems = islice(by_stem, _COMPARED_NAMES)
    alike = most_alike(stem, stems, _SHOWN_NAMES)
    return [other for stem in alike for other in sorted(by_stem[stem])][:_SHOWN_NAMES]


def unknown_symbol(name: str, definitions: Definitions, document: Document) -> str:
    """Say that a definition is not there, and which one may be meant."""
    if definitions.not_parsed:
        return (
            f"definitions cannot be told in this file ({definitions.not_parsed}): "
            "use SEARCH/REPLACE"
        )
    own_name = name.rpartition(".")[2]
    qualified = dict.fromkeys(symbol.qualified_name for symbol in definitions.symbols)
    alike = [each for each in qualified if each.rpartition(".")[2] == own_name]
    alike = alike or most_alike(name, qualified, _SHOWN_NAMES)
    if not alike:
        return f"nothing called {name!r} is defined in this file"
    lines = lines_of(document.text)
    shown = ", ".join(
        f"{each} (line {line_of_symbol(definitions.named(each)[0], lines)})"
        for each in alike[:_SHOWN_NAMES]
    )
    return f"nothing called {name!r} is defined in this file; did you mean {shown}?"


def several_symbols(name: str, symbols: Sequence[Symbol], lines: TextLines) -> str:
    """Say where a name is defined, when that is more than once."""
    places = [str(line_of_symbol(symbol, lines)) for symbol in symbols]
    more = ", …" if places[_SHOWN_PLACES:] else ""
    return (
        f"{name!r} is defined more than once, at lines {', '.join(places[:_SHOWN_PLACES])}{more}: "
        "use SEARCH/REPLACE with lines that are there once"
    )


def numbered(lines: Sequence[str], start: int, end: int) -> str:
    """Return some of the lines, each after its number."""
    last = min(end, start + _SHOWN_LINES, len(lines))
    shown = [f"{number + 1}: {lines[number]}" for number in range(start, last)]
    more = min(end, len(lines)) - last
    return "\n".join([*shown, *([f"(and {more} more)"] if more > 0 else [])])


def _described(place: Place, document: Document) -> str:
    line = f"line {place.first_line + 1}"
    if len(document.text) > _NAMED_PLACES_CHARACTERS:
        return line
    name = definitions_of(document.path, document.text).around(_offset(place, document))
    return f"{line} (in {name})" if name else line


def _offset(place: Place, document: Document) -> int:
    lines = lines_of(document.text)
    content = lines.contents[place.first_line]
    return lines.start_of(place.first_line) + len(content) - len(content.lstrip())


def _around(line: int, lines: TextLines) -> str:
    start = max(line - 2, 0)
    return numbered(lines.contents, start, line + 2) or "(nothing)"


def _carried(line: int, drift: Sequence[Hunk], *, is_start: bool) -> int:
    """Return where a boundary between lines is after the text changed."""
    growth = 0
    for hunk in drift:
        is_right_behind = hunk.old_start == line and not is_start
        if hunk.old_end <= line and not is_right_behind:
            growth += hunk.growth
        elif hunk.old_start < line:
            return hunk.new_start if is_start else hunk.new_start + len(hunk.new_lines)
    return line + growth


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _stem(path: str) -> str:
    return _name(path).casefold().partition(".")[0]
