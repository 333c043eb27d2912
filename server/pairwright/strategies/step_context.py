"""What does the model that writes one step see? The plan's files, of which it edits the step's.

What else was chosen for the task is left out: a small model edits whatever file it is shown.
"""

from collections.abc import Mapping
from dataclasses import replace

from pairwright.disclosure.policy import clean_for_model
from pairwright.index.analysis import Analysis
from pairwright.planning.plan import Plan, Step
from pairwright.strategies.base import ContextFile, StrategyContext
from pairwright.strategies.progress import snapshot_with
from pairwright.workspace.paths import WorkspacePath, is_protected


def for_step(
    ctx: StrategyContext,
    plan: Plan,
    number: int,
    texts: Mapping[WorkspacePath, str | None],
) -> StrategyContext:
    """Return the task as one step of a plan finds it.

    Args:
        ctx: the task.
        plan: what is followed.
        number: which step, from 0.
        texts: what earlier steps made of some files; None: the file is gone.
    """
    moved = replace(
        ctx, analysis=Analysis(snapshot_with(ctx.analysis.snapshot, texts), ctx.analysis.index)
    )
    own = _paths_of(moved, plan.steps[number])
    of_plan = dict.fromkeys((*own, *(path for step in plan.steps for path in _paths_of(ctx, step))))
    files = [file for path in of_plan if (file := _file(moved, plan, path)) is not None]
    shown = [replace(file, is_editable=file.is_editable and file.path in own) for file in files]
    if not any(file.is_editable for file in shown):
        # It names no file, or only such as are still to be made: then all that was chosen counts.
        all_files = (_file(moved, plan, file.path) for file in ctx.context)
        shown = [file for file in all_files if file is not None]
    return replace(moved, context=tuple(shown))


def _paths_of(ctx: StrategyContext, step: Step) -> dict[WorkspacePath, None]:
    """Return the files that a step is about: those it names, and those of its symbols."""
    paths = dict.fromkeys(map(WorkspacePath, step.files))
    for name in step.symbols:
        for symbol in ctx.analysis.index.symbols_named(name.rpartition(".")[2]):
            if symbol.qualified_name == name and (not step.files or symbol.path in step.files):
                paths.setdefault(WorkspacePath(symbol.path))
    return paths


def _file(ctx: StrategyContext, plan: Plan, path: WorkspacePath) -> ContextFile | None:
    """Return a file as it is shown; None where it cannot be."""
    chosen = next((file for file in ctx.context if file.path == path), None)
    document = ctx.analysis.snapshot.documents.get(path)
    if document is None:
        return None
    # A model's plan opens no further file; a given one names what somebody wants changed.
    opens = plan is ctx.plan or path not in ctx.analysis.index.files
    if chosen is None and opens and not ctx.withheld(path, document.text):
        is_short = len(document.text) <= ctx.weak.context_tokens
        chosen = ContextFile(path, "", "the plan names it", is_editable=False) if is_short else None
    if chosen is None:
        return None
    is_editable = chosen.is_editable or (opens and not is_protected(path))
    return replace(chosen, text=clean_for_model(document.text), is_editable=is_editable)
