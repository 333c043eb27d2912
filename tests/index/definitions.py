"""How are definitions spoken of in tests? As `path:qualified_name`."""

from pairwright.index.index import Index
from pairwright.index.resolution import Resolved
from pairwright.syntax.outline import Symbol
from pairwright.workspace.paths import WorkspacePath


def names(resolved: tuple[Resolved, ...]) -> list[str]:
    return [f"{each.symbol.path}:{each.symbol.qualified_name}" for each in resolved]


def symbol_of(index: Index, where: str) -> Symbol:
    path, _, qualified_name = where.partition(":")
    symbols = index.symbols_in(WorkspacePath(path))
    return next(each for each in symbols if each.qualified_name == qualified_name)
