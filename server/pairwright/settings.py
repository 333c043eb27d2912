"""What can be set? Every option once: its name, type, default and one sentence.

Order: defaults < the user's file < the workspace's `[tool.pairwright]` < the client. A workspace
may only tighten: nothing in it names a program, an endpoint or a key.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

LinterName = Literal[
    "auto", "ruff", "basedpyright", "pyright", "mypy", "eslint", "tsc", "go vet", "cargo check"
]


class Section(BaseModel):
    """A group of settings: frozen, and unknown names are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


EndpointKind = Literal["openai", "anthropic", "litellm", "llamacpp", "lmstudio", "ollama", "vllm"]
"""What may answer at an endpoint; an endpoint that is called so is of that kind."""
EditFormatName = Literal["search_replace", "whole_file", "whole_symbol", "unified_diff"]
ReasoningEffort = Literal["none", "minimal", "low", "medium", "high", "xhigh"]

_KEY_PLACE = re.compile(r"(?:env|keyring|editor):[A-Za-z0-9_.-]+")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def _checked_address(address: str) -> str:
    # What is wrong is said without the address: somebody may have written a key into it.
    try:
        parts = urlsplit(address)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole or any(letter.isspace() or not letter.isprintable() for letter in address):
        raise ValueError("must be an address such as 'http://127.0.0.1:8000/v1'")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must hold no name and no password: a key has its own setting")
    if parts.query or parts.fragment:
        raise ValueError("must end with its path: no '?' and no '#'")
    return address.rstrip("/")


def _checked_key_place(place: str) -> str:
    if not _KEY_PLACE.fullmatch(place):
        raise ValueError(
            "must say where the key is, 'env:NAME', 'keyring:NAME' or 'editor:NAME', "
            "and never be the key itself"
        )
    return place


def _checked_endpoint_name(name: str) -> str:
    if not _NAME.fullmatch(name) or name == "embedded":
        raise ValueError("must be named with letters, digits, '_', '.' and '-', not 'embedded'")
    return name


class EndpointSettings(Section):
    """A server of your own or a gateway, for models that are called `NAME/MODEL`."""

    api_base: Annotated[str, AfterValidator(_checked_address)]
    """Its address, with the path that its kind wants, such as `http://127.0.0.1:8000/v1`."""
    kind: EndpointKind | None = None
    """What answers there; none: what `NAME` says if it is one of these, else `openai`."""
    key: Annotated[str, AfterValidator(_checked_key_place)] | None = None
    """Where its key is: `env:VARIABLE`, `keyring:NAME` or `editor:NAME`; none: no key is sent."""


class ProfileSettings(Section):
    """What a model can do, where what is known of it is wrong or missing."""

    context_tokens: Annotated[int, Field(ge=256)] | None = None
    """How many tokens it reads and writes together."""
    max_output_tokens: Annotated[int, Field(ge=16)] | None = None
    """The most tokens of one answer, with what it thinks unseen."""
    hidden_output_tokens: Annotated[int, Field(ge=0)] | None = None
    """How many tokens it may think unseen before each answer."""
    edit_format: EditFormatName | None = None
    """In which format it is first asked to write its edits, where that fits the files."""
    grammar: bool | None = None
    """Whether its server holds answers to a grammar (GBNF), as llama.cpp's does."""
    temperature: bool | None = None
    """Whether it takes a temperature; models that reason refuse one."""
    reasoning_effort: ReasoningEffort | None = None
    """How long it is asked to think; none: as its provider has it."""
    streaming: bool | None = None
    """Whether it sends its answer while it writes."""
    system_role: bool | None = None
    """Whether it knows messages of the system; without, they begin the first question."""


UsdPerMillion = Annotated[Decimal, Field(ge=0, le=1_000_000)]


class PriceSettings(Section):
    """What a model costs, in USD per million tokens."""

    input_usd_per_million: UsdPerMillion
    """For what it reads."""
    output_usd_per_million: UsdPerMillion
    """For what it writes, reasoning included."""
    cache_read_usd_per_million: UsdPerMillion | None = None
    """For what it reads from its cache; none: as all that it reads."""
    cache_write_usd_per_million: UsdPerMillion | None = None
    """For what it reads and puts into its cache; none: as all that it reads."""


class ModelSettings(Section):
    """Which models, and how they are reached."""

    strong: str | None = None
    """The strong model, such as `openai/gpt-5-mini` or `embedded/qwen2.5-coder-1.5b`."""
    weak: str | None = None
    """The weak model, such as `ollama/qwen2.5-coder:7b` or `embedded/qwen2.5-coder-0.5b`."""
    endpoints: Mapping[Annotated[str, AfterValidator(_checked_endpoint_name)], EndpointSettings] = (
        Field(default_factory=dict)
    )
    """Servers of your own and gateways, each by the name that its models' names begin with; a
    provider's name means the endpoint instead. See [providers](providers.md)."""
    profiles: Mapping[str, ProfileSettings] = Field(default_factory=dict)
    """What models can do, by a pattern of their names such as `ollama/*`; what stands later counts
    more. See [providers](providers.md)."""
    prices: Mapping[str, PriceSettings] = Field(default_factory=dict)
    """What models cost, by a pattern of their names such as `gateway/*`; what stands later counts
    more, and all of it more than the price list. See [costs](costs.md)."""
    timeout_s: Annotated[float, Field(gt=0, le=3600)] = 300.0
    """Seconds that one attempt may take."""
    attempts: Annotated[int, Field(ge=1, le=5)] = 3
    """How often one call is tried when the provider fails in a way that may pass."""
    deadline_s: Annotated[float, Field(gt=0, le=7200)] = 600.0
    """Seconds that one call may take with all its attempts and the waits between them."""
    concurrent_requests: Annotated[int, Field(ge=1, le=64)] = 8
    """How many requests one host is sent at a time; more wait for their turn."""
    strong_fallbacks: Annotated[tuple[str, ...], Field(max_length=5)] = ()
    """Models that are asked in place of the strong one, in this order, when its provider is out of
    reach, out of credit or refuses the key; your code then goes to theirs. None by default."""
    weak_fallbacks: Annotated[tuple[str, ...], Field(max_length=5)] = ()
    """The same for the weak model."""
    strong_share: Annotated[float, Field(ge=0, le=1)] = 0.4
    """About which share of tasks the strategy `calibrated_router` gives to the strong model, once
    there is a record of them; 0 to 1."""


class BudgetSettings(Section):
    """How much may be spent."""

    task_usd: Annotated[Decimal, Field(ge=0)] = Decimal("0.50")
    """The most that one task may cost, in USD."""
    day_usd: Annotated[Decimal, Field(ge=0)] = Decimal(5)
    """The most that a workspace may cost in one day (UTC), in USD."""
    workspace_usd: Annotated[Decimal, Field(ge=0)] | None = None
    """The most that a workspace may cost in all its days, in USD; by default there is no such
    cap."""
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


class DisclosureSettings(Section):
    """What may leave this machine."""

    local_only: bool = False
    """Whether nothing may leave this machine: then only models are asked whose address is written
    as loopback, past any proxy, and no embedded model is downloaded for a task. See
    [security](security.md)."""
    never: tuple[str, ...] = ()
    """Files that no model is shown, in any workspace, beside those that usually hold secrets: a
    list of patterns as in a `.gitignore`. What a workspace itself wants kept back is named in its
    `.pairwrightignore`."""


class FeatureSettings(Section):
    """Which questions about code are answered; most are off, for a real language server's sake."""

    workspace_symbol: bool = True
    """Definitions of the whole workspace, by some letters of their names."""
    selection_range: bool = True
    """Selecting more and more of what is around the caret."""
    document_symbol: bool = False
    """The outline of a file."""
    definition: bool = False
    """Where a name is defined."""
    references: bool = False
    """Where a definition is used."""
    hover: bool = False
    """Signature and documentation of what is pointed at, and how sure it is that this is meant."""
    folding_range: bool = False
    """What of a file can be folded."""
    call_hierarchy: bool = False
    """Who calls a function, and what it calls."""
    type_hierarchy: bool = False
    """The classes above and below a class."""


class LspSettings(Section):
    """What editors are offered."""

    features: FeatureSettings = FeatureSettings()


class DaemonSettings(Section):
    """How the daemon lives."""

    idle_shutdown_s: Annotated[float, Field(gt=0)] = 600.0
    """Seconds without any client after which the daemon ends."""


class McpSettings(Section):
    """How assistants reach the daemon."""

    http: bool = False
    """Whether the daemon listens for MCP on a random port of loopback, besides its socket. See
    [assistants](mcp.md)."""


class Settings(Section):
    """All settings."""

    strategy: str = "ladder"
    """The strategy when a request names none."""
    models: ModelSettings = ModelSettings()
    budget: BudgetSettings = BudgetSettings()
    checks: CheckSettings = CheckSettings()
    index: IndexSettings = IndexSettings()
    feedback: FeedbackSettings = FeedbackSettings()
    disclosure: DisclosureSettings = DisclosureSettings()
    lsp: LspSettings = LspSettings()
    daemon: DaemonSettings = DaemonSettings()
    mcp: McpSettings = McpSettings()
