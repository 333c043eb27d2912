"""Which linters and type checkers are known, who uses them, and how are they asked?

Data, and nothing is run here. A tool that `runs_code` of the workspace (plugins, build scripts,
configuration that is a program) is for workspaces that are trusted; the others read it as text.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pairwright.checks import findings
from pairwright.checks.findings import Finding
from pairwright.settings import LinterName

_PYTHON = (".py", ".pyi")
_TYPESCRIPT = (".ts", ".tsx", ".mts", ".cts")
_JAVASCRIPT = (".js", ".jsx", ".mjs", ".cjs")
_ESLINT_CONFIGURATIONS = (
    *(f"eslint.config{suffix}" for suffix in (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")),
    *(f".eslintrc{suffix}" for suffix in ("", ".js", ".cjs", ".json", ".yml", ".yaml")),
)


@dataclass(frozen=True, slots=True)
class Linter:
    """One tool."""

    name: LinterName
    program: str
    arguments: tuple[str, ...]
    """Before the paths of the files, if it takes any."""
    suffixes: tuple[str, ...]
    """Of the files that it looks at."""
    configurations: Mapping[str, str]
    """Names of files by which a project says that it uses the tool, each with the text that must
    be in it; empty: being there is enough."""
    read: Callable[[str, str], Sequence[Finding]]
    """Reads its output and its errors; raises `UnreadableReport`, or what wrong JSON leads to."""
    runs_code: bool = False
    takes_files: bool = True
    """Whether it is given files; else it looks at the whole project."""
    is_outermost: bool = False
    """Whether its project begins at the outermost configuration above a file, not the nearest."""
    exit_codes: frozenset[int] = frozenset({0, 1})
    """With which it ends when it did its work, whatever it found."""
    environment: Mapping[str, str] = field(default_factory=dict)
    stands_for: LinterName | None = None
    """A tool of the same kind: where that one runs, this one does not."""
    installation_rules: frozenset[str] = frozenset()
    """Rules by which it says that a module is not installed, which is nobody's edit."""


_PYRIGHT_RULES = frozenset(
    {"reportMissingImports", "reportMissingModuleSource", "reportMissingTypeStubs"}
)

LINTERS: tuple[Linter, ...] = (
    Linter(
        name="ruff",
        program="ruff",
        arguments=("check", "--output-format", "json", "--no-cache", "--no-fix", "--force-exclude"),
        suffixes=_PYTHON,
        configurations={"ruff.toml": "", ".ruff.toml": "", "pyproject.toml": "[tool.ruff"},
        read=findings.read_ruff,
    ),
    Linter(
        name="pyright",
        program="pyright",
        arguments=("--outputjson",),
        suffixes=_PYTHON,
        configurations={"pyrightconfig.json": "", "pyproject.toml": "[tool.pyright"},
        read=findings.read_pyright,
        installation_rules=_PYRIGHT_RULES,
    ),
    Linter(
        name="basedpyright",
        program="basedpyright",
        arguments=("--outputjson",),
        suffixes=_PYTHON,
        configurations={"pyrightconfig.json": "", "pyproject.toml": "pyright"},
        read=findings.read_pyright,
        stands_for="pyright",
        installation_rules=_PYRIGHT_RULES,
    ),
    Linter(
        name="mypy",
        program="mypy",
        arguments=("--output", "json", "--no-error-summary", "--cache-dir", "{cache}/mypy"),
        suffixes=_PYTHON,
        configurations={
            "mypy.ini": "",
            ".mypy.ini": "",
            "pyproject.toml": "[tool.mypy",
            "setup.cfg": "[mypy",
        },
        read=findings.read_mypy,
        # Its configuration names plugins, which are Python files.
        runs_code=True,
        installation_rules=frozenset({"import-not-found", "import-untyped", "import"}),
    ),
    Linter(
        name="eslint",
        program="eslint",
        arguments=("--format", "json", "--no-error-on-unmatched-pattern"),
        suffixes=(*_JAVASCRIPT, *_TYPESCRIPT),
        configurations={
            **dict.fromkeys(_ESLINT_CONFIGURATIONS, ""),
            "package.json": '"eslintConfig"',
        },
        read=findings.read_eslint,
        runs_code=True,
        installation_rules=frozenset({"import/no-unresolved", "n/no-missing-import"}),
    ),
    Linter(
        name="tsc",
        program="tsc",
        arguments=("--noEmit", "--pretty", "false", "--incremental", "false", "--project", "."),
        suffixes=_TYPESCRIPT,
        configurations={"tsconfig.json": ""},
        read=findings.read_tsc,
        takes_files=False,
        exit_codes=frozenset({0, 1, 2}),
        installation_rules=frozenset({"TS2307", "TS7016", "TS2688"}),
    ),
    Linter(
        name="go vet",
        program="go",
        arguments=("vet", "./..."),
        suffixes=(".go",),
        configurations={"go.mod": ""},
        read=findings.read_go_vet,
        takes_files=False,
        # Neither another tool chain nor a C compiler because the workspace says so.
        environment={
            "GOTOOLCHAIN": "local",
            "GOPROXY": "off",
            "CGO_ENABLED": "0",
            "GOCACHE": "{cache}/go",
        },
    ),
    Linter(
        name="cargo check",
        program="cargo",
        arguments=("check", "--workspace", "--offline", "--quiet", "--message-format", "json"),
        suffixes=(".rs",),
        configurations={"Cargo.toml": ""},
        read=findings.read_cargo,
        # Build scripts and procedural macros are programs.
        runs_code=True,
        takes_files=False,
        is_outermost=True,
        exit_codes=frozenset({0, 101}),
        environment={"CARGO_TARGET_DIR": "{cache}/cargo"},
    ),
)
