import pytest

from pairwright.editing.formats import (
    SEARCH_REPLACE,
    WHOLE_FILE,
    EditFormat,
    format_for,
)
from pairwright.llm.model import Tier
from pairwright.workspace.paths import WorkspacePath
from tests.editing.gbnf import allows, read_grammar
from tests.editing.workspaces import read_answer

PATH = WorkspacePath("a.py")
EDIT_FORMATS = (SEARCH_REPLACE, WHOLE_FILE)
SHORT = {PATH: "x\n" * 20}
LONG = {PATH: "x\n" * 500}


@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize("accepts_grammar", [True, False])
@pytest.mark.parametrize("files", [{}, SHORT, LONG])
def test_every_model_has_a_format(
    tier: Tier, accepts_grammar: bool, files: dict[WorkspacePath, str]
) -> None:
    assert format_for(tier, accepts_grammar, files) in EDIT_FORMATS


@pytest.mark.parametrize(
    ("tier", "accepts_grammar", "files", "expected"),
    [
        (Tier.WEAK, True, SHORT, SEARCH_REPLACE),
        (Tier.WEAK, False, SHORT, WHOLE_FILE),
        (Tier.WEAK, False, LONG, SEARCH_REPLACE),
        (Tier.STRONG, False, SHORT, SEARCH_REPLACE),
    ],
)
def test_the_format_follows_the_model_and_the_size_of_the_files(
    tier: Tier, accepts_grammar: bool, files: dict[WorkspacePath, str], expected: EditFormat
) -> None:
    assert format_for(tier, accepts_grammar, files) is expected


@pytest.mark.parametrize("edit_format", EDIT_FORMATS, ids=lambda each: each.name)
def test_the_parser_of_a_format_reads_what_its_grammar_allows(edit_format: EditFormat) -> None:
    answers = {
        "search_replace": "<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE\n",
        "whole_file": "<<<<<<< WHOLE\ny\n>>>>>>> WHOLE\n",
    }
    answer = f"### FILE a.py\n{answers[edit_format.name]}### END 1\n"
    assert allows(read_grammar(edit_format.grammar({PATH: "x\n"})), answer)
    assert len(read_answer(edit_format.new_parser(), answer)) == 1
