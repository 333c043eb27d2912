"""How is an index made for a test of the reference graph, and read back?"""

from collections.abc import Mapping

from pairwright.index.graph import ReferenceGraph
from pairwright.index.index import Index
from pairwright.index.segment import IndexedFile
from pairwright.syntax.extraction import packed_outline_of
from pairwright.syntax.languages.registry import language_of
from pairwright.workspace.documents import digest_text
from pairwright.workspace.paths import WorkspacePath
from tests.support.workspaces import parse_workspace


def index_of(text: str) -> Index:
    """Return the index of a workspace string."""
    return with_texts(Index(), parse_workspace(text).files)


def with_texts(index: Index, texts: Mapping[str, str | None]) -> Index:
    """Return an index in which some files have other texts, or (None) are gone."""
    return index.with_files(
        {WorkspacePath(path): _file(path, text) for path, text in texts.items()}
    )


def edges_of(graph: ReferenceGraph) -> set[tuple[str, str, str]]:
    """Return which file certainly uses a definition of which, by which name."""
    uses, links = graph.uses, graph.links
    return {
        (
            graph.paths[uses.file[use]],
            graph.paths[graph.definitions.file[definition]],
            graph.name_of(definition),
        )
        for use, definition in zip(links.use.tolist(), links.definition.tolist(), strict=True)
    }


def _file(path: str, text: str | None) -> IndexedFile | None:
    if text is None:
        return None
    language = language_of(path)
    packed = packed_outline_of(language, text) if language is not None else None
    return IndexedFile(WorkspacePath(path), digest_text(text), packed)
