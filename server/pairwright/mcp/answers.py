"""What do the tools answer? Each shape once; its schema is what clients are told.

Lines count from 1 here, as assistants read files; money is a decimal string, empty when unknown.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """Any of the answers."""

    model_config = ConfigDict(frozen=True)


class Definition(Answer):
    """A definition in a list."""

    name: str
    kind: str
    path: str
    line: int
    signature: str


class FoundSymbols(Answer):
    """What `find_symbols` answers."""

    symbols: list[Definition]
    revision: int
    pending_files: int
    withheld: list[str]
    next_cursor: str


class ReadDefinition(Answer):
    """One name of `read_symbols`."""

    name: str
    path: str = ""
    line: int = 0
    end_line: int = 0
    text: str = ""
    related: list[str] = []
    note: str = ""


class ReadSymbols(Answer):
    """What `read_symbols` answers."""

    symbols: list[ReadDefinition]
    revision: int
    pending_files: int
    next_cursor: str


class WorkspaceMap(Answer):
    """What `map_workspace` answers."""

    map: str
    revision: int
    pending_files: int
    withheld: list[str]


class PlanStep(Answer):
    """One step of a plan."""

    intent: str
    files: list[str]
    tier: str


class PlanAnswer(Answer):
    """What `plan_change` answers; without a plan yet, `change_id` is the handle to wait with."""

    plan_id: str = ""
    change_id: str = ""
    steps: list[PlanStep] = []
    estimate_usd: str = ""
    cost_usd: str = ""
    problems: list[str] = []
    next: str = ""


class HunkAnswer(Answer):
    """One hunk of a change."""

    hunk_id: str
    path: str
    state: Literal["pending", "kept", "rejected"]
    remark: str = ""


class ChangeAnswer(Answer):
    """How a change stands."""

    change_id: str
    state: Literal["running", "review", "done", "failed", "cancelled", "planned"]
    verdict: str = ""
    hunks: list[HunkAnswer] = []
    conflicts: list[str] = []
    notes: list[str] = []
    left: list[str] = []
    diff: str = ""
    cost_usd: str = ""
    next: str = ""


class WorkspaceStatus(Answer):
    """What `workspace_status` answers."""

    revision: int
    files: int
    pending_files: int
    open_files: list[str]
    budget_left_usd: str
    tasks: list[str]
    waiting_changes: list[str]
    problems: list[str]
    scopes: list[str]
