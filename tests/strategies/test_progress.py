"""What is kept of attempts that mend only a part?"""

import pytest

from pairwright.errors import UserError
from pairwright.llm.model import Tier
from pairwright.llm.scripted_provider import Reply, ScriptedProvider
from pairwright.strategies.base import Escalated, ProgressKept, StepStarted, StrategyContext
from pairwright.strategies.progress import advanced, change_from, new_lines
from pairwright.workspace.paths import WorkspacePath
from tests.index.analyses import analyse
from tests.strategies.stage import (
    TEXT,
    UNWRITABLE,
    WORKSPACE,
    A,
    Rule,
    RuledGate,
    StageModel,
    mends,
    perform,
    run_of,
    select,
    task_of,
    wrong_numbers,
)
from tests.support.answers import edit

SOLVED = TEXT.replace("= 0", "= 1")


async def test_an_attempt_that_mends_one_of_three_tests_is_kept() -> None:
    done = await perform("weak", [mends("one"), mends("two"), mends("three")])
    kept = [event.still_failing for event in done.events if isinstance(event, ProgressKept)]
    assert kept == [2, 1]
    assert done.proposal is not None
    assert done.proposal.verdict.is_sound
    assert done.text() == SOLVED


async def test_the_next_attempt_sees_the_text_with_the_progress() -> None:
    done = await perform("weak", [mends("one"), mends("two"), mends("three")])
    shown = [task_of(request) for request in done.weak]
    assert ["one = 1" in text for text in shown] == [False, True, True]
    assert ["two = 1" in text for text in shown] == [False, False, True]


async def test_an_attempt_that_mends_one_and_breaks_another_is_not_kept() -> None:
    def breaks(text: str) -> list[str]:
        return [*wrong_numbers(text), *(["other"] if "one = 1" in text else [])]

    done = await perform("weak", [mends("one"), mends("two"), mends("three", 2)], rule=breaks)
    assert [e.still_failing for e in done.events if isinstance(e, ProgressKept)] == [2]
    assert "one = 0\n" in task_of(done.weak[1])


async def test_the_best_part_is_proposed_when_no_attempt_is_sound() -> None:
    done = await perform("weak", [mends("one"), mends("two", 2), *["nonsense"] * 8])
    assert done.proposal is not None
    assert not done.proposal.verdict.is_sound
    assert done.text() == TEXT.replace("one = 0", "one = 1")


async def test_the_best_part_is_proposed_when_an_attempt_cannot_be_judged() -> None:
    done = await perform("weak", [mends("one"), mends("two")], rule=_no_disk_for("two = 1"))
    assert done.text() == TEXT.replace("one = 0", "one = 1")


async def test_an_attempt_that_cannot_be_judged_is_an_error_when_nothing_was_found() -> None:
    with pytest.raises(UserError, match="the disk is full"):
        await perform("weak", [mends("one")], rule=_no_disk_for("one = 1"))


async def test_every_verdict_is_about_the_whole_change_of_the_original_text() -> None:
    done = await perform("weak", [mends("one"), mends("two"), mends("three")])
    assert done.gate.checked[1] == TEXT.replace("one = 0", "one = 1").replace("two = 0", "two = 1")


async def test_the_ladder_begins_anew_after_progress() -> None:
    weak = [mends("one", 5), mends("one", 6), mends("one"), mends("two"), mends("three")]
    done = await perform("ladder", weak, ["Goal: g\n1. a.py: mend it.\n"])
    rungs = [event.rung for event in done.events if isinstance(event, Escalated)]
    assert rungs == ["plan"]
    assert done.text() == SOLVED
    assert "Plan:" in task_of(done.weak[2])
    assert "Plan:" not in task_of(done.weak[3])


async def test_a_failure_is_forgotten_with_the_text_that_it_was_about() -> None:
    done = await perform(
        "strong", [], [mends("one", 5), mends("one"), mends("two"), mends("three")]
    )
    told = ["was wrong" in task_of(request) for request in done.strong]
    assert told[1] is True
    assert told[2] is False


async def test_a_text_that_moved_on_has_an_index_that_is_true_of_it() -> None:
    analysis = analyse(WORKSPACE)
    model = StageModel(Tier.WEAK, ScriptedProvider("scripted/weak", []))
    ctx = StrategyContext(
        analysis=analysis,
        instruction="",
        strong=model,
        weak=model,
        gate=RuledGate(analysis, wrong_numbers),
        context=(),
        select=select,
    )
    moved = (await advanced(ctx, {A: "def fresh():\n    pass\n"}, run_of(()))).analysis
    assert [symbol.path for symbol in moved.index.symbols_named("fresh")] == ["a.py"]
    assert analysis.index.symbols_named("fresh") == ()
    assert moved.snapshot.revision == analysis.snapshot.revision


async def test_what_an_earlier_attempt_wrote_over_is_no_part_of_the_change() -> None:
    snapshot = analyse(f"#- a.py\n{TEXT}#- b.py\nb = 1\n").snapshot
    change = change_from(snapshot, {A: SOLVED, WorkspacePath("b.py"): "b = 1\n"})
    assert [file.path for file in change.files] == ["a.py"]


def test_a_new_file_is_part_of_the_change() -> None:
    snapshot = analyse(f"#- a.py\n{TEXT}").snapshot
    (file,) = change_from(snapshot, {WorkspacePath("n.py"): "n = 1\n"}).files
    assert (file.kind, file.base_digest) == ("create", None)


def test_only_new_lines_are_told() -> None:
    snapshot = analyse(f"#- a.py\n{TEXT}").snapshot
    assert new_lines(snapshot, {A: TEXT.replace("two = 0", "two = 7")}) == "two = 7\n"


async def test_a_repair_turn_follows_a_block_that_cannot_be_placed() -> None:
    bad = edit("a.py", "one = 9\n", "one = 1\n")
    done = await perform("ladder", [bad, mends("one"), mends("two"), mends("three")])
    steps = [event.step for event in done.events if isinstance(event, StepStarted)]
    assert steps[:2] == ["edit", "repair"]
    repair = done.weak[1]
    assert repair.messages[:-2] == done.weak[0].messages
    assert repair.messages[-2].content == bad
    assert "cannot be used" in repair.messages[-1].content
    assert done.text() == SOLVED


async def test_one_bad_block_refuses_the_whole_answer() -> None:
    good = "### FILE a.py\n<<<<<<< SEARCH\none = 0\n=======\none = 1\n>>>>>>> REPLACE\n"
    bad = good.replace("one", "nine") + "### END 2\n"
    done = await perform("weak", [good + bad, good + bad, *["nonsense"] * 8])
    assert done.gate.checked == []
    assert done.proposal is None


async def test_an_answer_for_a_file_that_is_only_shown_is_refused() -> None:
    elsewhere = edit("lib.py", "library = True\n", "library = False\n")
    done = await perform("weak", [Reply(elsewhere)] * 8)
    assert done.proposal is None
    assert done.gate.checked == []


async def test_a_cut_answer_is_not_sent_back_for_repair() -> None:
    cut = mends("one").replace("### END 1\n", "")
    done = await perform("weak", [cut, mends("one"), mends("two"), mends("three")])
    steps = [event.step for event in done.events if isinstance(event, StepStarted)]
    assert steps == ["edit", "edit", "edit", "edit"]
    assert done.text() == SOLVED


@pytest.mark.parametrize(("instruction", "is_made"), [("Write new.py", True), ("Write", False)])
async def test_a_new_file_is_made_only_where_it_was_asked_for(
    instruction: str, is_made: bool
) -> None:
    made = edit("new.py", "", "fresh = True\n")
    done = await perform("weak", [made] * 8, instruction=instruction)
    assert bool(done.gate.checked) is is_made


def _no_disk_for(line: str) -> Rule:
    def judge(text: str) -> list[str]:
        if line in text:
            raise UserError("the disk is full")
        return wrong_numbers(text)

    return judge


async def test_a_change_that_does_not_apply_is_never_proposed() -> None:
    def rule(text: str) -> list[str]:
        return ["one"] if text == TEXT else [UNWRITABLE]

    done = await perform("weak", [mends("one")] * 8, rule=rule)
    assert done.gate.checked
    assert done.proposal is None
