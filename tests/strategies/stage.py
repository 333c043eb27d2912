"""Where does a strategy act in these tests? Before scripted models and a gate that obeys a rule.

The workspace is `a.py` with three numbers; the rule says which of three tests fail on a text.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
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
        self, analysis: Analysis, rule: Rule, may_break: tuple[Affected, ...] = ()
    ) -> None:
        super().__init__(analysis, Path(), CheckSettings())
        self._analysis = analysis
        self._rule = rule
        self._may_break = may_break
        self.checked: list[str] = []
        """The text of `a.py` in every change that was judged."""

    async def check(self, change: SourceChange) -> Verdict:
        text = overlay_texts(self._analysis.snapshot, change).get(A, TEXT) or ""
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

    def text(self) -> str:
        """Return `a.py` as the proposal makes it of the original text."""
        assert self.proposal is not None
        analysis = analyse(WORKSPACE)
        return overlay_texts(analysis.snapshot, self.proposal.change)[A] or ""


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
) -> Performance:
    """Run a strategy; the answers of a model that runs out of them fail."""
    analysis = analyse(WORKSPACE)
    accepts = grammar or {Tier.WEAK: True, Tier.STRONG: True}
    models = {
        Tier.WEAK: _model(Tier.WEAK, weak, accepts[Tier.WEAK], window),
        Tier.STRONG: _model(Tier.STRONG, strong, accepts[Tier.STRONG], window),
    }
    gate = RuledGate(analysis, rule, may_break)
    before = run_of(tuple(rule(TEXT)))
    context = StrategyContext(
        analysis=analysis,
        instruction=instruction,
        strong=models[Tier.STRONG],
        weak=models[Tier.WEAK],
        gate=gate,
        context=select(analysis, before),
        select=select,
        evidence="one is 0",
        failing_tests=before.failing,
        format_records=records or {},
        sample_count=sample_count,
        record=record or LocalRecord(),
        memory=memory or NoMemory(),
    )
    done = Performance(None, gate, *(each.provider.requests for each in models.values()))

    async def emit(event: StrategyEvent) -> None:
        done.events.append(event)

    try:
        done.proposal = await strategy_named(strategy).run(context, emit)
    except ModelError as error:
        done.error = error
    return done


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
