"""Which failures get another try, and when?"""

import math
from decimal import Decimal
from typing import Any

import pytest

from pairwright.errors import Authentication, ModelError, RateLimited, Truncated, Unavailable
from pairwright.llm.provider_errors import parse_retry_after
from pairwright.llm.retry import RetryPolicy, Tries, retry_delay_s


def test_the_delays_double_up_to_a_cap() -> None:
    delays = [retry_delay_s(Unavailable("x"), attempt, attempts=9) for attempt in range(1, 9)]
    assert delays == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0]


def test_there_is_an_end_to_trying() -> None:
    assert retry_delay_s(Unavailable("x"), 2, attempts=3) is not None
    assert retry_delay_s(Unavailable("x"), 3, attempts=3) is None
    assert retry_delay_s(Unavailable("x"), 1, attempts=1) is None


@pytest.mark.parametrize("error", [Authentication("x"), ModelError("x"), Truncated("x")])
def test_what_cannot_pass_is_not_tried_again(error: ModelError) -> None:
    assert retry_delay_s(error, 1) is None


@pytest.mark.parametrize(
    ("wish_s", "delay_s"),
    [
        (None, 0.5),
        (0.0, 0.5),
        (7.0, 7.0),
        (60.0, 60.0),
        (61.0, None),
        (math.inf, None),
        (math.nan, 0.5),
        (-5.0, 0.5),
    ],
)
def test_a_sane_wish_is_kept_and_an_absurd_one_gives_up(
    wish_s: float | None, delay_s: float | None
) -> None:
    assert retry_delay_s(RateLimited("x", retry_after_s=wish_s), 1) == delay_s


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("3", 3.0),
        ("2.5", 2.5),
        ("Thu, 01 Jan 1970 00:01:40 GMT", 90.0),
        ("Thu, 01 Jan 1970 00:00:01 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("-1", None),
        ("inf", None),
        ("nan", None),
    ],
)
def test_the_header_is_seconds_or_a_date_or_nonsense(header: str, seconds: float | None) -> None:
    assert parse_retry_after(header, now=10.0) == seconds


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def tries(**options: Any) -> tuple[Tries, Clock]:
    clock = Clock()
    begun = Tries(RetryPolicy(jitter=lambda: 0.0, clock=clock, **options))
    begun.begin_attempt()
    return begun, clock


def test_all_attempts_share_one_deadline() -> None:
    of_call, clock = tries(attempts=5, attempt_s=60.0, deadline_s=100.0)
    assert of_call.limit_s == 60.0
    clock.now_s = 80.0
    assert of_call.delay_s(Unavailable("x")) == 0.5
    of_call.begin_attempt()
    assert of_call.limit_s == 20.0
    assert of_call.delay_s(RateLimited("x", retry_after_s=19.0)) == 19.0
    assert of_call.delay_s(RateLimited("x", retry_after_s=20.0)) is None


def test_tries_that_were_paid_in_full_end_before_they_cost_more_than_two_worst_cases() -> None:
    of_call, _ = tries(attempts=5)
    of_call.worst_case_usd = Decimal(1)
    of_call.spent_usd = Decimal(1)
    assert of_call.delay_s(Unavailable("x")) is not None
    of_call.spent_usd = Decimal("1.01")
    assert of_call.delay_s(Unavailable("x")) is None


@pytest.mark.parametrize("worst_case", [None, Decimal(0)])
def test_without_a_price_the_count_alone_bounds_the_tries(worst_case: Decimal | None) -> None:
    of_call, _ = tries(attempts=2)
    of_call.worst_case_usd = worst_case
    assert of_call.delay_s(Unavailable("x")) is not None
    of_call.begin_attempt()
    assert of_call.delay_s(Unavailable("x")) is None


def test_calls_that_failed_together_do_not_come_back_together() -> None:
    assert retry_delay_s(Unavailable("x"), 1, jitter=1.0) == 0.25
    assert retry_delay_s(RateLimited("x", retry_after_s=7.0), 1, jitter=1.0) == 7.5


def test_a_provider_that_fails_may_wish_too() -> None:
    assert retry_delay_s(Unavailable("x", retry_after_s=3.0), 1) == 3.0
