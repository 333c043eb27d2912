"""How does a large table change a little, while those who read the old one go on?"""

from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from typing import Generic, TypeVar

from pairwright.workspace.documents import DiskFact, Document
from pairwright.workspace.paths import WorkspacePath

V = TypeVar("V")
V_co = TypeVar("V_co", covariant=True)


class Table(Generic[V]):
    """A table that is copied when it is first written to."""

    def __init__(self, shared: Mapping[WorkspacePath, V]) -> None:
        """Begin with a table that nobody changes any more."""
        self._shared = shared
        self._own: dict[WorkspacePath, V] | None = None

    @property
    def rows(self) -> Mapping[WorkspacePath, V]:
        """The table as it is now; not to be written to after this."""
        return self._shared if self._own is None else self._own

    def get(self, path: WorkspacePath) -> V | None:
        """Return what is known of a path."""
        return self.rows.get(path)

    def put(self, path: WorkspacePath, value: V) -> None:
        """Set what is known of a path."""
        self._writable()[path] = value

    def drop(self, path: WorkspacePath) -> bool:
        """Forget a path; tell whether anything was known."""
        if path not in self.rows:
            return False
        del self._writable()[path]
        return True

    def _writable(self) -> dict[WorkspacePath, V]:
        if self._own is None:
            self._own = dict(self._shared)
        return self._own


class Layered(Mapping[WorkspacePath, V_co]):
    """A small table over a large one; costs as much to make as the small one is long.

    In the order of the large one; what only the small one has comes last.
    """

    __slots__ = ("_lower", "_only_upper", "_upper")

    def __init__(
        self, upper: Mapping[WorkspacePath, V_co], lower: Mapping[WorkspacePath, V_co]
    ) -> None:
        """Take two tables that nobody changes any more."""
        self._upper = upper
        self._lower = lower
        self._only_upper = tuple(path for path in upper if path not in lower)

    def __getitem__(self, path: WorkspacePath) -> V_co:
        upper = self._upper
        return upper[path] if path in upper else self._lower[path]

    def __contains__(self, path: object) -> bool:
        return path in self._upper or path in self._lower

    def __iter__(self) -> Iterator[WorkspacePath]:
        yield from self._lower
        yield from self._only_upper

    def __len__(self) -> int:
        return len(self._lower) + len(self._only_upper)

    def items(self) -> ItemsView[WorkspacePath, V_co]:
        """Give the rows."""
        return _Items(self)

    def values(self) -> ValuesView[V_co]:
        """Give the values."""
        return _Values(self)

    def rows(self) -> Iterator[tuple[WorkspacePath, V_co]]:
        """Give the rows without a look-up for each."""
        upper = self._upper
        for row in self._lower.items():
            yield (row[0], upper[row[0]]) if row[0] in upper else row
        for path in self._only_upper:
            yield path, upper[path]


class DiskFacts(Mapping[WorkspacePath, DiskFact]):
    """What is known of the disk's files; costs nothing before it is read."""

    def __init__(
        self,
        documents: Mapping[WorkspacePath, Document],
        textless: Mapping[WorkspacePath, DiskFact],
    ) -> None:
        """Take the disk's documents and the files without text, which nobody changes any more."""
        self._documents = documents
        self._textless = textless

    def __getitem__(self, path: WorkspacePath) -> DiskFact:
        document = self._documents.get(path)
        if document is None or document.stat is None:
            return self._textless[path]
        return DiskFact(path, document.stat, document.digest, document.encoding)

    def __iter__(self) -> Iterator[WorkspacePath]:
        for path, document in self._documents.items():
            if document.stat is not None:  # else it was written by us, and not looked at since
                yield path
        yield from self._textless

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Items(ItemsView[WorkspacePath, V_co]):
    _mapping: Layered[V_co]

    def __init__(self, mapping: Layered[V_co]) -> None:
        super().__init__(mapping)

    def __iter__(self) -> Iterator[tuple[WorkspacePath, V_co]]:
        return self._mapping.rows()


class _Values(ValuesView[V_co]):
    _mapping: Layered[V_co]

    def __init__(self, mapping: Layered[V_co]) -> None:
        super().__init__(mapping)

    def __iter__(self) -> Iterator[V_co]:
        return (value for _, value in self._mapping.rows())
