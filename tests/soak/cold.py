"""What would an index say that is made from nothing? The oracle: no watcher, cache or worker."""

from pathlib import Path

from pairwright.index.index import Index
from pairwright.index.segment import IndexedFile
from pairwright.syntax.extraction import packed_outline_of
from pairwright.syntax.languages.registry import language_of
from pairwright.syntax.packing import PackedOutline
from pairwright.workspace.documents import look_up
from pairwright.workspace.files import DiskFileSystem
from pairwright.workspace.paths import WorkspacePath


class Cold:
    """Indexes a directory anew each time; remembers what it parsed by text."""

    def __init__(self, root: Path) -> None:
        self._files = DiskFileSystem(root)
        self._made: dict[tuple[str, str], PackedOutline] = {}

    def table_hash(self) -> str:
        """Return the hash of a new index of the files as they are now."""
        indexed: dict[WorkspacePath, IndexedFile | None] = {}
        with self._files.reader() as reader:
            for stat in self._files.list_files():
                fact, content = look_up(reader, stat.path)
                if fact.digest is not None and content is not None:
                    packed = self._outline(stat.path, fact.digest, content.text)
                    indexed[stat.path] = IndexedFile(stat.path, fact.digest, packed)
        return Index().with_files(indexed).table_hash()

    def _outline(self, path: str, digest: str, text: str) -> PackedOutline | None:
        language = language_of(path)
        if language is None:
            return None
        key = digest, language.name
        if key not in self._made:
            self._made[key] = packed_outline_of(language, text)
        return self._made[key]
