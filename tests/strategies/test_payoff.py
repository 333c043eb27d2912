"""Which strategy is chosen for which budget, workspace and record?"""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from pairwright.strategies.base import TaskOutcome
from pairwright.strategies.payoff import FEWEST_RUNS, Choice, Situation, choose
from pairwright.strategies.registry import STRATEGIES

USUAL = Situation(
    strong="openai/big",
    weak="openai/mini",
    budget_share=2.0,
    is_free=False,
    has_tests=True,
    suffix=".py",
    difficulty=0.5,
)
UNTESTED = replace(USUAL, has_tests=False)
FREE = replace(USUAL, is_free=True, budget_share=None)


def ran(
    strategy: str,
    good: int,
    runs: int,
    *,
    cost_share: float | None = 0.5,
    suffix: str = ".py",
    difficulty: float = 0.5,
) -> list[TaskOutcome]:
    return [
        TaskOutcome(strategy, number < good, suffix, difficulty, cost_share)
        for number in range(runs)
    ]


def check_choice(
    situation: Situation, outcomes: Sequence[TaskOutcome], strategy: str, *words: str
) -> None:
    choice = choose(situation, outcomes, STRATEGIES.keys())
    assert choice.strategy == strategy, choice
    assert choice.strategy in STRATEGIES
    assert "\n" not in choice.reason
    for word in words:
        assert word in choice.reason


@pytest.mark.parametrize(
    ("situation", "strategy", "words"),
    [
        (USUAL, "ladder", "tests judge"),
        (replace(USUAL, budget_share=0.15), "ladder", "tests judge"),
        (replace(USUAL, budget_share=0.14), "weak", "weak alone: the budget is 14%"),
        (replace(USUAL, budget_share=0.0), "weak", "weak alone: the budget is 0%"),
        (replace(USUAL, budget_share=None), "ladder", "tests judge"),
        (UNTESTED, "strong", "strong alone: no tests"),
        (replace(UNTESTED, budget_share=1.0), "strong", "strong alone: no tests"),
        (replace(UNTESTED, budget_share=0.99), "strong_first", "99%"),
        (replace(UNTESTED, budget_share=0.58), "strong_first", "58%"),
        (replace(UNTESTED, budget_share=0.57), "strong_single", "57%"),
        (replace(UNTESTED, budget_share=0.5), "strong_single", "50%"),
        (replace(UNTESTED, budget_share=0.49), "weak_first", "49%"),
        (replace(UNTESTED, budget_share=0.15), "weak_first", "15%"),
        (replace(UNTESTED, budget_share=0.1), "weak", "weak alone: the budget is 10%"),
        (replace(UNTESTED, budget_share=None), "strong_first", "price is not known"),
        (FREE, "ladder", "both models are free"),
        (replace(FREE, has_tests=False), "strong", "strong alone: both models are free"),
        (replace(USUAL, weak="openai/big"), "strong", "both models are openai/big"),
    ],
)
def test_while_nothing_was_done_here_the_published_figures_choose(
    situation: Situation, strategy: str, words: str
) -> None:
    check_choice(situation, (), strategy, words)


@pytest.mark.parametrize(
    ("weak", "strategy"),
    [
        ("ollama/qwen2.5-coder:7b", "strong_single"),
        ("embedded/qwen2.5-coder-0.5b", "strong_single"),
        ("ollama/qwen2.5-coder:14b", "strong_first"),
        ("openai/gpt-4o-mini", "strong_first"),
        ("openai/4bit-mini", "strong_first"),
    ],
)
def test_a_small_model_is_not_asked_to_finish_the_strong_ones_work(
    weak: str, strategy: str
) -> None:
    check_choice(replace(UNTESTED, weak=weak, budget_share=0.7), (), strategy)


def test_what_went_well_here_is_chosen_and_the_figures_are_said() -> None:
    outcomes = ran("plan", 9, 10, cost_share=0.4) + ran("ladder", 3, 10)
    check_choice(USUAL, outcomes, "plan", "9 of 10 .py tasks of this size", "about 40%")


@pytest.mark.parametrize("alone", ["weak", "strong"])
def test_one_model_alone_is_answered_when_that_pays_better_here(alone: str) -> None:
    outcomes = ran(alone, 10, 10) + ran("ladder", 4, 10)
    check_choice(USUAL, outcomes, alone, f"{alone} alone: 10 of 10")


def test_too_few_runs_of_a_second_strategy_change_nothing() -> None:
    few = FEWEST_RUNS - 1
    check_choice(USUAL, ran("plan", 30, 30) + ran("weak", few, few), "ladder", "tests judge")


def test_a_few_lucky_runs_do_not_beat_a_long_record() -> None:
    check_choice(USUAL, ran("plan", 8, 8) + ran("ladder", 90, 100), "ladder", "90 of 100")


def test_of_those_that_do_about_as_well_the_cheapest_is_chosen() -> None:
    outcomes = ran("strong", 10, 10, cost_share=1.0) + ran("ladder", 10, 10, cost_share=0.3)
    check_choice(USUAL, outcomes, "ladder")
    dear = ran("strong", 10, 10, cost_share=0.3) + ran("ladder", 10, 10, cost_share=None)
    check_choice(USUAL, dear, "strong")


def test_free_models_are_not_told_apart_by_cost() -> None:
    outcomes = ran("strong", 40, 40, cost_share=None) + ran("weak", 39, 40, cost_share=None)
    check_choice(FREE, outcomes, "strong", "40 of 40")


def test_what_the_budget_does_not_pay_is_not_chosen() -> None:
    outcomes = ran("strong", 10, 10, cost_share=1.0) + ran("weak", 6, 10, cost_share=0.1)
    check_choice(replace(USUAL, budget_share=0.5), outcomes, "weak", "6 of 10")
    check_choice(replace(USUAL, budget_share=0.05), outcomes, "weak", "the budget is 5%")


def test_what_mostly_failed_here_does_not_keep_the_published_choice_untried() -> None:
    outcomes = ran("weak", 0, 10) + ran("plan", 4, 10)
    check_choice(USUAL, outcomes, "ladder", "tests judge")
    check_choice(USUAL, [*outcomes, *ran("ladder", 1, 10)], "plan", "4 of 10")


def test_tasks_of_the_same_kind_and_size_count_before_others() -> None:
    here = ran("weak", 9, 9) + ran("ladder", 1, 9)
    larger = ran("weak", 0, 40, difficulty=0.9) + ran("ladder", 40, 40, difficulty=0.9)
    other = ran("weak", 0, 40, suffix=".go") + ran("ladder", 40, 40, suffix=".go")
    check_choice(USUAL, here + larger + other, "weak", ".py tasks of this size")
    check_choice(
        replace(USUAL, difficulty=0.7), here + larger, "ladder", "41 of 49 .py tasks ended"
    )
    check_choice(replace(USUAL, suffix=".rs"), here + other, "ladder", "41 of 49 tasks ended")


def test_strategies_that_are_gone_are_not_chosen() -> None:
    outcomes = ran("no_longer", 10, 10) + ran("weak", 10, 10)
    assert choose(USUAL, outcomes, STRATEGIES.keys()) == choose(USUAL, (), STRATEGIES.keys())
    assert isinstance(choose(USUAL, outcomes, {"ladder"}), Choice)
