"""Which answer is better than which? Pairs for preference tuning, signed by tests and by people.

CoWest (arXiv 2504.15188) signs a draft by how much it helps the strong model, in the eyes of a
judging model. Here no model judges: an answer whose change passes the tests is better than one to
the same question that does not, and one that people kept is better than one that they refused.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from pairwright.feedback.records import Attempt, RememberedTask
from pairwright.llm.model import Message, Tier

MOST_OF_A_QUESTION = 8
"""Pairs; one question that was tried often must not drown the others."""


class Sign(StrEnum):
    """Who says that one answer is the better one."""

    TESTS = "tests"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class PreferencePair:
    """Two answers to one question."""

    question: tuple[Message, ...]
    chosen: Attempt
    rejected: Attempt
    sign: Sign


@dataclass(frozen=True, slots=True)
class Example:
    """An answer that was good: its change passes the tests, or people kept it."""

    attempt: Attempt
    sign: Sign


def preference_pairs(
    attempts: Iterable[Attempt], tasks: Iterable[RememberedTask]
) -> tuple[PreferencePair, ...]:
    """Return the pairs that can be made, a question's oldest ones first.

    Where tests tell two answers apart, people are not asked as well.
    """
    kept = _kept_by_people(tasks)
    by_question: dict[tuple[Message, ...], list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        by_question[attempt.question].append(attempt)
    return tuple(pair for same in by_question.values() for pair in _pairs_of(same, kept))


def examples(attempts: Iterable[Attempt], tasks: Iterable[RememberedTask]) -> tuple[Example, ...]:
    """Return the answers from which a model can learn by example, each text once."""
    kept = _kept_by_people(tasks)
    found: dict[tuple[tuple[Message, ...], str], Example] = {}
    for attempt in attempts:
        verdict = kept.get(attempt.attempt_id)
        if verdict is False or attempt.passes_tests is False:
            continue
        if verdict or attempt.passes_tests:
            sign = Sign.PEOPLE if verdict else Sign.TESTS
            found.setdefault((attempt.question, attempt.answer), Example(attempt, sign))
    return tuple(found.values())


def kinds_of(pairs: Iterable[PreferencePair]) -> Mapping[str, int]:
    """Return how many pairs there are of which kind, such as `tests: weak over weak`."""
    return Counter(f"{pair.sign}: {pair.chosen.tier} over {pair.rejected.tier}" for pair in pairs)


def weak_only(pairs: Iterable[PreferencePair]) -> tuple[PreferencePair, ...]:
    """Return the pairs in which the refused answer is the weak model's: it is what is tuned."""
    return tuple(pair for pair in pairs if pair.rejected.tier is Tier.WEAK)


def _kept_by_people(tasks: Iterable[RememberedTask]) -> Mapping[int, bool]:
    """Return what people say of each attempt that a proposal was made of."""
    return {
        attempt_id: task.is_kept
        for task in tasks
        if task.is_kept is not None
        for attempt_id in task.attempt_ids
    }


def _pairs_of(same: Sequence[Attempt], kept: Mapping[int, bool]) -> list[PreferencePair]:
    by_tests = _better(same, lambda each: each.passes_tests, Sign.TESTS)
    told_apart = {(pair.chosen.answer, pair.rejected.answer) for pair in by_tests}
    by_people = [
        pair
        for pair in _better(same, lambda each: kept.get(each.attempt_id), Sign.PEOPLE)
        if not told_apart & {_answers(pair), _answers(pair)[::-1]}
    ]
    return [*by_tests, *by_people][:MOST_OF_A_QUESTION]


def _better(
    same: Sequence[Attempt], is_good: Callable[[Attempt], bool | None], sign: Sign
) -> list[PreferencePair]:
    good = [each for each in same if is_good(each) is True]
    bad = [each for each in same if is_good(each) is False]
    found: dict[tuple[str, str], PreferencePair] = {}
    for chosen, rejected in product(good, bad):
        if chosen.answer != rejected.answer:
            pair = PreferencePair(chosen.question, chosen, rejected, sign)
            found.setdefault(_answers(pair), pair)
    return list(found.values())


def _answers(pair: PreferencePair) -> tuple[str, str]:
    return (pair.chosen.answer, pair.rejected.answer)
