"""When may the next one come?"""

from pairwright.mcp.rates import Bucket


def test_a_burst_passes_then_as_many_as_come_back() -> None:
    now = 0.0
    bucket = Bucket(per_s=10, burst=3, clock=lambda: now)
    assert [bucket.take() for _ in range(4)] == [0, 0, 0, 0.1]
    now = 0.1
    assert [bucket.take() for _ in range(2)] == [0, 0.1]


def test_it_never_holds_more_than_the_burst() -> None:
    now = 0.0
    bucket = Bucket(per_s=10, burst=2, clock=lambda: now)
    now = 1000.0
    assert [bucket.take() > 0 for _ in range(3)] == [False, False, True]
