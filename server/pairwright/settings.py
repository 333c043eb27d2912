"""What can be set? Every option once: its name, type, default and one sentence.

Order: defaults < the user's file < the workspace's `[tool.pairwright]` < the client. A workspace
may only tighten: nothing in it names a program, an endpoint or a key.
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

LinterName = Literal[
    "auto", "ruff", "basedpyright", "pyright", "mypy", "eslint", "tsc", "go vet", "cargo check"
]


class Section(BaseModel):
    """A group of settings: frozen, and unknown names are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ModelSettings(Section):
    """Which models, and how they are reached."""

    strong: str | None = None
    """The strong model, such as `openai/gpt-5-mini` or `embedded/qwen2.5-coder-1.5b`."""
    weak: str | None = None
    """The weak model, such as `ollama/qwen2.5-coder:7b` or `embedded/qwen2.5-coder-0.5b`."""
    api_base: str | None = None
    """The address of an OpenAI-compatible server for models whose name begins with `openai/`."""
    timeout_s: Annotated[float, Field(gt=0, le=3600)] = 300.0
    """Seconds that one attempt may take."""
    attempts: Annotated[int, Field(ge=1, le=5)] = 3
    """How often one call is tried when the provider fails in a way that may pass."""


class BudgetSettings(Section):
    """How much may be spent."""

    task_usd: Annotated[Decimal, Field(ge=0)] = Decimal("0.50")
    """The most that one task may cost, in USD."""
    day_usd: Annotated[Decimal, Field(ge=0)] = Decimal(5)
    """The most that a workspace may cost in one day (UTC), in USD."""
    allow_unpriced: bool = False
    """Whether models may be asked whose price nobody knows, so that no cap holds for them."""


class CheckSettings(Section):
    """What the gate runs."""

    test_command: tuple[str, ...] = ()
    """The command that runs the tests, as a list of arguments; empty: no tests are run."""
    test_timeout_s: Annotated[float, Field(gt=0, le=3600)] = 120.0
    """Seconds after which a test run is stopped and counts as failed."""
    linters: tuple[LinterName, ...] = ("auto",)
    """Which linters and type checkers look for new problems, where the project is configured for
    them and they are installed. `auto`: all that read the workspace and run nothing of it; where a
    test command is set, all. One that is named is trusted, as a test command is: it may run the
    workspace's own plugins and build scripts, and may be one that is installed in the workspace.
    Empty: none."""
    linter_timeout_s: Annotated[float, Field(gt=0, le=3600)] = 60.0
    """Seconds after which one run of a linter is stopped; what it would have said is not known."""
    network: bool = False
    """Whether tests and linters have the network; without it they have the loopback device, where
    the system can tell the two apart."""
    memory_mb: Annotated[int, Field(ge=64)] = 4096
    """The most memory that each process of tests and linters may write to, in MiB."""
    max_files: Annotated[int, Field(ge=1)] = 50
    """The most files that one change may touch."""
    max_changed_lines: Annotated[int, Field(ge=1)] = 2000
    """The most lines that one change may add and remove together."""


class IndexSettings(Section):
    """How files are read."""

    workers: Annotated[int, Field(ge=1, le=64)] | None = None
    """How many processes read and parse files at once; by default one a core, at most 8."""


class FeedbackSettings(Section):
    """What is remembered of tasks."""

    keep: bool = True
    """Whether questions, answers, verdicts and what you decided are kept in the workspace's state
    directory, for later tasks and for `feedback export`. They are sent nowhere. Without it nothing
    is added and nothing of it is used; what was kept before stays in `feedback.sqlite3` there."""


class DaemonSettings(Section):
    """How the daemon lives."""

    idle_shutdown_s: Annotated[float, Field(gt=0)] = 600.0
    """Seconds without any client after which the daemon ends."""


class Settings(Section):
    """All settings."""

    strategy: str = "ladder"
    """The strategy when a request names none."""
    models: ModelSettings = ModelSettings()
    budget: BudgetSettings = BudgetSettings()
    checks: CheckSettings = CheckSettings()
    index: IndexSettings = IndexSettings()
    feedback: FeedbackSettings = FeedbackSettings()
    daemon: DaemonSettings = DaemonSettings()
