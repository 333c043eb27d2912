"""Pairs of a better and a worse answer, and how they are exported."""

import json

from pairwright.feedback.export import dpo_lines, sft_lines
from pairwright.feedback.pairs import (
    MOST_OF_A_QUESTION,
    Sign,
    examples,
    kinds_of,
    preference_pairs,
    weak_only,
)
from pairwright.feedback.records import Decision
from pairwright.llm.model import Message, Tier
from tests.feedback.remembered import QUESTION, attempt, task

OTHER_QUESTION = (Message("user", "another"),)


def answers(pairs: object) -> list[tuple[str, str, str]]:
    return [(pair.chosen.answer, pair.rejected.answer, pair.sign) for pair in pairs]  # type: ignore[attr-defined]


def test_an_answer_that_passes_the_tests_is_better_than_one_that_fails_them() -> None:
    tried = [attempt("bad", tests="failed"), attempt("good")]
    assert answers(preference_pairs(tried, [])) == [("good", "bad", "tests")]


def test_answers_to_different_questions_are_not_compared() -> None:
    tried = [attempt("bad", tests="failed"), attempt("good", question=OTHER_QUESTION)]
    assert preference_pairs(tried, []) == ()


def test_answers_whose_tests_did_not_run_are_not_compared_by_tests() -> None:
    tried = [attempt("a", tests="not_run", is_sound=True), attempt("b")]
    assert preference_pairs(tried, []) == ()


def test_equal_answers_are_no_pair() -> None:
    assert preference_pairs([attempt("same", tests="failed"), attempt("same")], []) == ()


def test_what_people_kept_is_better_than_what_they_refused() -> None:
    tried = [
        attempt("refused", tests="not_run", is_sound=True, attempt_id=1),
        attempt("kept", tests="not_run", is_sound=True, task_id="t2", attempt_id=2),
    ]
    decided = [
        task({Decision.REJECTED: 1}, 1),
        task({Decision.KEPT: 1}, 2, task_id="t2"),
    ]
    assert answers(preference_pairs(tried, decided)) == [("kept", "refused", "people")]


def test_where_tests_speak_people_are_not_asked_as_well() -> None:
    tried = [
        attempt("passes", attempt_id=1),
        attempt("fails", tests="failed", task_id="t2", attempt_id=2),
    ]
    decided = [
        task({Decision.REJECTED: 1}, 1),
        task({Decision.KEPT: 1}, 2, task_id="t2"),
    ]
    assert answers(preference_pairs(tried, decided)) == [("passes", "fails", "tests")]


def test_one_question_does_not_drown_the_others() -> None:
    tried = [
        *(attempt(f"bad {number}", tests="failed") for number in range(10)),
        *(attempt(f"good {number}") for number in range(10)),
    ]
    assert len(preference_pairs(tried, [])) == MOST_OF_A_QUESTION


def test_pairs_are_counted_by_who_signs_and_whose_answers_they_are() -> None:
    tried = [attempt("bad", tests="failed"), attempt("good", tier=Tier.STRONG)]
    pairs = preference_pairs(tried, [])
    assert kinds_of(pairs) == {"tests: strong over weak": 1}
    assert weak_only(pairs) == pairs
    swapped = [attempt("bad", tests="failed", tier=Tier.STRONG), attempt("good")]
    assert weak_only(preference_pairs(swapped, [])) == ()


def test_examples_pass_the_tests_or_were_kept() -> None:
    tried = [
        attempt("passes", attempt_id=1),
        attempt("fails", tests="failed", attempt_id=2),
        attempt("untested", tests="not_run", is_sound=True, attempt_id=3),
        attempt("kept", tests="not_run", is_sound=True, attempt_id=4),
        attempt("refused", attempt_id=5),
        attempt("passes", attempt_id=6),
    ]
    decided = [task({Decision.KEPT: 1}, 4), task({Decision.REJECTED: 1}, 5)]
    found = [(example.attempt.answer, example.sign) for example in examples(tried, decided)]
    assert found == [("passes", Sign.TESTS), ("kept", Sign.PEOPLE)]


def test_pairs_are_exported_as_conversations() -> None:
    pairs = preference_pairs([attempt("bad", tests="failed"), attempt("good")], [])
    (line,) = dpo_lines(pairs)
    assert json.loads(line) == {
        "prompt": [{"role": each.role, "content": each.content} for each in QUESTION],
        "chosen": [{"role": "assistant", "content": "good"}],
        "rejected": [{"role": "assistant", "content": "bad"}],
    }
    assert line.endswith("}\n")
    assert line.count("\n") == 1


def test_examples_are_exported_as_conversations() -> None:
    (line,) = sft_lines(examples([attempt("good")], []))
    assert [each["role"] for each in json.loads(line)["messages"]] == [
        "system",
        "user",
        "assistant",
    ]


def test_keys_are_not_exported() -> None:
    key = "sk-" + "a1B2c3D4e5F6g7H8"
    (line,) = sft_lines(examples([attempt(f"key = {key!r}")], []))
    assert key not in line
