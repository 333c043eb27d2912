"""In which order are steps done, and how much may each one say?"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pairwright.planning.plan import Plan, Step

DECAY = 0.8
"""How much less each later step gets: the early ones are the uncertain ones (arXiv 2505.16122)."""


def batches(plan: Plan) -> tuple[tuple[int, ...], ...]:
    """Return the steps' indices (from 0) in batches: those of one batch can be done side by side.

    A step waits for the ones it names in `after`, and for every earlier one that may edit a file
    which it may edit, too. A step that names no files may edit any, so it is alone.

    Raises:
        ValueError: steps wait for one another in a circle.
    """
    waits = [_waits_for(plan.steps, number) for number in range(len(plan.steps))]
    done: set[int] = set()
    found: list[tuple[int, ...]] = []
    while len(done) < len(waits):
        ready = tuple(
            number for number, needed in enumerate(waits) if number not in done and needed <= done
        )
        if not ready:
            raise ValueError("steps of the plan wait for one another in a circle")
        found.append(ready)
        done.update(ready)
    return tuple(found)


def without_skipped(plan: Plan) -> Plan:
    """Return the plan without its skipped steps, numbered anew.

    A step that came after a skipped one comes after what that one came after.
    """
    kept = [number for number, step in enumerate(plan.steps, start=1) if not step.is_skipped]
    places = {number: place for place, number in enumerate(kept, start=1)}

    def anew(after: Sequence[int], seen: frozenset[int]) -> Iterator[int]:
        for number in after:
            if number in places:
                yield places[number]
            elif number not in seen:
                yield from anew(plan.steps[number - 1].after, seen | {number})

    steps = (plan.steps[number - 1] for number in kept)
    return replace(
        plan,
        steps=tuple(
            replace(step, after=tuple(dict.fromkeys(anew(step.after, frozenset()))))
            for step in steps
        ),
    )


def token_caps(steps: Sequence[Step], total: int, *, least: int) -> tuple[int, ...]:
    """Share output tokens among steps by their weight, the earlier ones first.

    Args:
        steps: in the order in which they are done.
        total: tokens for all of them.
        least: tokens below which no step's answer would be whole; kept even where `total` is
            exceeded by it.
    """
    weights = [step.weight * DECAY**number for number, step in enumerate(steps)]
    whole = sum(weights)
    return tuple(max(least, int(total * weight / whole)) for weight in weights)


def _waits_for(steps: Sequence[Step], number: int) -> set[int]:
    step = steps[number]
    needed = {after - 1 for after in step.after}
    for earlier, other in enumerate(steps[:number]):
        is_independent = step.files and other.files and not set(step.files) & set(other.files)
        # A step may be moved before another one by `after`: then the person's word counts.
        if not is_independent and not _follows(steps, earlier, number):
            needed.add(earlier)
    return needed


def _follows(steps: Sequence[Step], number: int, other: int) -> bool:
    """Tell whether a step says, by itself or through others, that it comes after another one."""
    seen: set[int] = set()
    waiting = [number]
    while waiting:
        for after in steps[waiting.pop()].after:
            if after - 1 == other:
                return True
            if after - 1 not in seen:
                seen.add(after - 1)
                waiting.append(after - 1)
    return False
