"""Which settings are accepted?"""

from typing import Any

import pytest
from pydantic import ValidationError

from pairwright.settings import Settings


def test_nothing_set_is_a_whole_set_of_settings() -> None:
    settings = Settings()
    assert settings.strategy == "ladder"
    assert settings.checks.test_command == ()
    assert 0 < settings.budget.task_usd < settings.budget.day_usd


@pytest.mark.parametrize(
    "values",
    [
        {"colour": "red"},
        {"models": {"storng": "openai/gpt-5-mini"}},
        {"models": {"attempts": 0}},
        {"models": {"attempts": 6}},
        {"models": {"timeout_s": 0}},
        {"models": {"timeout_s": "soon"}},
        {"budget": {"task_usd": -1}},
        {"budget": {"task_usd": "NaN"}},
        {"budget": {"day_usd": "Infinity"}},
        {"checks": {"test_command": "pytest -q"}},
        {"checks": {"test_timeout_s": 0}},
        {"checks": {"max_files": 0}},
        {"checks": {"max_changed_lines": 0}},
        {"daemon": {"idle_shutdown_s": 0}},
    ],
    ids=str,
)
def test_a_value_that_makes_no_sense_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate(values)


def test_settings_cannot_be_changed_once_they_are_made() -> None:
    settings = Settings()
    with pytest.raises(ValidationError, match="frozen"):
        settings.strategy = "weak"
