"""Where does a strategy act in these tests? Before scripted models and a gate that obeys a rule.

The workspace is `a.py` with three numbers; the rule says which of three tests fail on a text.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from pairwright.checks.dependents import Affected
from pairwright.checks.gate import Gate
from pairwright.checks.overlay import overlay_texts
from pairwright.checks.verdict import Check, Outcome, TestRun, Verdict
from pairwright.editing.change import SourceChange
from pairwright.editing.formats import FormatRecord
from pairwright.errors import ModelError, Truncated
from pairwright.index.analysis import Analysis
from pairwright.llm.model import Completion, ModelRequest, OnText, TextDelta, Tier
from pairwright.llm.scripted_provider import ScriptedProvider, ScriptedReply
from pairwright.planning.plan import Plan
from pairwright.settings import CheckSettings
from pairwright.strategies.base import (
    ContextFile,
    LocalRecord,
    Memory,
    NoMemory,
    Proposal,
    StrategyContext,
    StrategyEvent,
)
from pairwright.strategies.registry import strategy_named
from pairwright.workspace.paths import WorkspacePath
from tests.index.analyses import analyse
from tests.support.answers import edit
from tests.support.outlines import outlined_here

A = WorkspacePath("a.py")
TEXT = "one = 0\n# -\ntwo = 0\n# --\nthree = 0\n"
WORKSPACE = f"#- a.py\n{TEXT}#- lib.py\nlibrary = True\n"
PASSED = Check(Outcome.PASSED)
UNWRITABLE = "unwritable"
"""What a rule says of a text that cannot even be applied."""
Rule = Callable[[str], Iterable[str]]


def mends(name: str, value: int = 1) -> str:
    """Return an answer that gives one of the numbers a value."""
    return edit("a.py", f"{name} = 0\n", f"{name} = {value}\n")


def wrong_numbers(text: str) -> list[str]:
    """The rule of most tests: each number that is not 1 fails the test of its name."""
    return [name for name in ("one", "two", "three") if f"{name} = 1\n" not in text]


class RuledGate(Gate):
    """Finds every change well-formed, and asks the rule which tests fail on it."""

    def __init__(
        self,
        analysis: Analysis,
        rule: Rule,
        may_break: tuple[Affected, ...] = (),
        watched: tuple[WorkspacePath, ...] = (A,),
    ) -> None:
        super().__init__(analysis, Path(), CheckSettings(), outline=outlined_here)
        self._watched = watched
        self._analysis = analysis
        self._rule = rule
        self._may_break = may_break
        self.checked: list[str] = []
        """The text of the watched files, one after the other, in every change that was judged."""

    async def check(self, change: SourceChange) -> Verdict:
        texts = overlay_texts(self._analysis.snapshot, change)
        documents = self._analysis.snapshot.documents
        before = {path: documents[path].text for path in self._watched if path in documents}
        text = "".join(texts.get(path, before.get(path)) or "" for path in self._watched)
        self.checked.append(text)
        failing = tuple(self._rule(text))
        if UNWRITABLE in failing:
            return Verdict(Check(Outcome.FAILED, "the file's encoding has no such character"))
        tests = Check(Outcome.FAILED, f"fails: {', '.join(failing)}") if failing else PASSED
        run = run_of(failing)
        return Verdict(PASSED, PASSED, PASSED, (), tests, run, may_break=self._may_break)


def run_of(failing: tuple[str, ...]) -> TestRun:
    output = "".join(f"FAIL: {name}\n" for name in failing)
    return TestRun(int(bool(failing)), 1, failing, 3, output)


@dataclass
class StageModel:
    """A `Model` that asks a scripted provider once and records the requests."""

    tier: Tier
    provider: ScriptedProvider

    @property
    def name(self) -> str:
        return self.provider.model

    @property
    def accepts_grammar(self) -> bool:
        return self.provider.accepts_grammar

    @property
    def context_tokens(self) -> int:
        return self.provider.context_tokens

    async def complete(
        self, request: ModelRequest, *, step: str, on_text: OnText | None = None
    ) -> Completion:
        async for item in self.provider.stream(request):
            if not isinstance(item, TextDelta):
                return item
            if on_text is not None:
                await on_text(item.text)
        raise Truncated("no end")


@dataclass
class Performance:
    """What a strategy did."""

    proposal: Proposal | None
    gate: RuledGate
    weak: list[ModelRequest]
    strong: list[ModelRequest]
    events: list[StrategyEvent] = field(default_factory=list)
    error: ModelError | None = None

    workspace: str = WORKSPACE

    def text(self, path: str = A) -> str:
        """Return a file as the proposal makes it of the original text."""
        assert self.proposal is not None
        snapshot = analyse(self.workspace).snapshot
        changed = overlay_texts(snapshot, self.proposal.change)
        wanted = WorkspacePath(path)
        return (changed[wanted] if wanted in changed else snapshot.documents[wanted].text) or ""


def select(analysis: Analysis, run: TestRun) -> tuple[ContextFile, ...]:
    """Show both files; only `a.py` may be changed."""
    documents = analysis.snapshot.documents
    return tuple(
        ContextFile(WorkspacePath(path), documents[WorkspacePath(path)].text, "test", path == A)
        for path in ("a.py", "lib.py")
    )


async def perform(
    strategy: str,
    weak: Iterable[ScriptedReply] = (),
    strong: Iterable[ScriptedReply] = (),
    *,
    rule: Rule = wrong_numbers,
    grammar: Mapping[Tier, bool] | None = None,
    instruction: str = "Mend the numbers.",
    records: Mapping[str, tuple[FormatRecord, ...]] | None = None,
    sample_count: int = 3,
    record: LocalRecord | None = None,
    memory: Memory | None = None,
    window: int = 32_768,
    may_break: tuple[Affected, ...] = (),
    plan: Plan | None = None,
    budget_share: float | None = None,
    workspace: str = WORKSPACE,
    editable: tuple[str, ...] = (A,),
) -> Performance:
    """Run a strategy; the answers of a model that runs out of them fail.

    The rule is asked about the files that may be changed, one text after the other.
    """
    analysis = analyse(workspace)
    watched = tuple(map(WorkspacePath, editable))
    choose = partial(_everything, watched)
    accepts = grammar or {Tier.WEAK: True, Tier.STRONG: True}
    models = {
        Tier.WEAK: _model(Tier.WEAK, weak, accepts[Tier.WEAK], window),
        Tier.STRONG: _model(Tier.STRONG, strong, accepts[Tier.STRONG], window),
    }
    gate = RuledGate(analysis, rule, may_break, watched)
    before = run_of(tuple(rule("".join(analysis.snapshot.documents[p].text for p in watched))))
    context = StrategyContext(
        analysis=analysis,
        instruction=instruction,
        strong=models[Tier.STRONG],
        weak=models[Tier.WEAK],
        gate=gate,
        context=choose(analysis, before),
        select=choose,
        evidence="one is 0",
        failing_tests=before.failing,
        format_records=records or {},
        sample_count=sample_count,
        record=record or LocalRecord(),
        memory=memory or NoMemory(),
        plan=plan,
        budget_share=budget_share,
    )
    requests = (each.provider.requests for each in models.values())
    done = Performance(None, gate, *requests, workspace=workspace)

    async def emit(event: StrategyEvent) -> None:
        done.events.append(event)

    try:
        done.proposal = await strategy_named(strategy).run(context, emit)
    except ModelError as error:
        done.error = error
    return done


def _everything(
    watched: tuple[WorkspacePath, ...], analysis: Analysis, run: TestRun
) -> tuple[ContextFile, ...]:
    return tuple(
        ContextFile(path, document.text, "test", path in watched)
        for path, document in sorted(analysis.snapshot.documents.items())
    )


def _model(
    tier: Tier, replies: Iterable[ScriptedReply], accepts_grammar: bool, window: int
) -> StageModel:
    provider = ScriptedProvider(
        f"scripted/{tier}", replies, accepts_grammar=accepts_grammar, context_tokens=window
    )
    return StageModel(tier, provider)


def task_of(request: ModelRequest) -> str:
    """Return the question itself, without rules and example."""
    return request.messages[3].content


def task_without_models(analysis: Analysis, instruction: str) -> StrategyContext:
    """Return a task that nobody has begun, for what works without models."""
    model = _model(Tier.WEAK, (), accepts_grammar=True, window=1000)
    return StrategyContext(
        analysis=analysis,
        instruction=instruction,
        strong=model,
        weak=model,
        gate=RuledGate(analysis, wrong_numbers),
        context=(),
        select=select,
    )
