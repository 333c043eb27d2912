"""What attempts and decisions say."""

import pytest

from pairwright.feedback.records import Decision
from tests.feedback.remembered import attempt, task

KEPT, REJECTED, EDITED, UNDONE = Decision


@pytest.mark.parametrize(
    ("tests", "is_applied", "is_sound", "expected"),
    [
        ("passed", True, True, True),
        ("failed", True, False, False),
        ("not_run", True, False, False),
        ("not_run", False, None, False),
        ("not_run", True, True, None),
        ("passed", True, False, False),
    ],
)
def test_only_a_sound_change_passes_the_tests(
    tests: str, is_applied: bool, is_sound: bool | None, expected: bool | None
) -> None:
    found = attempt(tests=tests, is_applied=is_applied, is_sound=is_sound)
    assert found.passes_tests is expected


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        ({KEPT: 2}, True),
        ({REJECTED: 2}, False),
        ({KEPT: 2, UNDONE: 2}, False),
        ({KEPT: 1, REJECTED: 1}, None),
        ({KEPT: 2, UNDONE: 1}, None),
        ({KEPT: 2, EDITED: 1}, None),
        ({}, None),
    ],
)
def test_people_speak_of_the_whole_or_not_at_all(
    decisions: dict[Decision, int], expected: bool | None
) -> None:
    assert task(decisions).is_kept is expected
