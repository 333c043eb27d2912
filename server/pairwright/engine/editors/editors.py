"""Which editor has what open, and how is it asked to change it?

Several editors may have one document open; the text of the one that spoke last counts.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from pairwright.errors import InvalidRequest, StaleChange
from pairwright.text.edits import TextEdit
from pairwright.workspace.documents import Change, ChangeCause
from pairwright.workspace.host import WorkspaceHost
from pairwright.workspace.paths import WorkspacePath

ECHO_TIMEOUT_S = 2.0
"""Seconds in which an editor that applied a change should have told us its new text."""

QUIET_S = 0.2
"""Seconds without news after which an editor that refused has told what it did before."""


@dataclass(frozen=True, slots=True)
class EditReason:
    """What an editor may say of an edit to its person."""

    label: str
    """What the edit is part of."""
    warning: str = ""
    """Why a person should look at it before it is made; empty: nothing speaks against it."""


@dataclass(frozen=True, slots=True)
class DocumentEdit:
    """Edits for one document that an editor has open, at the version we know."""

    path: WorkspacePath
    version: int | None
    edits: tuple[TextEdit, ...]
    reason: EditReason | None = None
    """None where there is nobody to tell, as when an edit is taken back."""
    is_removed: bool = False
    """The file goes away, and its document with it; there are no edits then."""


ApplyInEditor = Callable[[tuple[DocumentEdit, ...]], Awaitable[str | None]]
"""Has the editor apply edits; returns None when it did, else its reason."""


@dataclass(frozen=True, slots=True)
class _Shown:
    text: str
    version: int


class OpenDocuments:
    """The documents that clients have open; keeps the workspace's overlays true to them."""

    def __init__(
        self, host: WorkspaceHost, on_change: Callable[[Iterable[WorkspacePath]], None]
    ) -> None:
        """Begin with none; `on_change` is told of every document whose text may be another."""
        self._host = host
        self._on_change = on_change
        self._shown: dict[WorkspacePath, dict[object, _Shown]] = {}
        self._appliers: dict[object, ApplyInEditor] = {}
        self._news = asyncio.Event()

    @property
    def paths(self) -> tuple[WorkspacePath, ...]:
        """The documents that are open anywhere."""
        return tuple(self._shown)

    @property
    def has_editor(self) -> bool:
        """Whether anybody is attached who can be asked to change documents."""
        return bool(self._appliers)

    def attach(self, owner: object, apply: ApplyInEditor) -> None:
        """Note how an owner's documents are changed: whoever decides, its editor is asked."""
        self._appliers[owner] = apply

    def open(self, owner: object, path: WorkspacePath, text: str, version: int) -> None:
        """Take a text over; opened twice, the second counts."""
        self._shown.setdefault(path, {}).pop(owner, None)
        self._show(owner, path, _Shown(text, version))

    def change(self, owner: object, path: WorkspacePath, text: str, version: int) -> None:
        """Take the whole new text of an open document.

        Raises:
            InvalidRequest: the owner does not have it open.
            StaleChange: the version is not newer than the owner's last one.
        """
        known = self._shown.get(path, {}).get(owner)
        if known is None:
            raise InvalidRequest(f"{path!r} was changed but is not open: open it first")
        if version <= known.version:
            raise StaleChange(
                f"{path!r} is at version {known.version}; version {version} came too late"
            )
        self._show(owner, path, _Shown(text, version))

    def close(self, owner: object, path: WorkspacePath) -> None:
        """Let go of a document; another editor's text counts again, or the disk's."""
        shown = self._shown.get(path, {})
        was_last = self.owner_of(path) is owner
        if shown.pop(owner, None) is None:
            return
        changes = [Change(path, None, None, ChangeCause.EDITOR)]
        if shown:
            last = tuple(shown.values())[-1]
            changes.append(Change(path, last.text, last.version, ChangeCause.EDITOR))
        else:
            del self._shown[path]
        if was_last:
            self._host.apply(changes)
            self._on_change([path])
        self._tell_news()

    def close_all(self, owner: object) -> None:
        """Let go of everything that a client has open; it is asked no more."""
        self._appliers.pop(owner, None)
        for path in [path for path, shown in self._shown.items() if owner in shown]:
            self.close(owner, path)

    def owner_of(self, path: WorkspacePath) -> object | None:
        """Return whose text of the document counts; None when nobody has it open."""
        return next(reversed(self._shown.get(path, {})), None)

    def applier_of(self, owner: object) -> ApplyInEditor | None:
        """Return how an owner's documents are changed; None when it cannot be asked."""
        return self._appliers.get(owner)

    def is_shared(self, path: WorkspacePath) -> bool:
        """Tell whether more than one editor has the document open."""
        return len(self._shown.get(path, {})) > 1

    async def until_shown(self, texts: Mapping[WorkspacePath, str | None]) -> None:
        """Wait until the documents say this, None of one that is closed.

        It does not wait for long, since editors may format or refuse.
        """
        try:
            async with asyncio.timeout(ECHO_TIMEOUT_S):
                while any(self._text_of(path) != text for path, text in texts.items()):
                    await self._news.wait()
        except TimeoutError:
            return

    async def until_quiet(self) -> None:
        """Wait until the editors have told what they did: a moment passes without news."""
        with suppress(TimeoutError):
            async with asyncio.timeout(ECHO_TIMEOUT_S):
                while True:
                    async with asyncio.timeout(QUIET_S):
                        await self._news.wait()

    def _show(self, owner: object, path: WorkspacePath, shown: _Shown) -> None:
        change = Change(path, shown.text, shown.version, ChangeCause.EDITOR)
        # Versions are only comparable within one opening by one editor.
        is_continued = self.owner_of(path) is owner and owner in self._shown[path]
        letting_go = [] if is_continued else [Change(path, None, None, ChangeCause.EDITOR)]
        self._host.apply([*letting_go, change])
        self._on_change([path])
        self._shown[path].pop(owner, None)
        self._shown[path][owner] = shown
        self._tell_news()

    def _tell_news(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    def _text_of(self, path: WorkspacePath) -> str | None:
        if path not in self._shown:
            return None
        document = self._host.snapshot.documents.get(path)
        return document.text if document else None
