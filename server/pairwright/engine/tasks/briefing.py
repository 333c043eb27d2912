"""What do the models get to see, and why?"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from pairwright.checks.evidence import describe_failure
from pairwright.checks.reports import compact_failure
from pairwright.checks.verdict import TestRun
from pairwright.disclosure.policy import (
    Withheld,
    clean_for_model,
    hidden_characters,
    withheld_reason,
)
from pairwright.disclosure.secrets import Finding
from pairwright.errors import InvalidRequest, UnreadableFile
from pairwright.index.analysis import Analysis
from pairwright.index.context import CHARACTERS_A_TOKEN, ContextCandidate, select_context
from pairwright.llm.model import Provider
from pairwright.planning.plan import Plan
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
        reason = snapshot.unreadable.get(
            path,
            "there is no such file in the workspace, or its ignore files (such as .gitignore and "
            ".pairwrightignore) leave it out",
        )
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
    plan: Plan | None = None,
    withheld: Withheld = withheld_reason,
    on_withheld: Callable[[str], None] = lambda sentence: None,
) -> tuple[ContextFile, ...]:
    """Choose the files that the models are shown; secrets are kept out.

    Of each file that is withheld, and of each that holds what nobody sees, `on_withheld` is told.

    What a given plan names is shown and may be edited: a person read it, or wrote it.

    Raises:
        InvalidRequest: nothing can be shown, so nothing could be changed.
        ProtectedPath: the file that was pointed at may only be read.
    """
    evidence = ""
    if run is not None and not run.is_green:
        failure = describe_failure(analysis, run, withheld=withheld)
        evidence = f"{compact_failure(run.output)}\n{failure}"
    named = _named_in(plan)
    meant = named | ({focus.path} if focus is not None else set())
    files = []
    for candidate in _relevant(analysis, evidence, in_full(instruction, plan), focus, scope, meant):
        text = analysis.snapshot.documents[candidate.path].text
        reason = withheld(candidate.path, text)
        if reason is not None:
            on_withheld(f"{candidate.path} ({reason})")
            continue
        if hidden := hidden_characters(text):
            on_withheld(f"{hidden} in {candidate.path}")
        files.append(
            ContextFile(
                path=candidate.path,
                text=clean_for_model(text),
                reason="named in the plan" if candidate.path in named else candidate.reason,
                is_editable=_is_editable(candidate, is_meant=candidate.path in meant),
            )
        )
    if not any(file.is_editable for file in files):
        raise InvalidRequest(_why_nothing(analysis.snapshot, focus, scope, withheld))
    return tuple(files)


def _named_in(plan: Plan | None) -> set[WorkspacePath]:
    steps = plan.steps if plan is not None else ()
    return {WorkspacePath(path) for step in steps for path in step.files}


def _relevant(
    analysis: Analysis,
    evidence: str,
    instruction: str,
    focus: Focus | None,
    scope: Scope,
    meant: Collection[WorkspacePath],
) -> Iterator[ContextCandidate]:
    """Give the files to show, the most relevant first; of those that are meant, all that fit."""
    candidates = select_context(
        analysis,
        instruction=instruction,
        focus=focus.path if focus else None,
        evidence=evidence,
        budget_tokens=scope.budget_tokens,
    )
    least_score = candidates[0].score * scope.least_share if candidates else 0.0
    for candidate in candidates:
        is_weak = candidate.score < least_score
        # Of a failing test, the evidence already shows the part that matters.
        if candidate.path in meant or not (is_weak or (candidate.is_test and evidence)):
            yield candidate
    yield from _not_found(meant, candidates, analysis.snapshot, scope.budget_tokens)


def _not_found(
    meant: Iterable[WorkspacePath],
    candidates: tuple[ContextCandidate, ...],
    snapshot: Snapshot,
    budget_tokens: int,
) -> tuple[ContextCandidate, ...]:
    """Return what is meant and the index does not know, as far as there is room for it."""
    left = budget_tokens - sum(candidate.tokens for candidate in candidates)
    known = {candidate.path for candidate in candidates}
    found = []
    for path in sorted(path for path in meant if path not in known):
        document = snapshot.documents.get(path)
        tokens = int(len(document.text) / CHARACTERS_A_TOKEN) + 1 if document is not None else 0
        if 0 < tokens <= left:
            found.append(ContextCandidate(path, "named in the plan", 0.0, False, tokens))
            left -= tokens
    return tuple(found)


def in_full(instruction: str, plan: Plan | None) -> str:
    """Return what is asked for, with every word of a given plan that says where to look."""
    if plan is None:
        return instruction
    words = [instruction, plan.goal]
    for step in plan.steps:
        words += [step.intent, *step.files, *step.symbols]
    return "\n".join(words)


def _is_editable(candidate: ContextCandidate, *, is_meant: bool) -> bool:
    """Tell whether models may propose to change a file; one that needs a yes has to be named."""
    if is_meant:
        return protection_of(candidate.path) is not Protection.NEVER
    return not candidate.is_test and not is_protected(candidate.path)


def withheld_of(instruction: str, find: Callable[[str], tuple[Finding, ...]]) -> tuple[str, ...]:
    """Return what of an instruction the models are not shown, in words for a person."""
    said = [f"{finding.kind} in the instruction" for finding in find(clean_for_model(instruction))]
    if hidden := hidden_characters(instruction):
        said.append(f"{hidden} in the instruction")
    return tuple(said)


def _why_nothing(snapshot: Snapshot, focus: Focus | None, scope: Scope, withheld: Withheld) -> str:
    if focus is None:
        return (
            "no file of the workspace seems to be meant: name one in the instruction or by --file"
        )
    reason = withheld(focus.path, snapshot.documents[focus.path].text)
    if reason is not None:
        return f"{focus.path!r} is not shown to models: {reason}; change it by hand"
    require_proposable(focus.path)
    return (
        f"{focus.path!r} is too long for these models, which are shown {scope.budget_tokens} "
        "tokens of files: choose models that read more, or split the file"
    )
