"""Which paths may a change touch, and what is said of those that need a yes?"""

from collections.abc import Callable
from pathlib import Path

import pytest

from pairwright.checks.gate import Gate
from pairwright.checks.verdict import Outcome, Verdict
from pairwright.editing.change import FileEdit, FileEditKind, SourceChange
from pairwright.index.analysis import Analysis
from pairwright.settings import CheckSettings
from pairwright.workspace.paths import WorkspacePath
from tests.checks.support import analysis_of, rewritten
from tests.support.outlines import outlined_here

WORKSPACE = "#- stack.py\nx = 1\n#- tests/test_stack.py\nimport stack\n"
FIXED = "x = 2\n"

Open = Callable[..., "tuple[Gate, Analysis]"]


@pytest.fixture
def open_gate(tmp_path: Path) -> Open:
    """Return what opens a gate that runs nothing, so that there is nothing to close."""

    def open_gate(workspace: str = WORKSPACE) -> tuple[Gate, Analysis]:
        analysis = analysis_of(workspace)
        return Gate(analysis, tmp_path, CheckSettings(linters=()), outline=outlined_here), analysis

    return open_gate


async def check(
    open_gate: Open, texts: dict[str, str | None], workspace: str = WORKSPACE
) -> Verdict:
    gate, analysis = open_gate(workspace)
    return await gate.check(rewritten(analysis, texts))


@pytest.mark.parametrize(
    "path",
    [".git/config", ".vscode/settings.json", "x/.CURSOR/mcp.json", ".git", ".envrc", "a/x.pth"],
)
async def test_what_is_never_touched_is_refused_however_it_is_touched(
    open_gate: Open, path: str
) -> None:
    """Keeps T18: creation, deletion, and both ends of a rename."""
    gate, analysis = open_gate(workspace=f"{WORKSPACE}#- {path}\nx\n")
    stack = analysis.snapshot.documents[WorkspacePath("stack.py")]
    theirs = analysis.snapshot.documents[WorkspacePath(path)]
    moved_in = FileEdit(
        stack.path, FileEditKind.RENAME, stack.digest, (), WorkspacePath(f"new/{path}")
    )
    moved_out = FileEdit(theirs.path, FileEditKind.RENAME, theirs.digest, (), WorkspacePath("b.py"))
    changes = [
        rewritten(analysis, {path: "y\n"}),
        rewritten(analysis, {path: None}),
        rewritten(analysis, {f"new/{path}": "y\n"}),
        SourceChange(1, (moved_in,)),
        SourceChange(1, (moved_out,)),
    ]
    for change in changes:
        verdict = await gate.check(change)
        assert verdict.protected.outcome is verdict.applies.outcome is Outcome.FAILED
        assert "is never changed by a model" in verdict.evidence


@pytest.mark.parametrize(
    "path",
    [
        "conftest.py",
        "pkg/PyProject.toml",
        "ruff.toml",
        "tsconfig.json",
        "Makefile",
        ".cargo/config",
    ],
)
async def test_what_needs_a_yes_is_sound_and_flagged_however_it_is_touched(
    open_gate: Open, path: str
) -> None:
    """Keeps T18: nothing of this kind is ever written silently."""
    gate, analysis = open_gate(workspace=f"{WORKSPACE}#- {path}\n\n")
    theirs = analysis.snapshot.documents[WorkspacePath(path)]
    moved = FileEdit(theirs.path, FileEditKind.RENAME, theirs.digest, (), WorkspacePath("b.txt"))
    changes = [
        rewritten(analysis, {path: None, "stack.py": FIXED}),
        rewritten(analysis, {f"new/{path}": "\n"}),
        SourceChange(1, (moved,)),
    ]
    for change in changes:
        verdict = await gate.check(change)
        assert verdict.is_sound, verdict.evidence
        assert len(verdict.needs_approval) == 1
        assert verdict.needs_approval[0].endswith(path)
        assert verdict.protected.outcome is Outcome.PASSED
        assert path in verdict.protected.detail
        assert verdict.badge.endswith(f"needs a yes for {verdict.needs_approval[0]}")


async def test_a_file_in_the_place_of_a_guarded_directory_needs_a_yes(open_gate: Open) -> None:
    verdict = await check(open_gate, {".github": "x\n"})
    assert verdict.needs_approval == (".github",)


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        ({"stack.py/below.py": "x = 1\n"}, "'stack.py' is a file"),
        ({"tests": "x\n"}, "this is a directory"),
        ({"new": "x\n", "new/b.py": "x = 1\n"}, "directory"),
        ({"Stack.py": "x = 1\n"}, "the same file as 'stack.py'"),
        ({"ſtack.py": "x = 1\n"}, "the same file as 'stack.py'"),
    ],
)
async def test_a_file_that_has_no_place_is_refused(
    open_gate: Open, texts: dict[str, str | None], reason: str
) -> None:
    verdict = await check(open_gate, texts)
    assert verdict.applies.outcome is Outcome.FAILED
    assert reason in verdict.evidence


async def test_a_file_may_take_the_place_of_a_directory_that_goes_away(open_gate: Open) -> None:
    verdict = await check(
        open_gate, {"pkg": "x\n", "pkg/a.txt": None}, workspace="#- pkg/a.txt\nx\n"
    )
    assert verdict.is_sound, verdict.evidence


async def test_a_file_may_be_renamed_to_another_case_of_its_name(open_gate: Open) -> None:
    gate, analysis = open_gate()
    stack = analysis.snapshot.documents[WorkspacePath("stack.py")]
    edit = FileEdit(stack.path, FileEditKind.RENAME, stack.digest, (), WorkspacePath("Stack.py"))
    verdict = await gate.check(SourceChange(1, (edit,)))
    assert verdict.applies.outcome is Outcome.PASSED, verdict.evidence


async def test_a_broken_file_that_is_renamed_was_broken_before(open_gate: Open) -> None:
    gate, analysis = open_gate(workspace="#- a.py\ndef f(:\n")
    old = analysis.snapshot.documents[WorkspacePath("a.py")]
    edit = FileEdit(old.path, FileEditKind.RENAME, old.digest, (), WorkspacePath("b.py"))
    assert (await gate.check(SourceChange(1, (edit,)))).is_sound
