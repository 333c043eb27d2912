"""What does `feedback show` do? It prints what models were asked for a task, and what they said."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from pairwright.errors import PairwrightError, UserError
from pairwright.feedback.records import EDIT, Attempt, RememberedTask
from pairwright.feedback.store import FeedbackStore
from pairwright.protocol.rendezvous import state_dir, workspace_around
from pairwright.protocol.terminal import visible


def main(args: argparse.Namespace) -> int:
    """Run the command `feedback show`; return its exit code."""
    try:
        root = workspace_around(args.workspace or Path.cwd())
        answers, tasks = _remembered(state_dir(root) / "feedback.sqlite3")
        answers = _of_task(answers, args.task)
    except PairwrightError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    told = (task for task in tasks if task.task_id == answers[0].task_id)
    for text in (*map(_task_text, told), *_answer_texts(answers)):
        sys.stdout.write(f"{visible(text)}\n")
    return 0


def _remembered(path: Path) -> tuple[Sequence[Attempt], Sequence[RememberedTask]]:
    if not path.exists():
        raise UserError("nothing is remembered of this workspace: no task was run in it yet")
    store = FeedbackStore(path)
    try:
        return store.answers(), store.tasks()
    finally:
        store.close()


def _of_task(answers: Sequence[Attempt], beginning: str | None) -> Sequence[Attempt]:
    """Return the answers of one task, the last one where none is named.

    Raises:
        UserError: there is none, or several tasks begin so.
    """
    if beginning is None:
        names = [each.task_id for each in answers][-1:]
    else:
        found = (each.task_id for each in answers if each.task_id.startswith(beginning))
        names = list(dict.fromkeys(found))
    if not names:
        which = "" if beginning is None else f" of a task {beginning!r}"
        raise UserError(
            f"no answer is remembered{which}: `pairwright cost --by task` lists what ran"
        )
    if len(names) > 1:
        raise UserError(f"several tasks begin with {beginning!r}: write more of it")
    return [each for each in answers if each.task_id == names[0]]


def _task_text(task: RememberedTask) -> str:
    decided = ", ".join(f"{count} {what}" for what, count in task.decisions.items())
    return f"{task.instruction}\n{f'Hunks: {decided}.' if decided else 'Nothing was decided.'}\n"


def _answer_texts(answers: Sequence[Attempt]) -> Iterator[str]:
    attempt_count = 0
    for each in answers:
        asked = f"{each.tier} model {each.model}, strategy {each.strategy}"
        if each.step == EDIT:
            attempt_count += 1
            yield f"=== Attempt {attempt_count}: {asked}, format {each.edit_format}"
        else:
            yield f"=== {each.step.replace('_', ' ').capitalize()}: {asked}"
        for message in each.question:
            yield f"--- {message.role}\n{message.content}\n"
        yield f"--- answer\n{each.answer}\n"
        if each.step == EDIT:
            yield f"--- gate: {_verdict(each)}\n"


def _verdict(attempt: Attempt) -> str:
    if not attempt.is_applied:
        return "not asked, the edits fit nowhere"
    verdict = {True: "sound", False: "not sound", None: "not asked"}[attempt.is_sound]
    checks = ", ".join(f"{name} {outcome}" for name, outcome in attempt.checks.items())
    return f"{verdict} ({checks})" if checks else verdict
