"""Which lines of a document does a block replace, and by which? One place and no doubt, or none.

It knows nothing of other files, nor of what the model may touch.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pairwright.disclosure.policy import clean_for_model
from pairwright.editing import reasons
from pairwright.editing.blocks import SearchReplace, WholeFile, WholeSymbol
from pairwright.editing.definitions import (
    Definitions,
    Extent,
    SharedLine,
    comments_above,
    decorations_above,
    definitions_after,
    definitions_of,
    extent_of,
    is_broken,
    is_decoration,
    own_spelling,
)
from pairwright.editing.lines import TextLines, lines_of
from pairwright.editing.location import (
    MAX_PLACES,
    Place,
    locate,
    locate_unshifted,
    shift_between,
)
from pairwright.editing.nearest import nearest_line
from pairwright.syntax.outline import Symbol
from pairwright.text.diff import Hunk, diff_lines
from pairwright.workspace.documents import Document

NEAR_LINES = 50
"""How far from the line that a block names its place may be, when there are several."""
_CLEARLY = 2
"""How many times farther the next place must be."""
_APPLIED_REACH = 20
_TELLING_CHARACTERS = 12


class Misplaced(Exception):
    """A block has no place, or more than one; the message is the reason."""


class NotThere(Misplaced):
    """The lines that a block quotes are not in the document."""


def whole_file_hunks(block: WholeFile, document: Document) -> tuple[Hunk, ...]:
    """Return what a block that writes the whole file changes.

    Raises:
        Misplaced: it would empty the file.
    """
    if not block.text.strip() and document.text.strip():
        raise Misplaced("the block is empty and would empty the file")
    return _diff_as_shown(lines_of(document.text).contents, TextLines(block.text).contents)


def search_replace_hunks(block: SearchReplace, document: Document) -> tuple[Hunk, ...]:
    """Return what a search/replace block changes.

    Raises:
        NotThere: the quoted lines are not in the document.
        Misplaced: it has no place, or more than one, or nothing to change.
    """
    lines = lines_of(document.text)
    search, replacement = TextLines(block.search), TextLines(block.replace)
    if not block.search.strip():
        if document.text.strip():
            raise Misplaced(
                "the SEARCH part is empty, but the file exists: "
                "copy the lines that shall be replaced into it"
            )
        return diff_lines(lines.contents, replacement.contents)
    hunks = diff_lines(search.contents, replacement.contents)
    if not hunks:
        raise Misplaced(reasons.SAME_LINES)
    found = _only_place(block, search, replacement, document)
    if _is_there_already(search.contents, replacement.contents, lines.contents, found):
        raise Misplaced(
            f"{reasons.ALREADY_APPLIED}: the REPLACE lines are there, "
            f"around line {found.first_line + 1}"
        )
    return tuple(_moved(hunk, found, lines.contents) for hunk in hunks)


def whole_symbol_hunks(block: WholeSymbol, document: Document) -> tuple[Hunk, ...]:
    """Return what a block that writes a definition changes.

    The comments right above a definition are replaced when the block brings some, and stay when it
    does not. The name stays: another one would be another edit.

    Raises:
        Misplaced: the definition is not there, is there twice, or its lines are not sure.
    """
    definitions = definitions_of(document.path, document.text)
    symbol = _only_symbol(block.symbol, definitions, document)
    if not block.text.strip():
        raise Misplaced(
            f"the block for {block.symbol!r} is empty: to remove a definition, quote it as SEARCH "
            "and leave REPLACE empty"
        )
    try:
        extent = extent_of(symbol, document.text)
    except SharedLine as error:
        raise Misplaced(
            f"{block.symbol!r} shares {error} with other code: use SEARCH/REPLACE"
        ) from None
    lines = lines_of(document.text).contents
    written = _written_definition(block, lines[extent.start], extent)
    new_lines = (*lines[: extent.start], *written, *lines[extent.end :])
    lead = _lead_before_definition(symbol, definitions, new_lines, document, extent, len(written))
    start, new_lines = _with_comments(block, extent.start, lines, written, lead)
    hunks = _diff_as_shown(lines[start : extent.end], new_lines)
    return tuple(
        replace(hunk, old_start=hunk.old_start + start, new_start=hunk.new_start + start)
        for hunk in hunks
    )


def symbol_text(name: str, document: Document) -> str:
    """Return a definition's text; empty when it is not there, or not once."""
    definitions = definitions_of(document.path, document.text)
    found = _named(name, definitions, document)
    if len(found) != 1:
        return ""
    return document.text[found[0].range.start : found[0].range.end]


def _diff_as_shown(old: Sequence[str], new: Sequence[str]) -> tuple[Hunk, ...]:
    """Return the difference of lines; what nobody shows a model is no difference when it is gone.

    Models copy lines that stay, and were shown them without invisible characters.
    """
    shown = {line: clean_for_model(line) for line in old if not line.isascii()}
    if all(line == cleaned for line, cleaned in shown.items()):
        return diff_lines(old, new)
    hunks = diff_lines(
        [shown.get(line, line) for line in old], [shown.get(line, line) for line in new]
    )
    return tuple(
        replace(
            hunk,
            old_lines=tuple(old[hunk.old_start : hunk.old_end]),
            new_lines=tuple(new[hunk.new_start : hunk.new_start + len(hunk.new_lines)]),
        )
        for hunk in hunks
    )


def _only_place(
    block: SearchReplace, search: TextLines, replacement: TextLines, document: Document
) -> Place:
    lines = lines_of(document.text)
    places = locate(search, lines)
    if len(places) > 1:
        places = tuple(_unless_tied(block, places, document))
    if len(places) == 1:
        return places[0]
    if places:
        is_hinted = bool(block.within) or block.near_line is not None
        raise Misplaced(reasons.ambiguous(places, document, is_hinted=is_hinted))
    applied = _applied_at(search, replacement, lines)
    if applied is not None:
        raise Misplaced(
            f"{reasons.ALREADY_APPLIED}: the SEARCH lines are not in the file, "
            f"and the REPLACE lines are, at line {applied + 1}"
        )
    raise NotThere(reasons.not_found(search, lines))


def _applied_at(search: TextLines, replacement: TextLines, lines: TextLines) -> int | None:
    """Return where the new lines are already; a line that is anywhere by chance says nothing."""
    said = [line.strip() for line in replacement.contents if line.strip()]
    if len(said) < 2 and len("".join(said)) < _TELLING_CHARACTERS:
        return None
    places = locate_unshifted(replacement, lines)
    if len(places) != 1:
        return None
    found = places[0].first_line
    nearest = nearest_line(search, lines)
    reach = _APPLIED_REACH + max(len(search.contents), len(replacement.contents))
    return found if nearest is None or abs(nearest - found) <= reach else None


def _unless_tied(
    block: SearchReplace, places: Sequence[Place], document: Document
) -> Sequence[Place]:
    """Return the one of equal places that the block's hints mean, else all of them."""
    if len(places) == MAX_PLACES:
        return places
    meant = places
    if block.within:
        meant = list(_places_within(block.within, places, document))
    if len(meant) > 1 and block.near_line is not None:
        meant = _clearly_nearest(block.near_line, meant)
    return meant if len(meant) == 1 else places


def _places_within(name: str, places: Sequence[Place], document: Document) -> Iterator[Place]:
    definitions = definitions_of(document.path, document.text)
    lines = lines_of(document.text)
    spellings = own_spelling(name, document.path)
    symbols = next(filter(None, map(definitions.called, spellings)), [])
    extents = [
        (lines.line_of(symbol.range.start), lines.line_of(max(symbol.range.end - 1, 0)))
        for symbol in symbols
    ]
    for place in places:
        if any(first <= place.first_line <= last for first, last in extents):
            yield place


def _clearly_nearest(line: int, places: Sequence[Place]) -> Sequence[Place]:
    """Return the nearest place when it is near, and the next one twice as far; else all."""
    nearest, second, *_ = sorted(places, key=lambda place: abs(place.first_line - line))
    distance, next_distance = abs(nearest.first_line - line), abs(second.first_line - line)
    is_clear = distance < next_distance and distance * _CLEARLY <= next_distance
    return [nearest] if distance <= NEAR_LINES and is_clear else places


def _is_there_already(
    search: Sequence[str], replacement: Sequence[str], lines: Sequence[str], found: Place
) -> bool:
    """Tell whether lines that the block would add around the SEARCH lines are there already."""
    for before in range(len(replacement) - len(search) + 1):
        start = found.first_line - before
        if start < 0 or lines[start] != replacement[0]:
            continue
        is_around = list(replacement[before : before + len(search)]) == list(search)
        if is_around and list(lines[start : start + len(replacement)]) == list(replacement):
            return True
    return False


def _moved(hunk: Hunk, found: Place, lines: Sequence[str]) -> Hunk:
    """Carry a hunk of the block's own two parts to their place in the file."""
    new_lines = []
    for line in hunk.new_lines:
        shifted = found.shift.apply(line)
        if shifted is None:
            raise Misplaced(
                "the REPLACE lines are indented less than the file allows: indent both parts as "
                f"the file is at line {found.first_line + 1}"
            )
        new_lines.append(shifted)
    start, end = hunk.old_start + found.first_line, hunk.old_end + found.first_line
    return replace(
        hunk, old_start=start, old_lines=tuple(lines[start:end]), new_lines=tuple(new_lines)
    )


def _only_symbol(name: str, definitions: Definitions, document: Document) -> Symbol:
    found = _named(name, definitions, document)
    if not found:
        raise Misplaced(reasons.unknown_symbol(name, definitions, document))
    if len(found) > 1:
        raise Misplaced(reasons.several_symbols(name, found, lines_of(document.text)))
    if is_broken(definitions, found[0]):
        raise Misplaced(
            f"{name!r} holds something that does not parse, so where it ends is not sure: "
            "use SEARCH/REPLACE"
        )
    return found[0]


def _named(name: str, definitions: Definitions, document: Document) -> list[Symbol]:
    spellings = dict.fromkeys(own_spelling(name, document.path))
    return next(filter(None, map(definitions.named, spellings)), [])


def _written_definition(block: WholeSymbol, first_line: str, extent: Extent) -> tuple[str, ...]:
    """Return the block's lines, indented as the definition that they stand for."""
    written = list(TextLines(block.text).contents)
    while not written[0].strip():
        del written[0]
    while not written[-1].strip():
        del written[-1]
    shift = shift_between(written[0], first_line)
    shifted = [shift.apply(line) if shift else None for line in written]
    if shift is None or None in shifted:
        raise Misplaced(
            f"the block for {block.symbol!r} is indented unlike the file at line "
            f"{extent.start + 1}: indent it as it is there"
        )
    lines = [line for line in shifted if line is not None]
    if extent.rest and not lines[-1].rstrip().endswith(extent.rest):
        lines[-1] = lines[-1].rstrip() + extent.rest
    return tuple(lines)


def _lead_before_definition(
    symbol: Symbol,
    definitions: Definitions,
    new_lines: Sequence[str],
    document: Document,
    extent: Extent,
    count: int,
) -> int:
    """Return how many of the written lines come before the definition: its comments."""
    text = "\n".join([*new_lines, ""])
    after = definitions_after(document.path, text, definitions)
    lines = TextLines(text)
    name = symbol.qualified_name
    numbers = [lines.line_of(each.range.start) - extent.start for each in after.named(name)]
    inside = [number for number in numbers if 0 <= number < count]
    if len(inside) == 1:
        return inside[0]
    if inside:
        raise Misplaced(f"the block defines {name!r} more than once")
    raise Misplaced(
        f"the block for {name!r} does not define it where it stands: write the definition itself, "
        "under its own name, without what is around it (to rename it, use SEARCH/REPLACE)"
    )


def _with_comments(
    block: WholeSymbol, start: int, lines: Sequence[str], written: Sequence[str], lead: int
) -> tuple[int, tuple[str, ...]]:
    """Return from where on lines are replaced, and by which: comments that nobody wrote stay.

    Args:
        block: what the model wrote.
        start: the definition's first line in the file.
        lines: the file's.
        written: the block's; before its definition there may be comments, and other code.
        lead: the definition's first line in `written`.
    """
    own = comments_above(lead, written)
    has_comments = not all(map(is_decoration, written[own:lead]))
    first = comments_above(start, lines)
    kept_until = first if has_comments else start
    if own < lead and not has_comments:
        kept_until = decorations_above(start, lines)
    kept = lines[first:kept_until]
    lost = next(filter(is_decoration, lines[kept_until : start + 1]), "")
    if lost and not any(map(is_decoration, written[own : lead + 1])):
        raise Misplaced(
            f"the block for {block.symbol!r} leaves out {lost.strip()!r}, which belongs to it: "
            "write it as well, or take it away by SEARCH/REPLACE"
        )
    return first, (*written[:own], *kept, *written[own:])
