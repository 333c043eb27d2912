"""Which failures get another try, and when?"""

import math

import pytest

from pairwright.errors import Authentication, ModelError, RateLimited, Truncated, Unavailable
from pairwright.llm.provider_errors import parse_retry_after
from pairwright.llm.retry import retry_delay_s


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
