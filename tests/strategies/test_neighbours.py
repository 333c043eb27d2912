"""What is shown of a repository beside the files of a task."""

from pairwright.strategies.repo_structure import neighbours
from pairwright.strategies.repository_notes import repository_overview
from tests.index.analyses import analyse
from tests.strategies.stage import A


def test_neighbours_and_readme_that_hold_secrets_are_shown_to_nobody() -> None:
    key = "AKIA" + "ABCDEFGHIJKLMNOP"
    analysis = analyse(
        "#- a.py\nfrom b import caller\n\n\ndef subject():\n    return caller()\n"
        f"#- b.py\nKEY = '{key}'\n\n\ndef caller():\n    return KEY\n"
        f"#- README.md\nOur key is {key}.\n"
    )
    assert neighbours(analysis, "Mend subject.", [A]) == ""
    assert "README:\n(none)" in repository_overview(analysis.snapshot)


def test_neighbours_of_the_functions_that_are_named_are_shown() -> None:
    analysis = analyse(
        "#- a.py\nfrom b import caller, other\n\n\ndef sub():\n    return other()\n\n\n"
        "def subject():\n    return caller()\n"
        "#- b.py\ndef caller():\n    return 1\n\n\ndef other():\n    return 2\n"
    )
    shown = neighbours(analysis, "Mend subject.", [A])
    assert "def caller" in shown
    assert "def other" not in shown, "'sub' is only a part of a word of the instruction"
