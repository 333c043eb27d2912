"""How does a change that somebody else wrote become one that a person reviews?

An assistant's edits go the same way as a model's: each must mean one place, the gate judges them
all together, and hunks wait for a person in whatever client decides first.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from pairwright.checks.gate import Gate
from pairwright.checks.verdict import Outcome
from pairwright.editing.blocks import Block, MalformedBlock, RenameFile
from pairwright.editing.change import FileEdit, SourceChange
from pairwright.editing.frame import AnswerParser
from pairwright.editing.markers import END_MARKER
from pairwright.editing.matching import combine, place
from pairwright.editing.unified_diff import parse_unified_diff
from pairwright.engine.changes.proposing import propose
from pairwright.engine.state import WorkspaceState
from pairwright.engine.tasks.task import Task, TaskState
from pairwright.errors import EditMismatch, InvalidRequest, Truncated, UserError
from pairwright.index.analysis import Analysis
from pairwright.protocol.change_messages import ProposeParams, Refusal
from pairwright.strategies.base import Proposal
from pairwright.workspace.paths import WorkspacePath, parse_path
from pairwright.workspace.snapshot import Snapshot

MOST_CHARACTERS = 2_000_000
"""Of one submission; the gate's own limits are far below it."""
_IS_DIFF = re.compile(r"^(?:diff --git |--- |\+\+\+ )", re.MULTILINE)
_HAS_BLOCKS = re.compile(r"^(?:### |<<<<<<< )", re.MULTILINE)
_ENDS = re.compile(rf"^{re.escape(END_MARKER)}[ \t]+[0-9]+[ \t]*$", re.MULTILINE)


async def submit(
    state: WorkspaceState, params: ProposeParams, client: str
) -> Task | tuple[Refusal, ...]:
    """Return the task whose change waits for review, or why the edits make no change.

    Raises:
        InvalidRequest: the request itself makes no sense.
        UserError: the gate cannot judge.
    """
    _check(params)
    analysis = await state.indexer.complete()
    read = None if params.revision is None else _read(state, analysis.snapshot, params.revision)
    change, refusals = read_edits(params.edits, analysis.snapshot, read=read)
    if change is None:
        return refusals
    proposal = await _judged(state, change, analysis, state.root)
    if proposal.verdict.applies.outcome is Outcome.FAILED:
        return (Refusal(path="", reason=proposal.verdict.applies.detail),)
    task = Task(params.why.strip(), proposer=client)
    propose(task, proposal, base=analysis.snapshot, current=state.host.snapshot)
    if not task.review.pending:
        return (Refusal(path="", reason="the files changed while the edits were judged"),)
    task.state = TaskState.REVIEW
    state.tasks.add(task)
    state.tell_change(task)
    return task


def read_edits(
    text: str, snapshot: Snapshot, *, read: Snapshot | None = None
) -> tuple[SourceChange | None, tuple[Refusal, ...]]:
    """Return the change that edits mean, or everything that is wrong with them."""
    try:
        blocks = _blocks_of(text)
    except Truncated as error:
        return None, (Refusal(path="", reason=str(error)),)
    named = _named_paths(blocks)
    edits: list[FileEdit] = []
    refusals: list[Refusal] = []
    for block in blocks:
        try:
            edits.append(place(block, snapshot, named, read=read))
        except EditMismatch as error:
            refusals.append(Refusal(path=error.path, reason=error.reason))
    if not refusals:
        try:
            return combine(snapshot.revision, edits), ()
        except EditMismatch as error:
            refusals.append(Refusal(path=error.path, reason=error.reason))
    return None, tuple(refusals)


def _check(params: ProposeParams) -> None:
    if not params.why.strip():
        raise InvalidRequest("say in 'why' what the change is for: a person decides about it")
    if not params.edits.strip():
        raise InvalidRequest("there are no edits: send a unified diff or edit blocks")
    if len(params.edits) > MOST_CHARACTERS:
        raise InvalidRequest(
            f"the edits have {len(params.edits)} characters, and {MOST_CHARACTERS} is the most: "
            "propose them in parts"
        )


def _read(state: WorkspaceState, present: Snapshot, revision: int) -> Snapshot:
    return present if revision == present.revision else state.revisions.find(revision)


def _blocks_of(text: str) -> tuple[Block, ...]:
    """Return the blocks of a unified diff, or of edit blocks.

    Whoever hands edits over as one argument vouches that they are whole: the last line that counts
    a model's blocks may be left out.
    """
    if _IS_DIFF.search(text) and not _HAS_BLOCKS.search(text):
        return parse_unified_diff(text)
    parser = AnswerParser()
    blocks = [*parser.feed(text if text.endswith("\n") else f"{text}\n")]
    if not _ENDS.search(text):
        blocks += parser.feed(f"{END_MARKER} {parser.found}\n")
    blocks += parser.finish()
    return tuple(blocks) or (
        MalformedBlock("", "there is no edit in it: send a unified diff or edit blocks"),
    )


def _named_paths(blocks: Iterable[Block]) -> frozenset[WorkspacePath]:
    """Return the files that the edits name: who names a file means it."""
    named = set()
    for block in blocks:
        raw = [block.path, *([block.new_path] if isinstance(block, RenameFile) else [])]
        for each in raw:
            try:
                named.add(parse_path(each))
            except UserError:
                continue  # placing it says why
    return frozenset(named)


async def _judged(
    state: WorkspaceState, change: SourceChange, analysis: Analysis, root: Path
) -> Proposal:
    checks = state.settings.checks
    async with Gate.opened(
        analysis,
        root,
        checks,
        outline=state.indexer.outline,
        editor=state.diagnosing.asker_for(None),
    ) as gate:
        await gate.baseline()
        return Proposal(change, await gate.check(change))
