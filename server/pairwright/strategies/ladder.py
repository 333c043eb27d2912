"""Climb only as high as the gate demands, and only for what still fails.

A deterministic tool if one covers the instruction; a weak trial; then a short strong plan, which
the weak model follows step by step, writing only the failing step anew; then strong attempts, some
of which see the same plan; one of which only the format is wrong is finished by the weak model.
The plan is bought after a failed trial, as in planning-after-trial (arXiv 2605.07248), and is a
guideline of COPE's kind (arXiv 2506.11578); a weak model's plan is never shown to the strong. Where
a plan was given, the climb begins with it and buys none.
An attempt that mends some of the failing tests is kept, and the climb begins anew for the rest. A
standstill ends a rung, or has the plan made anew, once a task; but a mere plateau does not end the
last rung. What gave nothing is not asked again.
"""

import asyncio
from collections.abc import Awaitable, Callable

from pairwright.errors import ModelError, PairwrightError
from pairwright.planning.plan import Plan
from pairwright.strategies.attempts import Attempts, Try
from pairwright.strategies.base import Emit, Escalated, Note, Proposal, StrategyContext
from pairwright.strategies.planner import make_another_plan, make_plan
from pairwright.strategies.prompting import render_plan
from pairwright.strategies.renaming import rename_texts
from pairwright.strategies.rungs import FINISH, Means, Receipts, means_for, with_another
from pairwright.strategies.stalling import Stall
from pairwright.strategies.steps import follow_plan, goes_by_steps

_Work = Callable[[], Awaitable[Proposal | None]]


class Ladder:
    """The default strategy: a gate after every attempt, and the best so far when none is sound."""

    name = "ladder"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`.

        A model that does not answer costs its rung, not the task.
        """
        attempts = Attempts(ctx, emit)
        return await attempts.until_sound(_Climb(attempts, means_for(ctx)).next_gain)


class _Climb:
    """One task's way up, and what must not be paid twice on it."""

    def __init__(self, attempts: Attempts, means: Means) -> None:
        self._attempts = attempts
        self._means = means
        self._receipts = Receipts(attempts)
        self._is_begun = False
        self._has_replanned = False
        self._followed: Plan | None = None
        """The plan that was followed last."""
        self._fruitless: set[tuple[int, str]] = set()
        """Plans that gave nothing, each with how often the text had moved on by then."""

    async def next_gain(self) -> Proposal | None:
        """Go up rung by rung until there is a gain.

        Raises:
            BudgetExceeded: the next call does not fit.
            ModelError: the last model that was asked did not answer.
        """
        attempts = self._attempts
        is_above = False
        if not self._is_begun and attempts.ctx.plan is None:
            texts = await asyncio.to_thread(rename_texts, attempts.ctx)
            if texts:
                is_above = True
                if gain := await self._on("tool", lambda: attempts.by_tool(texts)):
                    self._is_begun = True
                    return gain
        self._is_begun = True
        for rung, work in self._rungs():
            if is_above:
                await attempts.emit(Escalated(rung, attempts.why_not()))
            is_above = True
            if gain := await self._on(rung, work):
                return gain
        if attempts.outage is not None:
            raise attempts.outage
        return None

    def _rungs(self) -> tuple[tuple[str, _Work], ...]:
        rungs: list[tuple[str, _Work]] = [("weak", self._by_weak)]
        if self._attempts.ctx.plan is not None:
            rungs = [("plan", self._by_plan)]
        elif self._means.may_plan:
            rungs.append(("plan", self._by_plan))
        return (*rungs, ("strong", self._by_strong))

    async def _on(self, rung: str, work: _Work) -> Proposal | None:
        """Do a rung's work and leave its receipt; an outage ends the rung only."""
        attempts = self._attempts
        attempts.outage = None
        attempts.stall = Stall()
        self._receipts.begin(rung)
        try:
            gain = await work()
        except PairwrightError as error:
            await self._receipts.end_in(error)
            if not isinstance(error, ModelError):
                raise
            attempts.outage = error
            return None
        await self._receipts.end_with(gain, attempts.stall.reason or attempts.why_not())
        return gain

    async def _by_weak(self) -> Proposal | None:
        return await self._attempts.gain(self._attempts.ctx.weak, self._means.trial)

    async def _by_plan(self) -> Proposal | None:
        plan: Plan | None = await make_plan(self._attempts)
        while plan is not None:
            if gain := await self._follow(plan):
                return gain
            plan = await self._replanned()
        return None

    async def _by_strong(self) -> Proposal | None:
        attempts = self._attempts
        waiting = list(self._means.takeover)
        while waiting:
            if gain := await self._strong_try(waiting.pop(0)):
                return gain
            if waiting and attempts.stall is not None and attempts.stall.reason:
                if self._may_replan:
                    plan = await self._replanned()
                    if plan is not None and (gain := await self._follow(plan)):
                        return gain
                    await self._receipts.end_with(None, attempts.why_not())
                    self._receipts.begin("strong", is_continued=True)
                elif not attempts.stall.is_plateau:
                    return None
                # Other changes that fail may yet lead to one that does not: after this rung there
                # is only giving up.
                attempts.stall = Stall()
        return None

    async def _strong_try(self, each: Try) -> Proposal | None:
        """Ask the strong model once; where only the format is wrong, the weak one finishes it."""
        attempts = self._attempts
        gain = await attempts.gain(attempts.ctx.strong, (each,))
        if gain is not None or not attempts.is_unplaced:
            return gain
        await self._receipts.end("nothing", attempts.why_not())
        self._receipts.begin("finish")
        attempts.notes = (Note("expert_attempt", attempts.answer),)
        try:
            gain = await attempts.gain(attempts.ctx.weak, FINISH)
            if gain is None:
                await self._receipts.end("nothing", attempts.why_not())
        except ModelError as error:
            await self._receipts.end_in(error)
        attempts.notes = ()
        if gain is None:
            self._receipts.begin("strong", is_continued=True)
        return gain

    async def _follow(self, plan: Plan) -> Proposal | None:
        attempts = self._attempts
        attempts.stall = Stall()
        tries = self._means.planned
        self._followed = plan
        gain = await follow_plan(
            attempts, plan, with_another(tries) if goes_by_steps(plan) else tries
        )
        if gain is None:
            self._fruitless.add(self._key(plan))
        return gain

    @property
    def _may_replan(self) -> bool:
        is_ours = self._attempts.ctx.plan is None
        return is_ours and self._means.may_plan and not self._has_replanned

    async def _replanned(self) -> Plan | None:
        """Return another plan after a standstill; None when there is no more, or it is the same."""
        attempts = self._attempts
        reason = attempts.stall.reason if attempts.stall else ""
        if not reason or not self._may_replan:
            return None
        self._has_replanned = True
        await self._receipts.end("nothing", reason)
        await attempts.emit(Escalated("plan", reason))
        self._receipts.begin("plan")
        plan = await make_another_plan(attempts, self._followed)
        if self._key(plan) in self._fruitless:
            await self._receipts.end("skipped", "the new plan is the one that gave nothing")
            self._receipts.begin("plan", is_continued=True)
            return None
        return plan

    def _key(self, plan: Plan) -> tuple[int, str]:
        return (self._attempts.progress_count, render_plan(plan))
