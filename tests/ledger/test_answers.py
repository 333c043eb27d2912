"""What is kept of a task's answers, for how long, and what is never written?"""

import json
import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pairwright.errors import BudgetExceeded, UnknownTask
from pairwright.ledger import answers
from pairwright.ledger.answers import KeptAnswers, UnfinishedTasks, digest_of
from pairwright.llm.model import (
    Completion,
    FinishReason,
    Message,
    ModelRequest,
    OnText,
    Tier,
    Usage,
)

REQUEST = ModelRequest((Message("system", "be brief"), Message("user", "hello")), 100)
OTHER = replace(REQUEST, messages=(Message("user", "something else"),))
TASK, SECOND = "a" * 32, "b" * 32
KEY = "sk-proj-0123456789abcdefghij"


class Oracle:
    """Answers with the number of the question, or fails."""

    tier = Tier.WEAK
    name = "test/weak"
    accepts_grammar = True
    context_tokens = 4096

    def __init__(self, *, prefix: str = "answer ", fails: bool = False) -> None:
        self.asked = 0
        self.prefix = prefix
        self.fails = fails

    async def complete(
        self, request: ModelRequest, *, step: str, on_text: OnText | None = None
    ) -> Completion:
        self.asked += 1
        if self.fails:
            zero = Decimal(0)
            raise BudgetExceeded("no", cap_usd=zero, spent_usd=zero, needed_usd=zero)
        usage = Usage(10, 1, 2, 3, reasoning=1, is_estimated=True)
        return Completion(f"{self.prefix}{self.asked}", usage, FinishReason.LENGTH)


async def ask(kept: KeptAnswers, model: Oracle, *requests: ModelRequest) -> list[str]:
    asked = kept.model(model)
    return [(await asked.complete(each, step="edit")).text for each in requests]


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def begun(folder: Path | None, task_id: str = TASK) -> tuple[UnfinishedTasks, KeptAnswers]:
    tasks = UnfinishedTasks(folder)
    kept = tasks.begin(task_id)
    kept.describe('{"instruction": "x"}')
    return tasks, kept


async def test_the_same_questions_are_answered_in_the_same_order(tmp_path: Path) -> None:
    tasks, kept = begun(tmp_path)
    model = Oracle()
    first = await ask(kept, model, REQUEST, REQUEST, OTHER)
    assert first == ["answer 1", "answer 2", "answer 3"]
    again = tasks.resume(TASK)
    assert await ask(again, model, OTHER, REQUEST, REQUEST, REQUEST) == [
        "answer 3",
        "answer 1",
        "answer 2",
        "answer 4",
    ]
    assert model.asked == 4
    assert again.is_replayed("answer 1")
    assert not again.is_replayed("answer 4")


async def test_in_one_run_the_same_question_is_asked_each_time(tmp_path: Path) -> None:
    _, kept = begun(tmp_path)
    model = Oracle()
    await ask(kept, model, REQUEST, REQUEST)
    assert model.asked == 2
    assert kept.replayed.total() == 0


async def test_another_daemon_reads_it_as_it_was(tmp_path: Path) -> None:
    _, kept = begun(tmp_path)
    model = Oracle()
    asked = kept.model(model)
    answer = await asked.complete(REQUEST, step="edit")
    again = UnfinishedTasks(tmp_path).resume(TASK)
    assert again.request == '{"instruction": "x"}'
    assert await again.model(model).complete(REQUEST, step="edit") == answer
    assert model.asked == 1


async def test_a_kept_answer_is_streamed_as_a_whole(tmp_path: Path) -> None:
    tasks, kept = begun(tmp_path)
    await ask(kept, Oracle(), REQUEST)
    heard: list[str] = []

    async def hear(text: str) -> None:
        heard.append(text)

    again = tasks.resume(TASK).model(Oracle())
    await again.complete(REQUEST, step="edit", on_text=hear)
    assert heard == ["answer 1"]
    assert (again.tier, again.name, again.context_tokens) == (Tier.WEAK, "test/weak", 4096)
    assert again.accepts_grammar


async def test_a_failure_is_noted_until_a_call_is_answered(tmp_path: Path) -> None:
    _, kept = begun(tmp_path)
    with pytest.raises(BudgetExceeded):
        await ask(kept, Oracle(fails=True), REQUEST)
    assert isinstance(kept.failure, BudgetExceeded)
    assert not kept.is_kept
    await ask(kept, Oracle(), REQUEST)
    assert kept.failure is None


@pytest.mark.parametrize(
    "changed",
    [
        replace(REQUEST, max_output_tokens=99),
        replace(REQUEST, temperature=0.5),
        replace(REQUEST, stop=("x",)),
        replace(REQUEST, grammar="root ::= x"),
        replace(REQUEST, messages=REQUEST.messages[:1]),
        replace(REQUEST, messages=(Message("user", "be brief"), REQUEST.messages[1])),
    ],
)
def test_every_part_of_a_request_counts(changed: ModelRequest) -> None:
    assert digest_of("m", changed) != digest_of("m", REQUEST)
    assert digest_of("m", REQUEST) != digest_of("n", REQUEST)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ran 3 tests in 0.001s", "Ran 3 tests in 0.032s"),
        ("FAIL: TestX (0.00s)", "FAIL: TestX (1.25s)"),
        ("✕ adds (3 ms)", "✕ adds (11 ms)"),
        ("File /tmp/pairwright-check-ab_1/x/a.py", "File /tmp/pairwright-check-zz09/x/a.py"),
        ("<A object at 0x7f5763756b10>", "<A object at 0x7fe0aa001d90>"),
    ],
)
def test_what_differs_by_chance_makes_no_other_question(one: str, other: str) -> None:
    def question(text: str) -> ModelRequest:
        return replace(REQUEST, messages=(Message("user", f"It says: {text}"),))

    assert digest_of("m", question(one)) == digest_of("m", question(other))
    assert digest_of("m", question("3 tests")) != digest_of("m", question("4 tests"))
    assert digest_of("m", question("sleep(5)")) != digest_of("m", question("sleep(6)"))


async def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    old_mask = os.umask(0)
    try:
        _, kept = begun(tmp_path / "new")
        await ask(kept, Oracle(), REQUEST)
    finally:
        os.umask(old_mask)
    (path,) = files_in(tmp_path / "new")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0


async def test_neither_questions_nor_secrets_are_written(tmp_path: Path) -> None:
    tasks, kept = begun(tmp_path)
    model = Oracle(prefix=f"use {KEY} ")
    await ask(kept, Oracle(), OTHER)
    await ask(kept, model, REQUEST)
    (path,) = files_in(tmp_path)
    written = path.read_text()
    assert KEY not in written
    assert "hello" not in written
    assert "answer 1" in written
    # In memory it is there.
    assert await ask(tasks.resume(TASK), model, REQUEST) == [f"use {KEY} 1"]
    assert not (await ask(UnfinishedTasks(tmp_path).resume(TASK), model, REQUEST))[0].endswith(" 1")


async def test_a_request_with_a_key_is_kept_in_memory_alone(tmp_path: Path) -> None:
    tasks = UnfinishedTasks(tmp_path)
    kept = tasks.begin(TASK)
    kept.describe(json.dumps({"instruction": f"line\n{KEY}"}))
    await ask(kept, Oracle(), REQUEST)
    assert all(KEY not in path.read_text() for path in files_in(tmp_path))
    assert tasks.find() == TASK
    with pytest.raises(UnknownTask, match="cannot be read"):
        UnfinishedTasks(tmp_path).resume(TASK)


async def test_where_nothing_is_to_be_written_it_lasts_as_long_as_the_daemon(
    tmp_path: Path,
) -> None:
    tasks, kept = begun(None)
    model = Oracle()
    await ask(kept, model, REQUEST)
    tasks.rest(kept)
    assert await ask(tasks.resume(tasks.find()), model, REQUEST) == ["answer 1"]
    assert files_in(tmp_path) == []


async def test_what_is_forgotten_is_gone(tmp_path: Path) -> None:
    tasks, kept = begun(tmp_path)
    await ask(kept, Oracle(), REQUEST)
    tasks.forget(TASK)
    tasks.forget(TASK)
    tasks.forget("../outside")
    assert files_in(tmp_path) == []
    with pytest.raises(UnknownTask, match="no task to continue"):
        tasks.find()


async def test_a_task_is_named_by_a_beginning_that_no_other_has(tmp_path: Path) -> None:
    tasks = UnfinishedTasks(tmp_path)
    twin = TASK[:-1] + "b"
    for task_id in (TASK, twin, SECOND):
        kept = tasks.begin(task_id)
        kept.describe("{}")
        await ask(kept, Oracle(), REQUEST)
    assert tasks.find() == SECOND
    assert tasks.find("b") == SECOND
    assert tasks.find(TASK) == TASK
    with pytest.raises(UnknownTask, match="more than one task begins with 'aaa'"):
        tasks.find("aaa")
    for name in ("c", "../a", "/etc", "\0"):
        with pytest.raises(UnknownTask, match="nothing is kept"):
            tasks.find(name)


async def test_only_the_latest_tasks_are_kept(tmp_path: Path) -> None:
    tasks = UnfinishedTasks(tmp_path)
    for number in range(answers.MOST_TASKS + 5):
        kept = tasks.begin(f"{number:032x}")
        kept.describe("{}")
        await ask(kept, Oracle(), REQUEST)
        os.utime(tmp_path / f"{number:032x}.jsonl", (number, number))
        tasks.rest(kept)
    assert len(files_in(tmp_path)) == answers.MOST_TASKS
    with pytest.raises(UnknownTask):
        tasks.find(f"{0:032x}")


async def test_a_task_holds_a_bounded_amount(tmp_path: Path) -> None:
    tasks, kept = begun(tmp_path)
    huge = Oracle(prefix="x" * (answers.MOST_BYTES // 2))
    await ask(kept, huge, REQUEST, OTHER)
    assert (tmp_path / f"{TASK}.jsonl").stat().st_size < answers.MOST_BYTES
    await ask(tasks.resume(TASK), huge, REQUEST, OTHER)
    assert huge.asked == 3


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"\xff\xfe\x00garbage",
        b'{"request": "{}"}\n{"digest": "x"',
        b'{"request": "{}"}\n{"digest": "x", "text": "y"}\n[1]\nnull\n',
        b'{"request": "{}"}\n{"digest": "x", "text": "y", "usage": [1], "reasoning": 0,'
        b' "isEstimated": false, "finish": "stop"}\n' + b"[" * 100_000,
        b'{"request": 5}',
    ],
)
async def test_a_damaged_file_loses_what_is_damaged_and_nothing_else(
    tmp_path: Path, damage: bytes
) -> None:
    path = tmp_path / f"{TASK}.jsonl"
    path.write_bytes(damage)
    tasks = UnfinishedTasks(tmp_path)
    model = Oracle()
    if b'"{}"' not in damage:
        with pytest.raises(UnknownTask, match="cannot be read"):
            tasks.resume(TASK)
        return
    await ask(tasks.resume(TASK), model, REQUEST)
    assert await ask(UnfinishedTasks(tmp_path).resume(TASK), model, REQUEST) == ["answer 1"]


async def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("")
    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / f"{TASK}.jsonl").symlink_to(tmp_path / "target")
    _, kept = begun(folder)
    assert await ask(kept, Oracle(), REQUEST) == ["answer 1"]
    assert (tmp_path / "target").read_text() == ""


async def test_a_disk_that_cannot_be_written_costs_no_answer(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    tasks, kept = begun(tmp_path / "file" / "kept")
    model = Oracle()
    assert await ask(kept, model, REQUEST) == ["answer 1"]
    assert await ask(tasks.resume(TASK), model, REQUEST) == ["answer 1"]
