"""What does a change leave to be done elsewhere?"""

from pathlib import Path

from pairwright.protocol import messages
from tests.engine.desks import open_desk
from tests.support.answers import answer, block

FILES = {
    "a.py": "def load(path):\n    return path\n",
    "b.py": "from a import load\n\n\ndef use():\n    return load('x')\n",
}
LOAD = block("a.py", "def load(path):\n", "def load(path, mode):\n")
USE = block("b.py", "    return load('x')\n", "    return load('x', 'r')\n")


async def test_a_file_that_the_change_leaves_broken_is_proposed_as_a_further_step(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path, FILES, [answer(LOAD)]) as desk:
        result = await desk.run("Let load take a mode.")
        assert result.is_sound
        assert desk.change_ready().follow_ups == (
            messages.FollowUp(
                intent="adapt `use` in b.py: it calls `load(path)`, whose signature changed",
                files=("b.py",),
                symbols=("use",),
            ),
        )


async def test_a_further_step_can_be_run_as_it_is(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [answer(LOAD), answer(USE)]) as desk:
        await desk.accept((await desk.run("Let load take a mode.")).task_id)
        (step,) = desk.change_ready().follow_ups
        desk.events.clear()
        second = await desk.run(step.intent, file=step.files[0])
        await desk.accept(second.task_id)
        assert desk.read("b.py").endswith("load('x', 'r')\n")
        assert desk.change_ready().follow_ups == ()


async def test_a_change_that_adapts_its_callers_leaves_nothing_to_do(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [answer(LOAD, USE)]) as desk:
        await desk.run("Let load take a mode.")
        assert desk.change_ready().follow_ups == ()
