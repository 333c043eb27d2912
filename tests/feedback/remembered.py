"""Attempts and tasks, as tests tell them."""

from collections.abc import Mapping

from pairwright.feedback.records import EDIT, Attempt, Decision, RememberedTask
from pairwright.llm.model import Message, Tier

QUESTION = (Message("system", "Edit."), Message("user", "File a.py: ...\n\nTask: mend it."))


def attempt(
    answer: str = "an edit",
    *,
    tests: str = "passed",
    tier: Tier = Tier.WEAK,
    is_applied: bool = True,
    is_sound: bool | None = None,
    task_id: str = "t1",
    question: tuple[Message, ...] = QUESTION,
    attempt_id: int = 0,
    step: str = EDIT,
) -> Attempt:
    return Attempt(
        task_id=task_id,
        strategy="ladder",
        tier=tier,
        model=f"scripted/{tier}",
        edit_format="search_replace",
        question=question,
        answer=answer,
        is_applied=is_applied,
        is_sound=tests == "passed" if is_sound is None else is_sound,
        checks={"applies": "passed", "tests": tests},
        attempt_id=attempt_id,
        step=step,
    )


def task(
    decisions: Mapping[Decision, int], *attempt_ids: int, task_id: str = "t1"
) -> RememberedTask:
    return RememberedTask(
        task_id=task_id,
        instruction="mend it",
        shown=(),
        attempt_ids=attempt_ids,
        diff="",
        decisions=decisions,
    )
