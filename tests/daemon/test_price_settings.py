"""May a user say what a model costs, and nobody else?"""

from decimal import Decimal
from pathlib import Path

import pytest

from pairwright.daemon.configuration import load_settings
from pairwright.settings import Settings

PRICE = "[models.prices.'openai/x']\ninput_usd_per_million = {}\noutput_usd_per_million = 10\n"


def load(directory: Path, user: str, workspace: str = "") -> tuple[Settings, tuple[str, ...]]:
    (directory / "settings.toml").write_text(user, "utf-8")
    (directory / "pyproject.toml").write_text(workspace, "utf-8")
    return load_settings(directory, directory / "settings.toml")


def test_the_user_may_say_what_a_model_costs(tmp_path: Path) -> None:
    settings, problems = load(tmp_path, PRICE.format("0.1"))
    assert problems == ()
    assert settings.models.prices["openai/x"].input_usd_per_million == Decimal("0.1")
    assert settings.models.prices["openai/x"].cache_read_usd_per_million is None


def test_a_workspace_may_not_say_what_a_model_costs(tmp_path: Path) -> None:
    # A price of nothing would let every cap through.
    settings, problems = load(
        tmp_path, PRICE.format("5"), PRICE.format("0").replace("[models", "[tool.pairwright.models")
    )
    assert settings.models.prices["openai/x"].input_usd_per_million == 5
    assert problems == ("pyproject.toml: models.prices: not for a workspace to set, ignored",)


@pytest.mark.parametrize("figure", ["-1", "nan", "inf", "1e9", "true", "'much'"])
def test_a_price_that_cannot_be_one_is_refused(tmp_path: Path, figure: str) -> None:
    settings, problems = load(tmp_path, PRICE.format(figure))
    assert not settings.models.prices
    (problem,) = problems
    assert problem.startswith("settings.toml: models.prices")
