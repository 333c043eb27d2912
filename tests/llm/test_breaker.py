"""When may an endpoint be asked? The state machine, on a clock of ours."""

from pairwright.llm.breaker import FAILURES, LONGEST_REST_S, REST_S, Breaker, BreakerState, Rest


class Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def opened() -> tuple[Breaker, Clock]:
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        assert breaker.enter() is None
        breaker.failed()
    return breaker, clock


def test_failures_in_a_row_open_it_and_say_when_it_is_tried_again() -> None:
    breaker, clock = opened()
    clock.now_s += 10
    assert breaker.enter() == Rest(FAILURES, REST_S - 10)


def test_one_failure_less_leaves_it_closed_and_a_success_begins_anew() -> None:
    breaker = Breaker(Clock())
    for _ in range(3):
        for _ in range(FAILURES - 1):
            breaker.failed()
        breaker.succeeded()
    assert breaker.state is BreakerState.CLOSED
    assert breaker.enter() is None


def test_after_its_rest_one_call_probes_and_the_others_wait() -> None:
    breaker, clock = opened()
    clock.now_s += REST_S
    assert breaker.enter() is None
    assert breaker.enter() == Rest(FAILURES, 0.0)
    breaker.succeeded()
    assert breaker.enter() is None
    assert breaker.failures == 0


def test_a_failed_probe_rests_twice_as_long_up_to_a_cap() -> None:
    breaker, clock = opened()
    rests = []
    for _ in range(6):
        clock.now_s += 10 * LONGEST_REST_S
        assert breaker.enter() is None
        breaker.failed()
        rest = breaker.enter()
        assert rest is not None
        rests.append(rest.left_s)
    assert rests == [60.0, 120.0, 240.0, LONGEST_REST_S, LONGEST_REST_S, LONGEST_REST_S]


def test_an_abandoned_probe_lets_the_next_call_probe() -> None:
    breaker, clock = opened()
    clock.now_s += REST_S
    assert breaker.enter() is None
    breaker.abandoned()
    assert breaker.enter() is None


def test_calls_that_were_under_way_when_it_opened_change_nothing() -> None:
    breaker, _ = opened()
    breaker.failed()
    breaker.abandoned()
    assert breaker.enter() == Rest(FAILURES, REST_S)
