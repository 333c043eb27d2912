"""What should a newcomer know of the repository? Written once by the strong model, then kept.

Repo Summary and Repo Level QA Pairs of arXiv 2505.20182: made from the folders and the README,
shown to the weak model before the task. A note is kept by the digest of what it was made from and
of who wrote it, and made anew when that has changed.
"""

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Protocol

from pairwright.disclosure.policy import Withheld, withheld_reason
from pairwright.strategies.attempts import Attempts
from pairwright.strategies.base import Note, StepStarted
from pairwright.strategies.prompting import plain_request
from pairwright.strategies.quoting import quoted
from pairwright.text.ranges import split_lines
from pairwright.workspace.documents import Document
from pairwright.workspace.snapshot import Snapshot

README_CHARACTERS = 4_000
MOST_FOLDERS = 300
NOTE_TOKENS = 1_200


async def repository_note(attempts: Attempts, kind: str) -> tuple[Note, ...]:
    """Return a note of a kind, which is also its prompt's name; none when nothing is to be said.

    Raises:
        BudgetExceeded: it is not known yet, and the call does not fit under a cap.
        ModelError: it is not known yet, and no answer came.
    """
    ctx = attempts.ctx
    overview = await asyncio.to_thread(
        repository_overview, ctx.analysis.snapshot, withheld=ctx.withheld
    )
    rules = ctx.wording.text(kind)
    key = f"{_subject(kind, overview)}{_digest(ctx.strong.name, rules)}"
    text = ctx.memory.recall(key)
    if text is None:
        await attempts.emit(StepStarted(kind, ctx.strong.tier))
        request = plain_request(rules, overview, max_output_tokens=NOTE_TOKENS)
        text = (await ctx.strong.complete(request, step=kind)).text.strip()
        if text:
            ctx.memory.remember(key, text)
    return (Note(kind, text),) if text else ()


class Notes(Protocol):
    """Where notes are kept, as who only reads them sees it."""

    def keys(self) -> tuple[str, ...]:
        """Return the keys of all, that of the oldest first."""
        ...

    def recall(self, key: str) -> str | None:
        """Return the text under a key; None when there is none."""
        ...


@dataclass(frozen=True, slots=True)
class KeptNote:
    """A note that a task left behind."""

    text: str
    is_current: bool
    """Whether it was made of the repository as it is now, whoever wrote it."""


def kept_note(kind: str, overview: str, notes: Notes) -> KeptNote | None:
    """Return the latest note of a kind that was made of this overview, else the latest of all.

    Raises:
        OSError: it is not known which there are.
    """
    latest_first = [key for key in reversed(notes.keys()) if key.startswith(f"{kind}-")]
    subject = _subject(kind, overview)
    for key in sorted(latest_first, key=lambda key: not key.startswith(subject)):
        if text := notes.recall(key):
            return KeptNote(text, is_current=key.startswith(subject))
    return None


def repository_overview(snapshot: Snapshot, *, withheld: Withheld = withheld_reason) -> str:
    """Return the folders of a workspace and the beginning of its README."""
    folders = sorted(
        {
            str(parent)
            for path in snapshot.documents
            for parent in PurePosixPath(path).parents
            if str(parent) != "." and not any(part.startswith(".") for part in parent.parts)
        }
    )
    # Of too many, the upper levels say most.
    folders = sorted(folders, key=lambda folder: folder.count("/"))[:MOST_FOLDERS]
    readmes = ((document.path, document.text) for document in readmes_of(snapshot))
    readme = next((text for path, text in readmes if withheld(path, text) is None), "")
    beginning = "".join(split_lines(readme))[:README_CHARACTERS]
    listed = "\n".join(sorted(folders))
    return (
        f"Folders:\n{listed or '(none)'}\n\nREADME:\n{quoted(beginning) if beginning else '(none)'}"
    )


def readmes_of(snapshot: Snapshot) -> Iterator[Document]:
    """Return what lies at the root of a workspace for its readers, in the order of the names."""
    for path, document in sorted(snapshot.documents.items()):
        if "/" not in path and path.lower().startswith("readme"):
            yield document


def _subject(kind: str, overview: str) -> str:
    """Return how the keys of all notes of a kind begin that were made of an overview."""
    return f"{kind}-{_digest(overview)}-"


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode("utf-8", "replace")).hexdigest()[:24]
