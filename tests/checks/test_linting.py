"""Which problems are held against a change? Those that the project's own tools did not see before.

Ruff and basedpyright are the real ones; where a tool must fail, it is a script in the workspace.
"""

import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from pairwright.checks.gate import Gate
from pairwright.checks.verdict import Outcome, Verdict
from pairwright.editing.change import FileEdit, FileEditKind, SourceChange
from pairwright.settings import CheckSettings
from pairwright.text.edits import TextEdit
from pairwright.text.ranges import TextRange
from pairwright.workspace.paths import WorkspacePath
from tests.checks.support import analysis_of, rewritten, write_files
from tests.support.outlines import outlined_here
from tests.support.waiting import within

RUFF = "#- ruff.toml\nlint.select = ['F']\n"
CLEAN = f"{RUFF}#- pkg/a.py\nx = 1\n"
UNUSED = "import os\nx = 1\n"
TYPED = "#- pyrightconfig.json\n{}\n#- a.py\ndef f(x: int) -> int:\n    return x\n#- b.py\ny = 1\n"

Judge = Callable[..., Any]


@pytest.fixture
async def judge(tmp_path: Path) -> AsyncIterator[Judge]:
    """Return what judges a change of a workspace; scripts are programs in it."""
    async with AsyncExitStack() as stack:

        async def judge(
            workspace: str,
            texts: Mapping[str, str | None],
            *,
            scripts: Mapping[str, str] | None = None,
            change: SourceChange | None = None,
            **settings: Any,
        ) -> Verdict:
            root = tmp_path / "ws"
            analysis = analysis_of(workspace)
            write_files(analysis, root)
            for path, code in (scripts or {}).items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(f"#!{sys.executable} -I\n{code}\n")
                (root / path).chmod(0o755)
            gate = Gate(analysis, root, CheckSettings(**settings), outline=outlined_here)
            stack.push_async_callback(gate.aclose)
            return await gate.check(change or rewritten(analysis, dict(texts)))

        yield judge


async def test_a_new_problem_fails_with_its_place_its_tool_and_its_rule(judge: Judge) -> None:
    verdict = await judge(CLEAN, {"pkg/a.py": UNUSED})
    assert verdict.problems.outcome is Outcome.FAILED
    assert verdict.evidence == (
        "the change brings new problems:\npkg/a.py:1: ruff: `os` imported but unused [F401]"
    )
    assert not verdict.is_sound
    assert "1 new problem ✗" in verdict.badge


async def test_a_change_without_new_problems_says_who_looked(judge: Judge) -> None:
    verdict = await judge(CLEAN, {"pkg/a.py": "x = 2\n"})
    assert (verdict.problems.outcome, verdict.problems.detail) == (Outcome.PASSED, "ruff")
    assert verdict.is_sound
    assert "0 new problems" in verdict.badge


async def test_problems_that_were_there_are_not_new_though_their_lines_move(judge: Judge) -> None:
    old = f"{RUFF}#- a.py\nimport os\n\n\ndef f():\n    pass\n\n\ndef f():\n    pass\n"
    new = "\n# moved\n\nimport os\n\n\ndef f():\n    pass\n\n\ndef f():\n    pass\n"
    verdict = await judge(old, {"a.py": new})
    assert verdict.problems.outcome is Outcome.PASSED


async def test_the_same_problem_once_more_is_a_new_one(judge: Judge) -> None:
    old = f"{RUFF}#- a.py\nx = y\n"
    verdict = await judge(old, {"a.py": "x = y\nx = y\n"})
    assert [problem.line for problem in verdict.new_problems] == [1]


async def test_a_mended_problem_pays_for_no_new_one(judge: Judge) -> None:
    old = f"{RUFF}#- a.py\nimport os\nx = 1\n"
    verdict = await judge(old, {"a.py": "import sys\nx = 1\n"})
    assert [problem.message for problem in verdict.new_problems] == ["`sys` imported but unused"]


async def test_what_a_renamed_file_had_before_is_not_new(judge: Judge) -> None:
    workspace = f"{RUFF}#- a.py\n{UNUSED}"
    analysis = analysis_of(workspace)
    old = analysis.snapshot.documents[WorkspacePath("a.py")]
    edits = (TextEdit(TextRange(len(old.text), len(old.text)), "y = 2\n"),)
    edit = FileEdit(old.path, FileEditKind.RENAME, old.digest, edits, WorkspacePath("b.py"))
    verdict = await judge(workspace, {}, change=SourceChange(1, (edit,)))
    assert verdict.problems.outcome is Outcome.PASSED


async def test_files_that_go_away_are_not_looked_at(judge: Judge) -> None:
    verdict = await judge(CLEAN, {"pkg/a.py": None})
    assert verdict.problems.outcome is Outcome.NOT_RUN


async def test_a_type_checker_finds_a_wrong_return(judge: Judge) -> None:
    verdict = await judge(TYPED, {"a.py": 'def f(x: int) -> int:\n    return "x"\n'})
    (problem,) = verdict.new_problems
    assert (problem.path, problem.line, problem.rule) == ("a.py", 1, "reportReturnType")
    assert problem.tool in ("pyright", "basedpyright")
    assert "pairwright-check" not in verdict.evidence


async def test_a_package_that_is_not_installed_is_nobodys_edit(judge: Judge) -> None:
    new = "import no_such_package_anywhere\n\nz = no_such_package_anywhere.x\n"
    verdict = await judge(TYPED, {"b.py": new})
    assert verdict.problems.outcome is Outcome.PASSED


async def test_a_module_of_the_workspace_that_is_not_there_is_a_problem(judge: Judge) -> None:
    workspace = f"{TYPED}#- pkg/__init__.py\n"
    verdict = await judge(workspace, {"b.py": "import pkg.missing\n"})
    assert [problem.rule for problem in verdict.new_problems] == ["reportMissingImports"]


async def test_a_project_that_uses_no_tool_is_told_so(judge: Judge) -> None:
    verdict = await judge("#- a.py\nx = 1\n", {"a.py": UNUSED})
    assert verdict.problems.outcome is Outcome.NOT_RUN
    assert verdict.problems.detail == "the project is configured for no known linter"
    assert verdict.is_sound


@pytest.mark.parametrize(
    ("configuration", "is_used"),
    [
        ("#- pyproject.toml\n[tool.ruff]\n", True),
        ("#- pyproject.toml\n[tool.ruff.lint]\nselect = ['F']\n", True),
        ("#- pyproject.toml\n[tool.black]\n", False),
        ("#- other/ruff.toml\n", False),
        ("#- pkg/ruff.toml\n", True),
    ],
)
async def test_only_tools_that_the_project_uses_are_run(
    judge: Judge, configuration: str, is_used: bool
) -> None:
    verdict = await judge(f"{configuration}#- pkg/a.py\nx = 1\n", {"pkg/a.py": UNUSED})
    assert (verdict.problems.outcome is Outcome.FAILED) == is_used


async def test_no_linters_means_that_none_runs(judge: Judge) -> None:
    verdict = await judge(CLEAN, {"pkg/a.py": UNUSED}, linters=())
    assert verdict.problems.outcome is Outcome.NOT_RUN


async def test_a_configuration_that_the_tool_refuses_is_no_failure_of_the_change(
    judge: Judge,
) -> None:
    verdict = await judge("#- ruff.toml\nnonsense = 1\n#- a.py\nx = 1\n", {"a.py": UNUSED})
    assert verdict.problems.outcome is Outcome.NOT_RUN
    assert verdict.problems.detail.startswith("ruff was not run: ruff failed")
    assert verdict.is_sound


FAKE = ".venv/bin/ruff"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import sys; sys.exit('went wrong')", "its report cannot be read: went wrong"),
        ("raise SystemExit(7)", "it failed and did not say why"),
        ("import os; os.kill(os.getpid(), 11)", "it failed and did not say why"),
        ("print('no json')", "its report cannot be read"),
        ("print('[{}]')", "its report cannot be read"),
        ("print('[' + '1,' * 10_000_000)", "its report is too long"),
    ],
)
async def test_a_tool_that_fails_says_nothing_and_that_is_said(
    judge: Judge, code: str, reason: str
) -> None:
    verdict = await judge(CLEAN, {"pkg/a.py": UNUSED}, scripts={FAKE: code}, linters=("ruff",))
    assert verdict.problems.outcome is Outcome.NOT_RUN
    assert verdict.problems.detail.startswith(f"ruff was not run: {reason}")
    assert verdict.is_sound


async def test_a_tool_that_hangs_is_stopped_and_says_nothing(judge: Judge) -> None:
    code = "import time; time.sleep(60)"
    async with within():
        verdict = await judge(
            CLEAN, {"pkg/a.py": UNUSED}, scripts={FAKE: code}, linters=("ruff",),
            linter_timeout_s=1,
        )  # fmt: skip
    assert verdict.problems.detail == "ruff was not run: it did not end in 1 s"
    assert verdict.is_sound


async def test_a_program_of_the_workspace_is_run_only_when_it_is_trusted(judge: Judge) -> None:
    scripts = {FAKE: "print('[]')"}
    change = {"pkg/a.py": UNUSED}
    untrusted = await judge(CLEAN, change, scripts=scripts)
    assert untrusted.problems.outcome is Outcome.FAILED  # The user's own ruff looked.
    named = await judge(CLEAN, change, scripts=scripts, linters=("ruff",))
    assert named.problems.outcome is Outcome.PASSED
    tested = await judge(CLEAN, change, scripts=scripts, test_command=(sys.executable, "-c", ""))
    assert tested.problems.outcome is Outcome.PASSED


async def test_a_program_on_the_path_in_the_workspace_is_not_run_untrusted(
    judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = tmp_path / "ran"
    monkeypatch.setenv("PATH", f"{tmp_path / 'ws' / '.venv' / 'bin'}:.venv/bin:bin")
    code = f"open({str(ran)!r}, 'w')"
    await judge(CLEAN, {"pkg/a.py": UNUSED}, scripts={FAKE: code, "bin/ruff": code})
    assert not ran.exists()


async def test_a_tool_that_runs_code_of_the_workspace_waits_for_trust(judge: Judge) -> None:
    workspace = "#- eslint.config.js\n#- a.js\nvar x = 1;\n"
    ran = "print('[]')"
    scripts = {"node_modules/.bin/eslint": ran}
    verdict = await judge(workspace, {"a.js": "var x = 2;\n"}, scripts=scripts)
    assert verdict.problems.outcome is Outcome.NOT_RUN
    assert "eslint was not run: it runs code of the workspace" in verdict.problems.detail
    verdict = await judge(workspace, {"a.js": "var x = 2;\n"}, scripts=scripts, linters=("eslint",))
    assert (verdict.problems.outcome, verdict.problems.detail) == (Outcome.PASSED, "eslint")


async def test_a_tool_that_is_only_in_the_workspace_is_said_to_be_there(judge: Judge) -> None:
    workspace = "#- web/tsconfig.json\n{}\n#- web/a.ts\nlet x = 1;\n"
    scripts = {"web/node_modules/.bin/tsc": ""}
    verdict = await judge(workspace, {"web/a.ts": "let x = 2;\n"}, scripts=scripts)
    assert "tsc was not run: it is installed in the workspace" in verdict.problems.detail


async def test_a_tool_looks_from_its_own_projects_directory(judge: Judge) -> None:
    workspace = "#- web/tsconfig.json\n{}\n#- web/a.ts\nlet x = 1;\n"
    code = (
        "import pathlib; here = pathlib.Path.cwd().name\n"
        "print('a.ts(1,5): error TS1: in', here, open('a.ts').read().strip())"
    )
    scripts = {"web/node_modules/.bin/tsc": code}
    verdict = await judge(
        workspace, {"web/a.ts": "let x = 2;\n"}, scripts=scripts, linters=("tsc",)
    )
    (problem,) = verdict.new_problems
    assert (problem.path, problem.message) == ("web/a.ts", "in web let x = 2;")


async def test_the_workspace_is_not_written_by_a_tool(judge: Judge, tmp_path: Path) -> None:
    code = "open('made', 'w'); print('[]')"
    verdict = await judge(CLEAN, {"pkg/a.py": UNUSED}, scripts={FAKE: code}, linters=("ruff",))
    assert verdict.problems.outcome is Outcome.PASSED
    assert not (tmp_path / "ws" / "made").exists()


async def test_a_type_checker_looks_where_the_change_may_break_something(judge: Judge) -> None:
    workspace = "#- pyrightconfig.json\n{}\n#- a.py\ndef f(x: int) -> int:\n    return x\n"
    workspace += "#- b.py\nfrom a import f\n\ny = f(1)\n"
    verdict = await judge(workspace, {"a.py": "def f(x: int, z: int) -> int:\n    return x + z\n"})
    assert [(problem.path, problem.line) for problem in verdict.new_problems] == [("b.py", 2)]
    assert verdict.new_problems[0].rule == "reportCallIssue"
