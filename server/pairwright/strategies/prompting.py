"""What do we say to a model? Prompts are text files (`wording`); this module fills them in.

Every question follows one worked example of the same shape: small models copy shape far better
than they follow rules. What stays the same between attempts comes first (rules, example, files,
task), what differs comes last (an earlier failure, the plan), so that a provider's prompt cache
serves every attempt but the first.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from pairwright.editing.formats import EditFormat
from pairwright.editing.gbnf import literal
from pairwright.llm.model import Message, Model, ModelRequest
from pairwright.planning.plan import Plan
from pairwright.strategies.base import ContextFile, Note, StrategyContext
from pairwright.strategies.wording import Wording
from pairwright.workspace.paths import WorkspacePath

PLAN_TOKENS = 220
"""A plan is a goal and a few steps; whoever writes more is cut and read up to there."""
CHECKABLE_PLAN_TOKENS = 320
"""The same with an expectation below each step."""
PLAN_TEMPERATURE = 0.3
_CHARACTERS_A_TOKEN = 3.0
_EXPECTED = 'expected ::= "   expect: " ("test " | "value " | "diagnostic ") [^\\n`]{3,160} "\\n"\n'
_ANSWER_FLOOR = 400


@dataclass(frozen=True, slots=True)
class Failure:
    """An attempt that did not pass, as the next one is told of it."""

    wrote: str
    """The new lines of the attempt; empty when none of its edits could be placed."""
    evidence: str


def plan_request(
    ctx: StrategyContext, model: Model, *, temperature: float = PLAN_TEMPERATURE
) -> ModelRequest:
    """Return the question for a short plan: a goal and steps, no code."""
    paths = [file.path for file in ctx.context if file.is_editable]
    return ModelRequest(
        messages=_plan_messages(ctx, "plan"),
        max_output_tokens=PLAN_TOKENS,
        temperature=temperature,
        grammar=_plan_grammar(paths) if model.accepts_grammar else None,
    )


def checkable_plan_request(ctx: StrategyContext, model: Model) -> ModelRequest:
    """Return the question for a plan of which each step says what is to be seen once it is done."""
    paths = [file.path for file in ctx.context if file.is_editable]
    return ModelRequest(
        messages=_plan_messages(ctx, "checkable_plan"),
        max_output_tokens=CHECKABLE_PLAN_TOKENS,
        temperature=PLAN_TEMPERATURE,
        grammar=_plan_grammar(paths, more=" expected", rules=_EXPECTED)
        if model.accepts_grammar
        else None,
    )


def edit_request(
    ctx: StrategyContext,
    model: Model,
    edit_format: EditFormat,
    *,
    plan: Plan | None,
    failure: Failure | None,
    temperature: float,
    notes: Iterable[Note] = (),
    shown: Iterable[ContextFile] | None = None,
) -> ModelRequest:
    """Return the question for an edit, in the model's edit format.

    Args:
        ctx: the task.
        model: who is asked.
        edit_format: how it answers.
        plan: what it follows, if anything.
        failure: what the attempt before failed on, if it is to know.
        temperature: 0 to 2.
        notes: what it is told beside the task.
        shown: the files that it sees in place of the context; what may be edited stays the same.
    """
    wording = ctx.wording
    example = [wording.text("example_task")]
    task = [render_task(ctx, shown)]
    task += [wording.filled(f"notes/{note.kind}", text=note.text) for note in notes]
    if failure is not None:
        task.append(_describe(failure))
    if plan is not None:
        example.append(f"Plan:\n{wording.text('plan/example')}")
        task.append(f"Plan:\n{render_plan(plan)}")
    rules = [wording.text(f"{edit_format.prompt}/system")]
    grammar = _grammar(ctx.context, model, edit_format)
    if grammar is None:
        # A grammar has no words for them, and what cannot be written should not be explained.
        rules.append(wording.text("file_operations"))
    return ModelRequest(
        messages=(
            Message("system", "\n".join(rules)),
            Message("user", "\n\n".join(example)),
            Message("assistant", wording.text(f"{edit_format.prompt}/example") + "\n"),
            Message("user", "\n\n".join(task)),
        ),
        max_output_tokens=_answer_tokens(ctx.context, model),
        temperature=temperature,
        grammar=grammar,
    )


def plain_request(rules: str, text: str, *, max_output_tokens: int) -> ModelRequest:
    """Return a question that is not about a task, for a sober answer."""
    return ModelRequest(
        messages=(Message("system", rules), Message("user", text)),
        max_output_tokens=max_output_tokens,
    )


def repair_request(
    wording: Wording, request: ModelRequest, answer: str, reasons: Iterable[str]
) -> ModelRequest:
    """Return the question again, with an answer that could not be used and the reasons."""
    complaint = wording.filled("repair", reasons="\n".join(reasons))
    turns = (Message("assistant", answer), Message("user", complaint))
    return replace(request, messages=(*request.messages, *turns))


def render_plan(plan: Plan) -> str:
    """Return a plan as the implementer reads it."""
    lines = [f"Goal: {plan.goal}"]
    for number, step in enumerate(plan.steps, start=1):
        lines.append(f"{number}. {step.intent}")
        if step.expectation is not None:
            lines.append(f"   expect: {step.expectation.kind} {step.expectation.text}")
    return "\n".join(lines)


def render_task(ctx: StrategyContext, shown: Iterable[ContextFile] | None = None) -> str:
    """Return the task as a model reads it: the files, what is asked, and what fails."""
    parts = [_show(file) for file in (ctx.context if shown is None else shown)]
    parts.append(f"Task: {ctx.instruction}")
    if ctx.evidence:
        parts.append(f"This test fails now and must pass:\n{ctx.evidence}")
    return "\n\n".join(parts)


def _plan_messages(ctx: StrategyContext, kind: str) -> tuple[Message, ...]:
    return (
        Message("system", ctx.wording.text(f"{kind}/system")),
        Message("user", ctx.wording.text("example_task")),
        Message("assistant", ctx.wording.text(f"{kind}/example")),
        Message("user", render_task(ctx)),
    )


def _show(file: ContextFile) -> str:
    note = "" if file.is_editable else " (for reading only)"
    suffix = PurePosixPath(file.path).suffix.removeprefix(".")
    language = "python" if suffix in {"py", "pyi"} else suffix
    text = file.text if file.text.endswith("\n") else file.text + "\n"
    return f"File {file.path}{note}:\n```{language}\n{text}```"


def _describe(failure: Failure) -> str:
    wrote = f" It wrote:\n{failure.wrote.rstrip()}\nbut" if failure.wrote else ""
    return f"A first attempt was wrong.{wrote}\n{failure.evidence}\nDo it differently."


def _plan_grammar(paths: Iterable[WorkspacePath], *, more: str = "", rules: str = "") -> str:
    """Return the grammar of a goal and one or two steps, each about a file that may be edited.

    `more` is what follows a step, `rules` are those that it needs.
    """
    path = " | ".join(literal(path) for path in paths)
    return (
        'root ::= "Goal: " words step step?\n'
        f'step ::= [12] ". " path ": " words{more}\n'
        f"path ::= {path}\n"
        'words ::= [^\\n`]{10,160} "\\n"\n'
        f"{rules}"
    )


def _grammar(files: Iterable[ContextFile], model: Model, edit_format: EditFormat) -> str | None:
    if model.accepts_grammar:
        # Without a line that occurs once nothing can be enforced; the matching still refuses.
        with suppress(ValueError):
            return edit_format.grammar({file.path: file.text for file in files if file.is_editable})
    return None


def _answer_tokens(files: Iterable[ContextFile], model: Model) -> int:
    longest = max((len(file.text) for file in files if file.is_editable), default=0)
    wanted = int(longest / _CHARACTERS_A_TOKEN) + _ANSWER_FLOOR
    return min(wanted, model.context_tokens // 3)
