"""What is to be done next because of a change? Typed steps for the files that it does not touch.

CodePlan's may-impact queue (arXiv 2309.12499), proposed to a person and never worked off unasked.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import groupby

from pairwright.checks.dependents import Affected
from pairwright.planning.plan import Step
from pairwright.workspace.paths import Protection, WorkspacePath, protection_of

MAX_STEPS = 10
_PLACES_NAMED = 4
_PLACES_ADVISED = 3
_MOST_REASON = 160


def follow_ups(
    affected: Iterable[Affected], touched: Collection[WorkspacePath]
) -> tuple[Step, ...]:
    """Return one step for each file that the change leaves alone and surely may break.

    Each intent says by itself what is to be done, so that it can be an instruction; at most
    `MAX_STEPS` are returned.

    Args:
        affected: what the change may break; of places that only a name connects nothing is made.
        touched: the files of the change, under their old and new paths.
    """
    sure = sorted(
        (
            each
            for each in affected
            if each.is_certain
            and each.path not in touched
            and protection_of(each.path) is not Protection.NEVER
        ),
        key=lambda each: (each.path, each.line),
    )
    steps = [_step(path, list(places)) for path, places in groupby(sure, lambda each: each.path)]
    return tuple(steps[:MAX_STEPS])


def advice_on(affected: Iterable[Affected], editable: Collection[str]) -> str:
    """Return what a model should adapt as well, in the files that it may edit; empty: nothing.

    It makes no change unsound: whether such a place is broken is for tests to tell.
    """
    places = [each for each in affected if each.is_certain and each.path in editable]
    if not places:
        return ""
    lines = [
        f"{each.path}:{each.line + 1}: {_subject(each)} {_reason(each)}"
        for each in places[:_PLACES_ADVISED]
    ]
    return "\n".join(["These places may need a change too:", *lines])


def _step(path: WorkspacePath, places: Sequence[Affected]) -> Step:
    symbols = tuple(dict.fromkeys(each.symbol for each in places if each.symbol))
    said = list(dict.fromkeys(f"{_subject(each)} {_reason(each)}" for each in places))
    if len(said) == 1:
        where = "in" if places[0].symbol else "of"
        what = f"{_subject(places[0])} {where} {path}: it {_reason(places[0])}"
    else:
        more = len(said) - _PLACES_NAMED
        rest = [f"and {more} more of this kind"] if more > 0 else []
        what = f"{path}: {'; '.join([*said[:_PLACES_NAMED], *rest])}"
    return Step(intent=f"adapt {what}", files=(path,), symbols=symbols)


def _subject(place: Affected) -> str:
    return f"`{place.symbol}`" if place.symbol else f"line {place.line + 1}"


def _reason(place: Affected) -> str:
    """Return the reason on one line: signatures may have several, and be of any length."""
    reason = " ".join(place.reason.split())
    return reason if len(reason) <= _MOST_REASON else f"{reason[:_MOST_REASON]}…"
