"""What do the models get to see, and why?"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pairwright.checks.evidence import describe_failure
from pairwright.checks.reports import compact_failure
from pairwright.checks.verdict import TestRun
from pairwright.disclosure.policy import clean_for_model, withheld_reason
from pairwright.disclosure.redaction import without_keys
from pairwright.errors import InvalidRequest, UnreadableFile
from pairwright.index.analysis import Analysis
from pairwright.index.context import ContextCandidate, select_context
from pairwright.llm.model import ModelRequest, Provider
from pairwright.protocol.messages import RunParams
from pairwright.strategies.base import ContextFile
from pairwright.text.ranges import LineIndex
from pairwright.workspace.paths import (
    Protection,
    WorkspacePath,
    is_protected,
    parse_path,
    protection_of,
    require_proposable,
)
from pairwright.workspace.snapshot import Snapshot

CONTEXT_SHARE = 0.3
"""Of the smaller model's window; the rest is for the prompt, the plan and the answer."""
SMALL_WINDOW = 16_000
SMALL_MODEL_SHARE = 0.5
"""A model with a small window reads slowly, and edits whatever file it is shown."""
MOST_CONTEXT_TOKENS = 12_000
"""Past some 25,000 tokens of context, edits get worse (measured by others); stay well below."""


@dataclass(frozen=True, slots=True)
class Focus:
    """Where the person pointed: a file, perhaps lines of it (zero-based, both included)."""

    path: WorkspacePath
    lines: tuple[int, int] | None


def read_focus(params: RunParams, snapshot: Snapshot) -> Focus | None:
    """Return where the request points.

    Raises:
        PathOutsideWorkspace: the path leaves the workspace.
        UnreadableFile: the file is missing, or has no text for us.
        InvalidRequest: lines without a file, or a range that the file does not have.
    """
    first, last = params.first_line, params.last_line
    if params.file is None:
        if first is not None or last is not None:
            raise InvalidRequest("lines were given without a file: name the file as well")
        return None
    path = parse_path(params.file)
    document = snapshot.documents.get(path)
    if document is None:
        reason = snapshot.unreadable.get(path, "there is no such file in the workspace")
        raise UnreadableFile(f"{params.file!r} cannot be edited: {reason}")
    if first is None or last is None:
        if first is not None or last is not None:
            raise InvalidRequest("give both the first and the last line, or neither")
        return Focus(path, None)
    count = LineIndex(document.text).line_count
    if not 0 <= first <= last < count:
        raise InvalidRequest(
            f"lines {first + 1}:{last + 1} are not in {params.file!r}, which has {count} lines"
        )
    return Focus(path, (first, last))


def full_instruction(instruction: str, focus: Focus | None) -> str:
    """Return the instruction with what the person pointed at put into words."""
    if focus is None:
        return instruction
    if focus.lines is None:
        return f"{instruction}\n(This is about the file {focus.path}.)"
    first, last = focus.lines
    return f"{instruction}\n(This is about lines {first + 1} to {last + 1} of {focus.path}.)"


@dataclass(frozen=True, slots=True)
class Scope:
    """How much the models are shown."""

    budget_tokens: int
    least_share: float
    """Files whose score is below this share of the best one's are left out."""


def scope_for(providers: Iterable[Provider]) -> Scope:
    """Return how much of the workspace fits the models, and how much is good for them."""
    smallest = min(each.context_tokens - each.hidden_output_tokens for each in providers)
    return Scope(
        budget_tokens=min(int(smallest * CONTEXT_SHARE), MOST_CONTEXT_TOKENS),
        least_share=SMALL_MODEL_SHARE if smallest <= SMALL_WINDOW else 0.0,
    )


def brief(
    analysis: Analysis,
    run: TestRun | None,
    *,
    instruction: str,
    focus: Focus | None,
    scope: Scope,
) -> tuple[ContextFile, ...]:
    """Choose the files that the models are shown; secrets are kept out.

    Raises:
        InvalidRequest: nothing can be shown, so nothing could be changed.
        ProtectedPath: the file that was pointed at may only be read.
    """
    files = []
    evidence = ""
    if run is not None and not run.is_green:
        evidence = f"{compact_failure(run.output)}\n{describe_failure(analysis, run)}"
    candidates = select_context(
        analysis,
        instruction=instruction,
        focus=focus.path if focus else None,
        evidence=evidence,
        budget_tokens=scope.budget_tokens,
    )
    least_score = candidates[0].score * scope.least_share if candidates else 0.0
    for candidate in candidates:
        is_focus = focus is not None and candidate.path == focus.path
        if candidate.score < least_score:
            break
        if candidate.is_test and evidence and not is_focus:
            continue  # the evidence already shows the part of it that matters
        text = analysis.snapshot.documents[candidate.path].text
        if withheld_reason(candidate.path, text) is not None:
            continue
        files.append(
            ContextFile(
                path=candidate.path,
                text=clean_for_model(text),
                reason=candidate.reason,
                is_editable=_is_editable(candidate, is_focus=is_focus),
            )
        )
    if not any(file.is_editable for file in files):
        raise InvalidRequest(_why_nothing(analysis.snapshot, focus, scope))
    return tuple(files)


def _is_editable(candidate: ContextCandidate, *, is_focus: bool) -> bool:
    """Tell whether models may propose to change a file; one that needs a yes has to be named."""
    if is_focus:
        return protection_of(candidate.path) is not Protection.NEVER
    return not candidate.is_test and not is_protected(candidate.path)


def disclosed(request: ModelRequest) -> ModelRequest:
    """Return what of a request may leave the machine: the last word on every prompt.

    Files with secrets are never chosen; but the instruction, a test's output or its source may
    hold what looks like a key, or characters that nobody sees.
    """
    messages = tuple(
        replace(each, content=without_keys(clean_for_model(each.content)))
        for each in request.messages
    )
    return replace(request, messages=messages)


def _why_nothing(snapshot: Snapshot, focus: Focus | None, scope: Scope) -> str:
    if focus is None:
        return (
            "no file of the workspace seems to be meant: name one in the instruction or by --file"
        )
    reason = withheld_reason(focus.path, snapshot.documents[focus.path].text)
    if reason is not None:
        return f"{focus.path!r} is not shown to models: {reason}; change it by hand"
    require_proposable(focus.path)
    return (
        f"{focus.path!r} is too long for these models, which are shown {scope.budget_tokens} "
        "tokens of files: choose models that read more, or split the file"
    )
