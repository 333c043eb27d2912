"""What does a tree say, before it is put in columns? Values that outlive the tree and can move.

All count bytes of the text that was parsed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeVar

from pairwright.syntax.definitions import Definition, definitions_in
from pairwright.syntax.documentation import described
from pairwright.syntax.languages.language import Language
from pairwright.syntax.layout import LayoutProblem, layout_problems
from pairwright.syntax.parser import Findings, Match, Node, SyntaxTree
from pairwright.syntax.references import Uses, uses_after_edit, uses_in
from pairwright.syntax.regions import ChangedRegion

T = TypeVar("T")
Place = tuple[int, int]

_PLACE = attrgetter("start", "end")
_OUTER_PLACE = attrgetter("outer_start", "outer_end")
_WHOLE_PLACE = attrgetter("first", "last")
_BLOCK = attrgetter("block_start", "block_end")
_QUOTES = ('"', "'", "`", "<")


@dataclass(frozen=True, slots=True)
class ImportFact:
    """What is imported, as written."""

    module: str
    name: str
    alias: str | None
    start: int
    """Of the name, or of the module where there is none."""
    end: int
    first: int
    """Where the first of all its parts begins."""
    last: int
    """Where the last one ends."""

    def moved(self, by: int) -> "ImportFact":
        """Return the same so many bytes further on."""
        places = (self.start + by, self.end + by, self.first + by, self.last + by)
        return ImportFact(self.module, self.name, self.alias, *places)


@dataclass(frozen=True, slots=True)
class BrokenPlace:
    """A place that does not parse."""

    start: int
    end: int
    message: str

    def moved(self, by: int) -> "BrokenPlace":
        """Return the same so many bytes further on."""
        return BrokenPlace(self.start + by, self.end + by, self.message)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a tree says."""

    definitions: list[Definition]
    """In no order."""
    bound: dict[int, tuple[int, bytes]]
    """By where a bound name begins: where it ends, and its type as written."""
    imports: list[ImportFact]
    linked: list[Place]
    """Texts in which links may be."""
    comments: list[Place]
    broken: list[BrokenPlace]
    layout_problems: list[LayoutProblem]
    uses: Uses


def facts_in(tree: SyntaxTree, language: Language, found: Findings) -> Facts:
    """Return what matches say."""
    blocks = [match["block"][0] for match in found["block"]]
    is_laid_out = language.is_indentation_significant
    return Facts(
        definitions_in(tree, found["name"], found["whole"]),
        _bound(tree, found["bound"]),
        [_import(tree, match) for match in found["import_module"]],
        [match["linked"][0].byte_range for match in found["linked"]],
        [match["comment"][0].byte_range for match in found["comment"]],
        [_broken_place(tree, node) for node in tree.problems],
        list(layout_problems(tree, blocks)) if is_laid_out else [],
        uses_in(found),
    )


def facts_after_edit(
    tree: SyntaxTree,
    language: Language,
    tree_before: SyntaxTree,
    before: Facts,
    region: ChangedRegion,
) -> Facts:
    """Return what `facts_in` would, from what it gave before; only the region is looked at."""
    for definition in before.definitions:
        described(tree_before, language, definition)
    region, found = _findings_after_edit(tree, language, before, region)
    now = facts_in(tree, language, found)
    by = region.end - region.old_end

    def carried(
        of_before: Iterable[T],
        of_now: Iterable[T],
        place_of: Callable[[T], Place],
        moved: Callable[[T, int], T],
    ) -> list[T]:
        old = [(each, *place_of(each)) for each in of_before]
        new = [(each, *place_of(each)) for each in of_now]
        return [
            # Copies, because each outline gives its definitions other places, maybe at once.
            *(moved(each, 0) for each, _, last in old if last < region.start),
            *(each for each, first, last in new if first <= region.end and last >= region.start),
            *(moved(each, by) for each, first, _ in old if first > region.old_end),
        ]

    return Facts(
        carried(before.definitions, now.definitions, _OUTER_PLACE, Definition.moved),
        _bound_after_edit(before, now, region),
        carried(before.imports, now.imports, _WHOLE_PLACE, ImportFact.moved),
        carried(before.linked, now.linked, _itself, _place_moved),
        carried(before.comments, now.comments, _itself, _place_moved),
        carried(before.broken, now.broken, _PLACE, BrokenPlace.moved),
        carried(before.layout_problems, now.layout_problems, _BLOCK, LayoutProblem.moved),
        uses_after_edit(before.uses, now.uses, region),
    )


def part_to_read(tree_before: SyntaxTree, before: Facts, edit: ChangedRegion) -> ChangedRegion:
    """Return what is to be read anew so that an edit changes nothing beside it."""
    region = edit
    while True:
        wider = _with_rim(tree_before.source, before, tree_before.with_whole_parts(region))
        if wider == region:
            return region
        region = wider


def _bound_after_edit(
    before: Facts, now: Facts, region: ChangedRegion
) -> dict[int, tuple[int, bytes]]:
    by = region.end - region.old_end
    return {
        **{at: each for at, each in before.bound.items() if at < region.start},
        **{at: each for at, each in now.bound.items() if region.start <= at <= region.end},
        **{
            at + by: (end + by, written)
            for at, (end, written) in before.bound.items()
            if at > region.old_end
        },
    }


def _findings_after_edit(
    tree: SyntaxTree, language: Language, before: Facts, region: ChangedRegion
) -> tuple[ChangedRegion, Findings]:
    """Return what matches in a region, and this with what belongs to what is at its rim.

    To change a decorator is to change what it decorates, and a text before a definition documents
    it or, before something else, does not.
    """
    while True:
        found = tree.findings(language, (region.start, region.end))
        wider = _with_rim(tree.source, before, region)
        first, last = wider.start, wider.end
        for match in found["whole"]:
            whole, inner = match["whole"][0].byte_range, match["inner"][0].byte_range
            if _is_rim(whole, inner, region.start, region.end):
                first, last = min(first, *whole, *inner), max(last, *whole, *inner)
        if (first, last) == (region.start, region.end):
            return region, found
        region = ChangedRegion(first, last, last - (region.end - region.old_end))


def _with_rim(source: bytes, before: Facts, region: ChangedRegion) -> ChangedRegion:
    """Return a region with the definitions whose rim it touches, and the comment before it.

    Before the region `source`, the text before an edit or the one after it, is the same.
    """
    by = region.end - region.old_end
    first, last = region.start, region.end
    for each in before.definitions:
        outer = each.outer_start, each.outer_end
        if _is_rim(outer, (each.start, each.end), region.start, region.old_end):
            first, last = min(first, outer[0]), max(last, outer[1] + by)
    comment = max((each for each in before.comments if each[1] < first), default=None)
    if comment is not None and source[comment[1] : first].isspace():
        first = comment[0]
    return ChangedRegion(first, last, last - by)


def _itself(place: Place) -> Place:
    return place


def _place_moved(place: Place, by: int) -> Place:
    return place[0] + by, place[1] + by


def _is_rim(outer: Place, inner: Place, first: int, last: int) -> bool:
    """Tell whether a range touches what is around a definition and not the definition."""
    touches_outer = outer[0] <= last and outer[1] >= first
    return touches_outer and (inner[1] < first or inner[0] > last)


def _bound(tree: SyntaxTree, matches: Iterable[Match]) -> dict[int, tuple[int, bytes]]:
    found: dict[int, tuple[int, bytes]] = {}
    for match in matches:
        start, end = match["bound"][0].byte_range
        if "bound_type" in match:
            bound_type = match["bound_type"][0]
            found[start] = (end, tree.source[bound_type.start_byte : bound_type.end_byte])
        elif start not in found:
            found[start] = (end, b"")
    return found


def _broken_place(tree: SyntaxTree, node: Node) -> BrokenPlace:
    if node.is_missing:
        return BrokenPlace(*node.byte_range, f"{node.type!r} is missing")
    shown = tree.text_of(node).strip().partition("\n")[0][:40]
    return BrokenPlace(*node.byte_range, f"cannot parse {shown!r}")


def _import(tree: SyntaxTree, match: Match) -> ImportFact:
    modules = match["import_module"]
    names, aliases = match.get("import_name", ()), match.get("import_alias", ())
    parts = (*modules, *names, *aliases)
    start, end = (names or modules)[0].byte_range
    return ImportFact(
        _module(tree, modules),
        _unquoted(tree.text_of(names[0])) if names else "",
        tree.text_of(aliases[0]) if aliases else None,
        start,
        end,
        min(part.start_byte for part in parts),
        max(part.end_byte for part in parts),
    )


def _module(tree: SyntaxTree, parts: Sequence[Node]) -> str:
    """Return a module whose name may stand in several places: Rust's `a::{b::{C, D}}`."""
    module, last_end = "", 0
    for part in parts:
        if module:
            module += tree.text_between(last_end, part.start_byte).partition("{")[0].strip()
        module += _unquoted(tree.text_of(part))
        last_end = part.end_byte
    return module


def _unquoted(text: str) -> str:
    text = text.strip()
    return text.strip("\"'`<>") if text.startswith(_QUOTES) else text
