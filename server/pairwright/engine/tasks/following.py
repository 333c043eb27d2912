"""Which plan does a task follow, and by which strategy? One that is kept, or one that came with it.

An assistant that sends a plan is the strong model then: ours is asked only where following fails.
"""

import asyncio
from dataclasses import dataclass, replace

from pairwright.engine.plans.book import MOST_CHARACTERS, PlanBook, PlanRecord
from pairwright.engine.plans.checking import CheckedPlan, check_plan
from pairwright.errors import InvalidRequest
from pairwright.planning.order import without_skipped
from pairwright.planning.plan import Plan
from pairwright.protocol.messages import RunParams
from pairwright.workspace.snapshot import Snapshot

FOLLOWERS = ("plan", "ladder")
"""The strategies that do a given plan, the one that is taken unasked first."""
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Followed:
    """The plan that a task is given."""

    plan: Plan
    """Without the steps that a person skipped."""
    plan_id: str | None
    """None: it came with the request."""


def check_plan_request(params: RunParams) -> None:
    """Check what can be checked before anything is opened.

    Raises:
        InvalidRequest: more than one plan is meant, or none could be followed so.
    """
    is_given = params.plan is not None or params.plan_id is not None
    if params.plan is not None and params.plan_id is not None:
        raise InvalidRequest("there are two plans: give the id of one, or a text, not both")
    if is_given and params.plan_first:
        raise InvalidRequest("there is a plan already: run it, or ask for one without giving one")
    if params.plan is not None and len(params.plan) > MOST_CHARACTERS:
        raise InvalidRequest(f"the plan is longer than {MOST_CHARACTERS:,} characters")
    if params.kind in ("edit", "refactor") and not (is_given or params.instruction.strip()):
        raise InvalidRequest("the instruction is empty: say what to change")
    if is_given and params.strategy is not None and params.strategy not in FOLLOWERS:
        raise InvalidRequest(
            f"the strategy {params.strategy[:80]!r} does not do a given plan step by step: choose "
            f"{' or '.join(FOLLOWERS)}, or leave it out"
        )


def strategy_name(params: RunParams, configured: str) -> str:
    """Return which strategy does the work: the one asked for, else the configured one.

    A given plan is done by the configured one only if it follows plans.
    """
    is_given = params.plan is not None or params.plan_id is not None
    usual = configured if not is_given or configured in FOLLOWERS else FOLLOWERS[0]
    return params.strategy or usual


async def read_followed(
    params: RunParams, book: PlanBook, snapshot: Snapshot
) -> tuple[RunParams, Followed | None]:
    """Return the request, completed by what its plan says, and the plan.

    Raises:
        UnknownPlan: there is none of that id.
        InvalidRequest: it has errors; the message lists them with their lines.
    """
    if params.plan_id is not None:
        record = await book.find(params.plan_id)
        checked = await asyncio.to_thread(check_plan, record.text, snapshot)
        plan = _plan_in(checked, f"the plan {record.plan_id!r}")
        return _completed(params, record, plan.goal), Followed(plan, record.plan_id)
    if params.plan is not None:
        plan = _plan_in(await asyncio.to_thread(check_plan, params.plan, snapshot), "the plan")
        return _completed(params, None, plan.goal), Followed(plan, None)
    return params, None


def _plan_in(checked: CheckedPlan, name: str) -> Plan:
    if checked.plan is None or checked.errors:
        lines = [f"  line {each.line + 1}: {each.message}" for each in checked.errors]
        more = len(lines) - _SHOWN
        lines[_SHOWN:] = [f"  and {more} more"] if more > 0 else []
        raise InvalidRequest("\n".join([f"{name} cannot be followed:", *lines]))
    return without_skipped(checked.plan)


def _completed(params: RunParams, record: PlanRecord | None, goal: str) -> RunParams:
    """Return the request with what the plan was made for, where it says nothing itself."""
    asked = record.instruction.strip() if record is not None else ""
    params = replace(params, instruction=params.instruction.strip() or asked or goal)
    if record is None or record.file is None:
        return params
    if params.file is not None or params.first_line is not None or params.last_line is not None:
        return params
    return replace(
        params, file=record.file, first_line=record.first_line, last_line=record.last_line
    )
