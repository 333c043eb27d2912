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

from pairwright.editing.formats import WHOLE_FILE, EditFormat
from pairwright.editing.gbnf import literal
from pairwright.llm.model import Message, Model, ModelRequest, Source
from pairwright.planning.plan import Plan
from pairwright.strategies.base import ContextFile, Note, StrategyContext
from pairwright.strategies.sourcing import sources_of
from pairwright.strategies.wording import Wording
from pairwright.workspace.paths import WorkspacePath

PLAN_TOKENS = 220
"""A plan is a goal and a few steps; whoever writes more is cut and read up to there."""
CHECKABLE_PLAN_TOKENS = 320
"""The same with an expectation below each step."""
PLAN_TEMPERATURE = 0.3
_CHARACTERS_A_TOKEN = 3.0
_EXPECTED = 'expected ::= "   expect: " ("test " | "value " | "diagnostic ") [^\\n`]{3,160} "\\n"\n'
ANSWER_FLOOR = 400
"""Tokens that every answer may have, however short the files are."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An attempt that did not pass, as the next one is told of it."""

    wrote: str
    """The new lines of the attempt; empty when none of its edits could be placed."""
    evidence: str


def plan_request(
    ctx: StrategyContext,
    model: Model,
    *,
    temperature: float = PLAN_TEMPERATURE,
    notes: Iterable[Note] = (),
) -> ModelRequest:
    """Return the question for a short plan: a goal and steps, no code."""
    notes = tuple(notes)
    paths = _plannable(ctx)
    return ModelRequest(
        messages=_plan_messages(ctx, "plan", notes),
        sources=sources_of(ctx, notes=notes),
        max_output_tokens=PLAN_TOKENS,
        temperature=temperature,
        grammar=_plan_grammar(paths) if model.accepts_grammar else None,
    )


def checkable_plan_request(ctx: StrategyContext, model: Model) -> ModelRequest:
    """Return the question for a plan of which each step says what is to be seen once it is done."""
    paths = _plannable(ctx)
    return ModelRequest(
        messages=_plan_messages(ctx, "checkable_plan"),
        sources=sources_of(ctx),
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
    only_step: int | None = None,
    most_tokens: int | None = None,
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
        only_step: the step of the plan that it is to do, from 0; None: all of them.
        most_tokens: what the answer may have at most, unless it has to hold whole files.
    """
    wording, notes = ctx.wording, tuple(notes)
    shown = None if shown is None else tuple(shown)
    example = [wording.text("example_task")]
    task = [render_task(ctx, shown)]
    task += [wording.filled(f"notes/{note.kind}", text=note.text) for note in notes]
    task += [] if failure is None else [_describe(failure)]
    if plan is not None:
        example.append(f"Plan:\n{wording.text('plan/example')}")
        task += _followed(wording, plan, only_step)
    grammar = _grammar(ctx.context, model, edit_format)
    return ModelRequest(
        messages=(
            Message("system", _rules(wording, edit_format, has_grammar=grammar is not None)),
            Message("user", "\n\n".join(example)),
            Message("assistant", wording.text(f"{edit_format.prompt}/example") + "\n"),
            # The files and the task stay; what comes after them is another attempt's.
            Message("user", "\n\n".join(task), shared_characters=len(task[0])),
        ),
        sources=_sources(ctx, shown, notes, plan, failure),
        max_output_tokens=_capped(answer_tokens(ctx.context, model), most_tokens, edit_format),
        temperature=temperature,
        grammar=grammar,
    )


def answer_tokens(files: Iterable[ContextFile], model: Model) -> int:
    """Return how many tokens an edit of these files may have: all of the longest, and some more."""
    longest = max((len(file.text) for file in files if file.is_editable), default=0)
    wanted = int(longest / _CHARACTERS_A_TOKEN) + ANSWER_FLOOR
    return min(wanted, model.context_tokens // 3)


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
        lines += [f"   {line}" for line in step.detail.splitlines()]
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


def _plannable(ctx: StrategyContext) -> list[WorkspacePath]:
    """Return the files that a plan may be about; there is at least one."""
    if ctx.only is not None:
        return [ctx.only]
    return [file.path for file in ctx.context if file.is_editable]


def _rules(wording: Wording, edit_format: EditFormat, *, has_grammar: bool) -> str:
    rules = wording.text(f"{edit_format.prompt}/system")
    # A grammar has no words for them, and what cannot be written should not be explained.
    return rules if has_grammar else "\n".join([rules, wording.text("file_operations")])


def _followed(wording: Wording, plan: Plan, only_step: int | None) -> Iterable[str]:
    yield f"Plan:\n{render_plan(plan)}"
    if only_step is not None:
        yield wording.filled("plan/one_step", number=str(only_step + 1))


def _plan_messages(
    ctx: StrategyContext, kind: str, notes: Iterable[Note] = ()
) -> tuple[Message, ...]:
    task = [render_task(ctx)]
    task += [ctx.wording.filled(f"notes/{note.kind}", text=note.text) for note in notes]
    return (
        Message("system", ctx.wording.text(f"{kind}/system")),
        Message("user", ctx.wording.text("example_task")),
        Message("assistant", ctx.wording.text(f"{kind}/example")),
        Message("user", "\n\n".join(task)),
    )


def _show(file: ContextFile) -> str:
    note = "" if file.is_editable else " (for reading only)"
    suffix = PurePosixPath(file.path).suffix.removeprefix(".")
    language = "python" if suffix in {"py", "pyi"} else suffix
    text = file.text if file.text.endswith("\n") else file.text + "\n"
    return f"File {file.path}{note}:\n```{language}\n{text}```"


def _sources(
    ctx: StrategyContext,
    shown: Iterable[ContextFile] | None,
    notes: Iterable[Note],
    plan: Plan | None,
    failure: Failure | None,
) -> tuple[Source, ...]:
    return sources_of(
        ctx,
        shown,
        notes=notes,
        plan=render_plan(plan) if plan is not None else "",
        attempt=failure.wrote.rstrip() if failure is not None else "",
        evidence=failure.evidence if failure is not None else "",
    )


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


def _capped(wanted: int, most: int | None, edit_format: EditFormat) -> int:
    # A whole file that is cut is lost; nobody could have written it shorter.
    return wanted if most is None or edit_format.name == WHOLE_FILE.name else min(wanted, most)
