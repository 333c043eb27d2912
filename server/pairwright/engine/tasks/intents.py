"""What is a task asked to do? From its kind, place and problems to the words that models read.

Knows no editor: every face words a task of a kind alike.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from pairwright.checks.verdict import Problem
from pairwright.disclosure.policy import Withheld, clean_for_model
from pairwright.editing.change import SourceChange
from pairwright.engine.tasks.following import strategy_name
from pairwright.errors import InvalidRequest
from pairwright.protocol.editor_messages import DiagnosedProblem
from pairwright.protocol.messages import RunParams
from pairwright.strategies.answering import quoted_in, renames_of, texts_after
from pairwright.strategies.base import ContextFile, Proposal, Strategy
from pairwright.strategies.explaining import NAME as EXPLAINING
from pairwright.strategies.fix_all import FixAll
from pairwright.strategies.progress import change_from, text_of
from pairwright.strategies.registry import strategy_named
from pairwright.strategies.wording import Wording
from pairwright.syntax.languages.registry import language_of
from pairwright.syntax.places_of_tests import file_of_tests
from pairwright.workspace.paths import WorkspacePath, parse_path
from pairwright.workspace.snapshot import Snapshot

MOST_PROBLEMS = 200
"""Of one task."""
_SHOWN_PROBLEMS = 20
_MOST_MESSAGE = 300
_MOST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Intent:
    """What a task is asked to do, in words."""

    title: str
    """For people: one line."""
    instruction: str
    """For models."""
    only: WorkspacePath | None = None
    """The one file that may be changed, whether it exists or not; None: all that were chosen."""
    mends: tuple[Problem, ...] = ()
    """The reported problems of which a change is asked whether they are gone."""


def check_intent(params: RunParams) -> None:
    """Check what can be checked of a kind before anything is opened.

    Raises:
        InvalidRequest: the kind and the rest of the request do not go together.
    """
    kind = params.kind
    if params.file is None and (kind not in ("edit", "refactor") or params.instruction_comment):
        raise InvalidRequest(f"a task of the kind {kind!r} is about a file: name it ('file')")
    if kind in ("fix", "fix_all"):
        _check_problems(params.problems)
    elif params.problems:
        raise InvalidRequest(f"a task of the kind {kind!r} mends no problems: leave them out")
    if kind == "edit":
        return
    if params.plan is not None or params.plan_id is not None:
        raise InvalidRequest(f"a plan says what is done: leave out the kind {kind!r}, or the plan")
    if kind in ("fix_all", "explain", "tests") and params.plan_first:
        raise InvalidRequest(f"a task of the kind {kind!r} makes no plan to be looked at first")
    if kind == "fix_all" and params.strategy is not None:
        raise InvalidRequest("like problems are fixed in a way of its own: leave out the strategy")
    if kind == "explain" and params.strategy not in (None, "weak", "strong"):
        raise InvalidRequest("code is explained by one model: choose 'weak' or 'strong'")


def strategy_for(params: RunParams, configured: str) -> Strategy:
    """Return who does the work.

    Raises:
        UnknownStrategy: there is none of that name.
    """
    if params.kind == "fix_all":
        return FixAll(tuple(map(_to_problem, params.problems)))
    return strategy_named(strategy_name(params, configured))


def work_name(params: RunParams, strategy: Strategy) -> str:
    """Return what the ledger calls the work."""
    return EXPLAINING if params.kind == "explain" else strategy.name


def read_intent(params: RunParams, snapshot: Snapshot, own_prompts: Mapping[str, str]) -> Intent:
    """Return what is asked, in the person's own words where there are such.

    Raises:
        PathOutsideWorkspace: the file leaves the workspace.
        InvalidRequest: tests are asked for of a file whose language has no convention for them.
    """
    if params.kind == "edit":
        return Intent(params.instruction, params.instruction)
    wish = params.instruction.strip()
    language = language_of(params.file) if params.file else None
    wording = Wording(own_prompts, language.name if language else "")
    name = params.file or ""
    if params.kind == "refactor":
        # What a person wrote is no template: it goes in as it is.
        return Intent(f"Refactor: {wish}", wording.filled("intents/refactor", wish=wish))
    filled = partial(_with_wish, wish=wish)
    match params.kind:
        case "fix":
            text = wording.filled("intents/fix", problems=_listed(params.problems))
            mends = tuple(map(_to_problem, params.problems))
            return Intent(_title("Fix", params.problems), filled(text), mends=mends)
        case "fix_all":
            text = wording.filled("intents/fix_all_plan", problems=_listed(params.problems))
            return Intent(_title("Fix all like", params.problems), filled(text))
        case "tests":
            path = _tests_of(name, snapshot)
            text = wording.filled("intents/tests", path=path)
            return Intent(f"Write tests of {name}", filled(text), only=path)
        case "document":
            return Intent(f"Document {name}", filled(wording.text("intents/document")))
        case "explain":
            return Intent(f"Explain {name}", filled(wording.text("intents/explain")))


def confined(
    files: Iterable[ContextFile], intent: Intent, snapshot: Snapshot, withheld: Withheld
) -> tuple[ContextFile, ...]:
    """Return what models see of a task: where it may change one file only, the others are read.

    Raises:
        InvalidRequest: that file may not be shown to models.
    """
    files = tuple(files)
    only = intent.only
    if only is None:
        return files
    read_only = tuple(replace(file, is_editable=file.path == only) for file in files)
    document = snapshot.documents.get(only)
    if document is None or any(file.path == only for file in files):
        return read_only
    reason = withheld(only, document.text)
    if reason is not None:
        raise InvalidRequest(f"{only!r} is not shown to models: {reason}; change it by hand")
    target = ContextFile(only, clean_for_model(document.text), "to be changed", is_editable=True)
    return (*read_only, target)


def without_comment(proposal: Proposal, params: RunParams, snapshot: Snapshot) -> Proposal:
    """Return the proposal, with the comment that held the instruction taken away.

    It stays where the change took it away already, and where it stands more than once.
    """
    comment = params.instruction_comment
    if not comment or params.file is None:
        return proposal
    path = parse_path(params.file)
    texts = texts_after(snapshot, proposal.change)
    text = texts.get(path, text_of(snapshot, path))
    if text is None or not comment.endswith(("\n", "\r")) or text.count(comment) != 1:
        return proposal
    before, _, after = text.partition(comment)
    if before and not before.endswith(("\n", "\r")):
        return proposal
    texts[path] = before + after
    renamed, quoted = renames_of(proposal.change), quoted_in(proposal.change)
    change: SourceChange = change_from(snapshot, texts, renamed, quoted)
    return replace(proposal, change=change)


def _check_problems(problems: tuple[DiagnosedProblem, ...]) -> None:
    if not problems:
        raise InvalidRequest("there is nothing to fix: send the problems that are reported")
    if len(problems) > MOST_PROBLEMS:
        raise InvalidRequest(f"{len(problems)} problems are too many: {MOST_PROBLEMS} is the most")
    for problem in problems:
        parse_path(problem.path)
        if problem.line < 0 or not problem.message.strip():
            raise InvalidRequest("a problem has a line, 0 or more, and a message")


def _tests_of(path: str, snapshot: Snapshot) -> WorkspacePath:
    found = file_of_tests(parse_path(path), snapshot.documents)
    if found is None:
        raise InvalidRequest(
            f"it is not known where tests of {path!r} belong: say it in the instruction of an edit"
        )
    return WorkspacePath(found)


def _to_problem(problem: DiagnosedProblem) -> Problem:
    message = problem.message.strip()[:_MOST_MESSAGE]
    return Problem(parse_path(problem.path), problem.line, message, problem.rule, problem.source)


def _listed(problems: tuple[DiagnosedProblem, ...]) -> str:
    lines = [_to_problem(each).in_words for each in problems[:_SHOWN_PROBLEMS]]
    more = len(problems) - len(lines)
    return "\n".join([*lines, *([f"and {more} more"] if more else [])])


def _title(verb: str, problems: tuple[DiagnosedProblem, ...]) -> str:
    first = problems[0].message.strip().partition("\n")[0]
    return f"{verb}: {first}"[:_MOST_TITLE]


def _with_wish(text: str, *, wish: str) -> str:
    return f"{text}\n{wish}" if wish else text
