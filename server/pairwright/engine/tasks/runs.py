"""How does a task go from its request to its review, and how does it go on after a stop?

What the last run was answered is kept until the task is decided; a task that goes on is run again,
and asks only what was not answered before. It keeps its id, so its bill is one.
"""

import asyncio
import json
from dataclasses import replace

from pairwright.checks.editor_problems import EditorProblems
from pairwright.checks.verdict import Check, Outcome, Verdict
from pairwright.engine.changes.proposing import propose
from pairwright.engine.grants import AskPerson
from pairwright.engine.plans.plans import plan_only
from pairwright.engine.spending.accounts import TaskAccount, require_amount, room_of
from pairwright.engine.spending.estimating import estimate
from pairwright.engine.spending.unpriced import Permission
from pairwright.engine.state import WorkspaceState
from pairwright.engine.tasks.briefing import brief, read_focus, scope_for
from pairwright.engine.tasks.explaining import explain_only
from pairwright.engine.tasks.following import read_followed
from pairwright.engine.tasks.intents import read_intent, strategy_for, work_name
from pairwright.engine.tasks.running import Assignment, EmitTask, carry_out, check_request
from pairwright.engine.tasks.task import Task, TaskState
from pairwright.errors import BudgetExceeded, InvalidRequest, InvalidSettings, ModelError
from pairwright.ledger.answers import KeptAnswers
from pairwright.llm.profiles import first_formats
from pairwright.protocol import messages
from pairwright.protocol.budget_messages import ContinueParams, Estimate, EstimateParams
from pairwright.protocol.codec import decode, encode
from pairwright.settings import CheckSettings
from pairwright.strategies.base import Proposal, Strategy
from pairwright.strategies.planning_only import NAME as PLANNING
from pairwright.strategies.registry import strategy_named


class TaskRuns:
    """The tasks that one client has done."""

    def __init__(self, state: WorkspaceState, client: str) -> None:
        """Speak for a client."""
        self._state = state
        self._client = client
        self.ask_person: AskPerson | None = None
        """Asks the client's person; None: it has none that can be asked."""

    async def begin(
        self,
        params: messages.RunParams,
        emit: EmitTask,
        editor: EditorProblems | None,
        *,
        task_id: str | None = None,
    ) -> messages.RunResult:
        """Run a new task, under a new id unless one is given; see `Session.run_task`."""
        check_request(params)
        self._require_settings()
        strategy_for(params, self._state.settings.strategy)
        task = Task(params.instruction, proposer=self._client)
        task.task_id = task_id or task.task_id
        answers = self._state.unfinished.begin(task.task_id)
        return await self._run(task, params, answers, emit, editor)

    async def go_on(
        self, params: ContinueParams, emit: EmitTask, editor: EditorProblems | None
    ) -> messages.RunResult:
        """Run a task that was stopped again; see `Session.continue_task`."""
        self._require_settings()
        if params.budget_usd is not None:
            require_amount(params.budget_usd)
        task_id = self._state.unfinished.find(params.task_id)
        if task_id in self._state.budgets:
            raise InvalidRequest(f"the task {task_id!r} runs already")
        answers = self._state.unfinished.resume(task_id)
        asked = _read(answers)
        if params.budget_usd is not None:
            asked = replace(asked, budget_usd=params.budget_usd)
        if params.allow_unpriced:
            asked = replace(asked, allow_unpriced=True)
        task = Task(asked.instruction, proposer=self._client, task_id=task_id)
        return await self._run(task, asked, answers, emit, editor)

    async def estimate(self, params: EstimateParams) -> Estimate:
        """Return about what a task would cost; see `Session.estimate`."""
        asked = messages.RunParams(
            instruction=params.instruction,
            file=params.file,
            first_line=params.first_line,
            last_line=params.last_line,
            strategy=params.strategy,
            budget_usd=params.budget_usd,
        )
        check_request(asked)
        strategy = strategy_named(params.strategy or self._state.settings.strategy)
        choice = await self._state.models.choose(params.strong, params.weak)
        strong, weak = map(self._state.provider, (choice.strong, choice.weak))
        analysis = await self._state.indexer.complete()
        files = await asyncio.to_thread(
            brief,
            analysis,
            None,
            instruction=asked.instruction,
            focus=read_focus(asked, analysis.snapshot),
            scope=scope_for((strong, weak)),
            withheld=self._state.exit.policy.withheld,
        )
        return estimate(
            self._state.ledger,
            strategy.name,
            strong=strong,
            weak=weak,
            files=files,
            room_usd=room_of(self._state, params.budget_usd),
        )

    async def _run(
        self,
        task: Task,
        params: messages.RunParams,
        answers: KeptAnswers,
        emit: EmitTask,
        editor: EditorProblems | None,
    ) -> messages.RunResult:
        state = self._state
        strategy = strategy_for(params, state.settings.strategy)
        account = TaskAccount(
            state,
            answers,
            strategy=PLANNING if params.plan_first else work_name(params, strategy),
            asked_usd=params.budget_usd,
            client=self._client,
            permission=Permission(state.unpriced, self.ask_person, is_given=params.allow_unpriced),
        )
        state.budgets[task.task_id] = account.budget
        hear = account.listening(_pinning(emit, answers))
        try:
            with state.exit.task(task.task_id, is_local_only=params.local_only):
                work = await self._assignment(task, params, strategy, account, hear, editor)
                state.tasks.add(task)
                if params.plan_first:
                    result = account.billed(await plan_only(state, work), work.pair)
                    state.unfinished.forget(task.task_id)
                elif params.kind == "explain":
                    result = account.billed(await explain_only(state, work), work.pair)
                else:
                    result = await self._conclude(work, await carry_out(work, strategy), account)
            await account.tell_rest(emit)
            account.is_over = result.is_sound or not account.stop
            return result
        except asyncio.CancelledError:
            task.end(TaskState.CANCELLED)
            raise
        except BaseException as error:
            task.end(TaskState.FAILED)
            if isinstance(error, BudgetExceeded | ModelError):
                await account.tell_rest(emit)
                account.explain(error)
            raise
        finally:
            state.budgets.pop(task.task_id, None)
            account.close()
            state.unfinished.rest(answers)

    async def _assignment(
        self,
        task: Task,
        params: messages.RunParams,
        strategy: Strategy,
        account: TaskAccount,
        emit: EmitTask,
        editor: EditorProblems | None,
    ) -> Assignment:
        state = self._state
        choice = await state.models.choose(params.strong, params.weak)
        asked = replace(params, strong=choice.strong, weak=choice.weak)
        if params.kind not in ("fix_all", "explain"):
            asked = replace(asked, strategy=strategy.name)
        pair = account.pair(choice)
        await state.exit.require_local(pair.providers, choice.download_bytes)
        state.warm_models()
        analysis = await state.indexer.complete()
        state.remembering.look_for_edits(analysis.snapshot)
        params, followed = await read_followed(params, state.plans, analysis.snapshot)
        own_prompts = await asyncio.to_thread(state.own_prompts.read)
        intent = await asyncio.to_thread(read_intent, params, analysis.snapshot, own_prompts.texts)
        task.instruction = intent.title
        params = replace(params, instruction=intent.instruction)
        if account.answers.is_kept:
            # Its run will tell it all again: what is remembered must not count twice.
            state.remembering.forget(task.task_id)
        account.answers.describe(_written(asked))
        return Assignment(
            task=task,
            params=params,
            intent=intent,
            followed=followed,
            analysis=analysis,
            pair=pair,
            policy=state.exit.policy,
            checks=self._checks(params),
            outline=state.indexer.outline,
            root=state.root,
            editor=editor,
            ledger=state.ledger,
            remembering=state.remembering,
            answers=account.answers,
            own_prompts=own_prompts.texts,
            emit=emit,
            first_formats=first_formats(
                (choice.strong, choice.weak), state.settings.models.profiles
            ),
            strong_share=state.settings.models.strong_share,
        )

    async def _conclude(
        self, work: Assignment, proposal: Proposal | None, account: TaskAccount
    ) -> messages.RunResult:
        task = work.task
        receipt = account.receipt(work.pair)
        if proposal is None:
            task.end(TaskState.FAILED)
            self._state.unfinished.forget(task.task_id)
            return messages.RunResult(
                task_id=task.task_id,
                state="failed",
                message="no attempt gave a change that can be applied; nothing was written",
                is_sound=False,
                receipt=receipt,
            )
        base, current = work.analysis.snapshot, self._state.host.snapshot
        ready = propose(task, proposal, base=base, current=current)
        task.state = TaskState.REVIEW
        task.moved()
        self._state.tell_change(task)
        await work.emit(ready)
        message = _in_words(proposal.verdict, len(ready.conflicts))
        # Of like problems, those that are mended are sound before all are.
        is_whole = proposal.verdict.is_sound and work.params.kind != "fix_all"
        stop = "" if is_whole else account.stop
        return messages.RunResult(
            task_id=task.task_id,
            state="review",
            message=f"{message}; it was stopped: {stop}" if stop else message,
            # What the gate judged is not what is left of it on a text that moved on.
            is_sound=proposal.verdict.is_sound and not ready.conflicts,
            receipt=receipt,
            can_continue=bool(stop),
        )

    def _require_settings(self) -> None:
        if self._state.settings_error is not None:
            raise InvalidSettings(
                f"no task runs while your settings cannot be read: {self._state.settings_error}; "
                "mend the file, run `pairwright stop`, and try again"
            )

    def _checks(self, params: messages.RunParams) -> CheckSettings:
        checks = self._state.settings.checks
        if params.kind == "explain":
            return checks.model_copy(update={"test_command": ()})
        if params.test_command is None:
            return checks
        return checks.model_copy(update={"test_command": params.test_command})


def _pinning(emit: EmitTask, answers: KeptAnswers) -> EmitTask:
    """Return an emitter that keeps a choice of strategy: who goes on does not choose anew."""

    async def pin(event: messages.TaskEvent) -> None:
        if isinstance(event, messages.StrategyChosen):
            described = _read(answers)
            answers.describe(_written(replace(described, strategy=event.strategy)))
        await emit(event)

    return pin


def _written(params: messages.RunParams) -> str:
    return json.dumps(encode(replace(params, partial_result_token=None)))


def _read(answers: KeptAnswers) -> messages.RunParams:
    """Return what a task was asked for.

    Raises:
        InvalidRequest: another version wrote it.
    """
    return decode(messages.RunParams, json.loads(answers.request))


def _in_words(verdict: Verdict, conflict_count: int) -> str:
    if conflict_count:
        gone = "hunk no longer fits" if conflict_count == 1 else "hunks no longer fit"
        return f"the text changed meanwhile: {conflict_count} {gone}"
    mended = verdict.mended
    if mended is not None and mended.outcome is Outcome.FAILED:
        return f"{_whether_mended(mended)}; look at the best attempt before you keep any of it"
    if not verdict.is_sound:
        return "the gate is not content with the best attempt: look at it before you keep any of it"
    if verdict.tests.outcome is Outcome.PASSED:
        found = "the gate found nothing wrong, and the tests pass"
    else:
        found = "the gate found nothing wrong; no tests were run"
    return f"{found}; {_whether_mended(verdict.mended)}" if verdict.mended is not None else found


def _whether_mended(mended: Check) -> str:
    if mended.outcome is Outcome.PASSED:
        return f"the reported problem is {mended.detail}"
    return " ".join(mended.detail.split())
