"""What does an editor do for an engine? It owns buffers, applies edits, and tells what they say."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pairwright.engine.editors.editors import DocumentEdit
from pairwright.engine.session import Session
from pairwright.text.edits import apply_edits
from pairwright.workspace.paths import parse_path


@dataclass
class FakeEditor:
    """An editor with one session; scripted, it refuses, lies, or stops half-way."""

    session: Session
    root: Path = Path()
    """The workspace, where it removes files."""
    refusal: str | None = None
    """What it answers instead of "applied"."""
    really_applies: int | None = None
    """How many documents of a batch it changes, whatever it answers; None: as it answers."""
    keeps: str = ""
    """What it keeps of a file that it says it removed: its `buffer`, or the `file` itself."""
    garbles: bool = False
    """It changes documents otherwise than it was asked."""
    meanwhile: Callable[[], None] = lambda: None
    """Happens, each time, when the edits are applied and not yet answered for; what it changes of
    the script counts from the next time on."""
    buffers: dict[str, str] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    asked: list[tuple[DocumentEdit, ...]] = field(default_factory=list)
    """Every batch of edits that it was asked to apply."""

    def __post_init__(self) -> None:
        self.session.attach_editor(self.apply)

    def open(self, path: str, text: str, version: int = 1) -> None:
        self.buffers[path], self.versions[path] = text, version
        self.session.document_opened(parse_path(path), text, version)

    def type(self, path: str, text: str) -> None:
        """Replace the whole buffer, as if a person had typed it."""
        self.buffers[path] = text
        self.versions[path] += 1
        self.session.document_changed(parse_path(path), text, self.versions[path])

    def close(self, path: str) -> None:
        """Let go of the buffer without saving."""
        del self.buffers[path], self.versions[path]
        self.session.document_closed(parse_path(path))

    def remove(self, path: str) -> None:
        """Remove the file, and let go of its buffer."""
        if self.keeps != "file":
            (self.root / path).unlink()
        if self.keeps != "buffer":
            self.close(path)

    async def apply(self, edits: tuple[DocumentEdit, ...]) -> str | None:
        self.asked.append(edits)
        if any(edit.version != self.versions.get(edit.path) for edit in edits):
            return "another version"
        count = 0 if self.refusal is not None else len(edits)
        if self.really_applies is not None:
            count = self.really_applies
        for edit in edits[:count]:
            if edit.is_removed:
                self.remove(edit.path)
                continue
            text = apply_edits(self.buffers[edit.path], edit.edits)
            self.type(edit.path, text.replace("= 2", "= 3") if self.garbles else text)
        answer = self.refusal
        self.meanwhile()
        return answer
