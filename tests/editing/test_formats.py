import pytest

from pairwright.editing.blocks import MalformedBlock
from pairwright.editing.formats import (
    EDIT_FORMATS,
    ENOUGH_ANSWERS,
    SEARCH_REPLACE,
    UNIFIED_DIFF,
    WHOLE_FILE,
    WHOLE_SYMBOL,
    EditFormat,
    FormatRecord,
    format_for,
)
from pairwright.editing.matching import changed_text, place
from pairwright.llm.model import Tier
from pairwright.workspace.paths import WorkspacePath
from tests.editing.gbnf import allows, read_grammar
from tests.editing.workspaces import read_answer, snapshot_of

PATH = WorkspacePath("a.py")
FUNCTION = "def f():\n    return 1\n"
SHORT = {PATH: FUNCTION * 5}
MEDIUM = {PATH: "".join(f"def f{number}():\n    return 1\n\n" for number in range(30))}
LONG = {PATH: "".join(f"def f{number}():\n    return 1\n\n" for number in range(170))}
PROSE = {WorkspacePath("a.txt"): "word\n" * 500}
SMALL, OTHER = "ollama/qwen2.5-coder:1.5b", "openai/gpt-5-mini"


@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize("accepts_grammar", [True, False])
@pytest.mark.parametrize("files", [{}, SHORT, MEDIUM, LONG, PROSE])
@pytest.mark.parametrize("model", [SMALL, OTHER, ""])
def test_every_model_has_a_format_even_when_all_of_them_fail(
    model: str, tier: Tier, accepts_grammar: bool, files: dict[WorkspacePath, str]
) -> None:
    for records in ([], [FormatRecord(each.name, 90, 0, 0) for each in EDIT_FORMATS]):
        chosen = format_for(model, tier, files, accepts_grammar=accepts_grammar, records=records)
        assert chosen in EDIT_FORMATS


@pytest.mark.parametrize(
    ("model", "tier", "accepts_grammar", "files", "expected"),
    [
        (SMALL, Tier.WEAK, True, SHORT, SEARCH_REPLACE),
        (SMALL, Tier.STRONG, True, LONG, SEARCH_REPLACE),
        (OTHER, Tier.WEAK, True, LONG, SEARCH_REPLACE),
        (SMALL, Tier.WEAK, False, SHORT, WHOLE_FILE),
        (SMALL, Tier.WEAK, False, MEDIUM, WHOLE_FILE),
        (SMALL, Tier.WEAK, False, LONG, WHOLE_SYMBOL),
        (SMALL, Tier.WEAK, False, PROSE, SEARCH_REPLACE),
        (SMALL, Tier.STRONG, False, MEDIUM, WHOLE_FILE),
        (SMALL, Tier.STRONG, False, LONG, SEARCH_REPLACE),
        (OTHER, Tier.WEAK, False, SHORT, WHOLE_FILE),
        (OTHER, Tier.WEAK, False, MEDIUM, SEARCH_REPLACE),
        (OTHER, Tier.STRONG, False, SHORT, SEARCH_REPLACE),
        ("deepseek/deepseek-chat", Tier.STRONG, False, LONG, SEARCH_REPLACE),
        ("Qwen/QwQ-32B", Tier.STRONG, False, SHORT, WHOLE_FILE),
        ("openrouter/qwen3-8b", Tier.WEAK, False, MEDIUM, WHOLE_FILE),
        ("llama-3.2-3b-instruct", Tier.WEAK, False, MEDIUM, WHOLE_FILE),
        ("llama-3.3-70b-instruct", Tier.WEAK, False, MEDIUM, SEARCH_REPLACE),
    ],
)
def test_the_format_follows_the_model_and_the_size_of_the_files(
    model: str,
    tier: Tier,
    accepts_grammar: bool,
    files: dict[WorkspacePath, str],
    expected: EditFormat,
) -> None:
    assert format_for(model, tier, files, accepts_grammar=accepts_grammar) is expected


def choose(*records: FormatRecord, files: dict[WorkspacePath, str] = MEDIUM) -> EditFormat:
    """Return what a strong model gets whose default is search/replace."""
    return format_for(OTHER, Tier.STRONG, files, accepts_grammar=False, records=records)


def searched(answers: int, applied: int) -> FormatRecord:
    return FormatRecord("search_replace", answers, applied, applied)


def test_what_a_person_wants_first_comes_first_where_it_fits_and_while_it_serves() -> None:
    def wanting(first: str, *records: FormatRecord, model: str = OTHER) -> EditFormat:
        return format_for(
            model, Tier.STRONG, MEDIUM, accepts_grammar=False, records=records, first=first
        )

    assert wanting("whole_file") is WHOLE_FILE
    assert wanting("unified_diff") is UNIFIED_DIFF
    assert wanting("unheard_of") is SEARCH_REPLACE
    assert wanting("whole_file", FormatRecord("whole_file", 40, 40, 4)) is SEARCH_REPLACE
    nothing_defined = {WorkspacePath("notes.md"): "words\n"}
    chosen = format_for(
        OTHER, Tier.STRONG, nothing_defined, accepts_grammar=False, first="whole_symbol"
    )
    assert chosen is SEARCH_REPLACE


def test_a_format_is_left_once_its_record_is_bad_beyond_chance() -> None:
    assert choose(searched(20, 4)) is WHOLE_SYMBOL
    assert choose(searched(ENOUGH_ANSWERS, ENOUGH_ANSWERS // 2 - 1)) is WHOLE_SYMBOL


@pytest.mark.parametrize("answers", range(ENOUGH_ANSWERS))
def test_a_few_failures_correct_nothing(answers: int) -> None:
    assert choose(searched(answers, 0)) is SEARCH_REPLACE


@pytest.mark.parametrize("answers", range(ENOUGH_ANSWERS, 101))
def test_no_single_failure_ends_a_good_record(answers: int) -> None:
    assert choose(searched(answers, answers - 1)) is SEARCH_REPLACE
    assert choose(searched(answers, answers - answers // 4)) is SEARCH_REPLACE


def test_a_format_that_does_no_better_is_left_again() -> None:
    bad = searched(20, 8)
    assert choose(bad, FormatRecord("whole_symbol", 11, 0, 0)) is WHOLE_SYMBOL
    assert choose(bad, FormatRecord("whole_symbol", 12, 12, 7)) is WHOLE_SYMBOL
    assert choose(bad, FormatRecord("whole_symbol", 12, 12, 4)) is WHOLE_FILE
    failed = [FormatRecord(each.name, 12, 12, 4) for each in EDIT_FORMATS[1:]]
    assert choose(bad, *failed) is SEARCH_REPLACE


def test_a_better_format_that_is_still_poor_makes_way_for_the_next() -> None:
    worse, bad = searched(40, 4), FormatRecord("whole_symbol", 40, 40, 12)
    assert choose(worse, bad) is WHOLE_FILE
    assert choose(worse, bad, FormatRecord("whole_file", 12, 12, 1)) is UNIFIED_DIFF


def test_symbols_are_written_whole_only_where_there_are_some() -> None:
    assert choose(searched(40, 0), files=PROSE) is UNIFIED_DIFF


ANSWERS = {
    SEARCH_REPLACE: "<<<<<<< SEARCH\n    return 1\n=======\n    return 2\n>>>>>>> REPLACE\n",
    WHOLE_FILE: "<<<<<<< WHOLE\ndef f():\n    return 2\n>>>>>>> WHOLE\n",
    WHOLE_SYMBOL: "<<<<<<< SYMBOL f\ndef f():\n    return 2\n>>>>>>> SYMBOL\n",
    UNIFIED_DIFF: "<<<<<<< DIFF\n@@ @@\n def f():\n-    return 1\n+    return 2\n>>>>>>> DIFF\n",
}


@pytest.mark.parametrize("edit_format", EDIT_FORMATS, ids=lambda each: each.name)
def test_what_the_grammar_of_a_format_allows_is_read_and_placed(edit_format: EditFormat) -> None:
    answer = f"### FILE a.py\n{ANSWERS[edit_format]}### END 1\n"
    rules = read_grammar(edit_format.grammar({PATH: FUNCTION}))
    assert allows(rules, answer)
    assert not allows(rules, answer.replace("return 2", "return 1"))
    (block,) = read_answer(edit_format.new_parser(), answer)
    assert not isinstance(block, MalformedBlock)
    edit = place(block, snapshot_of({"a.py": FUNCTION}), None)
    assert changed_text(FUNCTION, edit) == FUNCTION.replace("1", "2")
