"""Do the person's settings say how many tasks the strong model gets?"""

from pathlib import Path

import pytest

from pairwright.settings import ModelSettings, Settings
from pairwright.strategies.routing import FEWEST_SCORES
from tests.engine.desks import Desk
from tests.support.answers import edit
from tests.support.engines import ScriptedModels, opened_engine, scripted_model

EDIT = edit("a.py", "a = 1\n", "a = 2\n")


@pytest.mark.parametrize(("share", "of_strong"), [(0.0, 0), (0.4, 1)])
async def test_the_calibrated_router_gives_the_share_that_is_set(
    tmp_path: Path, share: float, of_strong: int
) -> None:
    (tmp_path / "workspace").mkdir()
    (tmp_path / "workspace" / "a.py").write_text("a = 1\n")
    weak = scripted_model("weak", [EDIT] * (FEWEST_SCORES + 1))
    strong = scripted_model("strong", [EDIT])
    settings = Settings(models=ModelSettings(strong_share=share))
    async with opened_engine(tmp_path, ScriptedModels(strong, weak), settings) as engine:
        desk = Desk(engine, engine.open_session("person"), tmp_path / "workspace", weak, strong)
        for _ in range(FEWEST_SCORES):
            await desk.run()
        await desk.run(strategy="calibrated_router")
    assert len(strong.requests) == of_strong
