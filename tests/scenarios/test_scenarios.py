"""Does every story end as it is told?

A scenario whose story has changed on purpose is told anew by `python -m tests.scenarios.rewrite`.
"""

from pathlib import Path

import pytest

from tests.scenarios.format import parse_scenario, render_scenario
from tests.scenarios.running import run_scenario

SCENARIOS = sorted(Path(__file__).parent.glob("*.txt"))


async def check_scenario(text: str, directory: Path) -> None:
    scenario = parse_scenario(text)
    transcript = await run_scenario(scenario, directory)
    assert render_scenario(scenario, transcript) == text


def test_there_are_scenarios() -> None:
    assert SCENARIOS


@pytest.mark.parametrize(
    "text", [pytest.param(path.read_text("utf-8"), id=path.stem) for path in SCENARIOS]
)
async def test_a_scenario_ends_as_it_is_told(text: str, tmp_path: Path) -> None:
    await check_scenario(text, tmp_path)
