"""Where is something to be decided? Code lenses on the hunks of real files and of diffs.

A lens stands where its hunk is on the client's own text, so it moves with what is typed.
"""

from collections.abc import Iterator

from lsprotocol import types

from pairwright.engine.changes.previews import FileReview
from pairwright.lsp.documents.virtual import ChangeDocument
from pairwright.lsp.review.verdicts import clipped, in_short
from pairwright.lsp.session import Session
from pairwright.protocol import review_commands as commands
from pairwright.protocol.change_messages import ChangeParams
from pairwright.protocol.codec import encode
from pairwright.protocol.messages import HunkView
from pairwright.protocol.review_commands import DecisionArguments
from pairwright.workspace.paths import WorkspacePath


class ReviewLenses:
    """What one client may decide, where it stands."""

    def __init__(self, session: Session) -> None:
        """Ask this session."""
        self._session = session

    async def in_file(self, path: WorkspacePath, text: str, last_line: int) -> list[types.CodeLens]:
        """Return the lenses of a file whose text this is."""
        reviews = await self._session.changes.in_file(path, text)
        lenses: list[types.CodeLens] = []
        for review in reviews:
            lenses += _of_file(review, path)
            for hunk in review.hunks:
                about = DecisionArguments(task_id=review.task_id, hunk_ids=(hunk.hunk_id,))
                line = min(hunk.line, last_line)
                lenses.append(lens(line, "Keep", commands.KEEP_HUNK, about))
                lenses.append(lens(line, "Discard", commands.DISCARD_HUNK, about))
        return lenses

    async def in_change(self, name: ChangeDocument) -> list[types.CodeLens]:
        """Return the lenses of a virtual document; none when nothing of it is pending.

        Raises:
            UnknownTask: there is no such task.
        """
        change = await self._session.changes.change(ChangeParams(task_id=name.task_id))
        path = name.path
        of_file = [each for each in change.pending if path is None or path in _names(each)]
        if not of_file:
            return []
        about = DecisionArguments(task_id=name.task_id, path=of_file[0].path if path else None)
        what = "file" if path else "all"
        return [
            lens(0, f"Keep {what} ({_hunks(len(of_file))})", commands.KEEP_FILE, about),
            lens(0, f"Discard {what}", commands.DISCARD_FILE, about),
        ]


def lens(line: int, title: str, command: str, argument: object) -> types.CodeLens:
    """Return a lens at the beginning of a line."""
    place = types.Position(line, 0)
    called = types.Command(title, command, arguments=[encode(argument)])
    return types.CodeLens(types.Range(place, place), called)


def _of_file(review: FileReview, path: WorkspacePath) -> Iterator[types.CodeLens]:
    about = DecisionArguments(task_id=review.task_id, path=path)
    label = clipped(review.label)
    if review.hunks and not review.conflict_ids:
        title = f"Keep file ({_hunks(len(review.hunks))}: {label})"
        yield lens(0, title, commands.KEEP_FILE, about)
    elif review.hunks:
        fitting = tuple(hunk.hunk_id for hunk in review.hunks)
        kept = DecisionArguments(task_id=review.task_id, hunk_ids=fitting)
        left_out = f"{_hunks(len(review.conflict_ids))} no longer fit"
        title = f"Keep what fits ({_hunks(len(fitting))}: {label}; {left_out})"
        yield lens(0, title, commands.KEEP_HUNK, kept)
    yield lens(0, "Discard file", commands.DISCARD_FILE, about)
    yield lens(0, "Show diff", commands.SHOW_DIFF, about)
    if review.verdict is not None:
        yield lens(0, in_short(review.verdict), commands.SHOW_VERDICT, about)


def _names(hunk: HunkView) -> tuple[str, str | None]:
    return hunk.path, hunk.new_path


def _hunks(count: int) -> str:
    return f"{count} hunk{'s' * (count != 1)}"
