import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairwright.errors import PathOutsideWorkspace, ProtectedPath
from pairwright.workspace.paths import (
    Protection,
    WorkspacePath,
    is_protected,
    parse_path,
    protection_of,
    require_editable,
    require_proposable,
)

GOOD = {
    "a.py": "a.py",
    "pkg/a.py": "pkg/a.py",
    "./pkg/a.py": "pkg/a.py",
    "pkg//a.py": "pkg/a.py",
    "pkg/./a.py": "pkg/a.py",
    "a..b/c...d.py": "a..b/c...d.py",
    "..a.py": "..a.py",
    ".hidden/x": ".hidden/x",
    "with space/my file.py": "with space/my file.py",
    "été/ﬁle.py": "été/ﬁle.py",
    "app/[slug]/page.tsx": "app/[slug]/page.tsx",
    "src/$lib/x.ts": "src/$lib/x.ts",
    "$types.ts": "$types.ts",
    "a~": "a~",
    "console.py": "console.py",
    "lib/auxiliary.c": "lib/auxiliary.c",
    "100%.txt": "100%.txt",
    ".git/config": ".git/config",
    "-rf": "-rf",
}

OUTSIDE = [
    "../x",
    "a/../../x",
    "a/../b",
    "..",
    "a/..",
    "./../ws-evil/x",
    "a/./../../x",
    "/etc/passwd",
    "//etc/passwd",
    "/ws-evil/x",
    "/proc/self/environ",
    "/proc/self/cwd/etc/passwd",
    "/dev/fd/0",
    "/dev/stdin",
    "/dev/null",
    "file:///etc/passwd",
    "file://host/etc/passwd",
    "file:///ws/../etc/passwd",
    "file:///ws/%2e%2e/x",
    "file:///ws%00/x",
    "FILE:///",
    "untitled:x",
    "vscode-remote://x",
    "http://x/y",
    "git:/x",
    "C:\\x",
    "C:x",
    "c:/x",
    "\\\\host\\share",
    "..\\x",
    "a\\..\\..\\x",
    "a\\b.py",
    "x:stream",
    "x.py::$DATA",
    "~",
    "~/x",
    "~root/x",
    "$HOME/x",
    "${HOME}/x",
    "%2e%2e/x",
    "..%2fx",
    "%252e%252e%252f",
    "..%c0%af",
    "a%5cb",
    "a%00b",
]

NO_NAME = [
    "",
    " ",
    "\t",
    ".",
    "./",
    "./.",
    "/",
    "a/",
    "x\0.py",
    "x\n.py",
    "x\r.py",
    "\x1b[31mx",
    "x\x7f",
    "x\u2028y",
    "pkg/\u202egnp.py",
    "a\u200bb.py",
    ".v\u200bscode/settings.json",
    "\ufeffa.py",
    "x\ud800.py",
    "x.",
    "x ",
    "pkg./a.py",
    "pkg /a.py",
    "x\u00a0",
    ".git./config",
    ".git /config",
    "...",
    "CON",
    "con.py",
    "pkg/nul",
    "aux.tar.gz",
    "com1",
    "LPT9.txt",
    "conin$",
    "com¹",
    "GIT~1",
    "GIT~1/config",
    "progra~1.exe",
    "a*b",
    "what?.py",
    "<path>",
    'say"x"',
    "a|b",
    "x" * 256,
    "é" * 128,
    "d/" * 100 + "x",
    "a/" * 4999 + "a",
    "/".join(["y" * 200] * 21),
]


@pytest.mark.parametrize(("raw", "normalised"), GOOD.items())
def test_a_usable_path_is_normalised(raw: str, normalised: str) -> None:
    assert parse_path(raw) == normalised


@pytest.mark.parametrize("raw", OUTSIDE)
def test_a_path_that_leaves_the_workspace_is_refused(raw: str) -> None:
    with pytest.raises(PathOutsideWorkspace):
        parse_path(raw)


@pytest.mark.parametrize("raw", NO_NAME)
def test_a_path_that_not_every_platform_can_hold_is_refused(raw: str) -> None:
    with pytest.raises(PathOutsideWorkspace):
        parse_path(raw)


def test_the_refusal_names_the_path_and_the_reason() -> None:
    with pytest.raises(PathOutsideWorkspace, match=r"'\.\./x' is not a path .*'\.\.'"):
        parse_path("../x")


def test_the_refusal_of_a_long_path_is_short() -> None:
    with pytest.raises(PathOutsideWorkspace) as caught:
        parse_path("x" * 100_000)
    assert len(str(caught.value)) < 250


@given(st.text(max_size=40))
def test_what_is_accepted_stays_inside_and_is_stable(raw: str) -> None:
    try:
        path = parse_path(raw)
    except PathOutsideWorkspace:
        return
    components = path.split("/")
    assert ".." not in components
    assert "" not in components
    assert parse_path(path) == path


NEVER = [
    ".git",
    ".git/config",
    ".git/hooks/pre-commit",
    "vendor/lib/.git/config",
    ".GIT/config",
    ".Git/HEAD",
    ".git./config",
    ".git /config",
    ".g\u200bit/config",
    ".g\u200cit/config",
    ".g\u00adit/config",
    ".ｇit/config",
    ".gıt/config",
    ".gİt/config",
    ".hg/hgrc",
    ".vscode/settings.json",
    ".Vscode/settings.json",
    ".v\u200bscode/settings.json",
    ".ｖscode/settings.json",
    ".vſcode/tasks.json",
    ".vscode\ufe0f/settings.json",
    "sub/.vscode/launch.json",
    "my.code-workspace",
    ".idea/workspace.xml",
    ".cursor/mcp.json",
    ".CURSOR/MCP.JSON",
    ".claude/settings.json",
    ".devcontainer/devcontainer.json",
    ".mcp.json",
    "mcp.json",
    ".env",
    ".env.local",
    ".ENV",
    "deploy/.env.production",
    ".envrc",
    "evil.pth",
    "lib/x.PTH",
    "sitecustomize.py",
    "src/usercustomize.py",
    ".gitmodules",
    ".netrc",
    "pairwright.toml",
    ".pairwrightignore",
    ".aider.conf.yml",
]

ONLY_WITH_APPROVAL = [
    ".github",
    ".github/workflows",
    ".github/workflows/ci.yml",
    ".GitHub/Workflows/ci.yml",
    ".github/actions/x/action.yml",
    ".circleci/config.yml",
    ".husky/pre-commit",
    ".gitlab-ci.yml",
    ".pre-commit-config.yaml",
    ".gitattributes",
    "conftest.py",
    "tests/conftest.py",
    "Conftest.PY",
    "setup.py",
    "setup.cfg",
    "pyproject.toml",
    "tox.ini",
    "pytest.ini",
    "noxfile.py",
    "package.json",
    "web/package.json",
    ".npmrc",
    "vite.config.ts",
    "jest.config.cjs",
    ".eslintrc.js",
    "Makefile",
    "makefile",
    "ma\u212aefile",
    "GNUmakefile",
    "rules.mk",
    "CMakeLists.txt",
    "Cargo.toml",
    "build.rs",
    "build.gradle.kts",
    "Dockerfile",
    "Dockerfile.dev",
    "AGENTS.md",
    "docs/CLAUDE.md",
    ".github/copilot-instructions.md",
    ".cursorrules",
    "ruff.toml",
    "pkg/.Ruff.TOML",
    "mypy.ini",
    "pyrightconfig.json",
    "tsconfig.json",
    "web/tsconfig.build.json",
    ".cargo/config.toml",
    ".cargo",
    "rust-toolchain",
]

EDITABLE = [
    "a.py",
    "git/config.py",
    "src/vscode/settings.json",
    "environment.py",
    "env.py",
    ".environ",
    "github/workflows/ci.yml",
    ".github/ISSUE_TEMPLATE.md",
    "tests/test_conftest.py",
    "mysetup.py",
    "makefiles.md",
    "agents.py",
    "path.py",
    "pth.py",
    "mcp.json.md",
    ".gitignore",
    "config.ts",
    "src/config.js",
    "tsconfig.py",
    "ruff.py",
    "cargo/config.toml",
]


@pytest.mark.parametrize("path", NEVER)
def test_what_runs_or_guards_by_itself_is_never_edited(path: str) -> None:
    assert protection_of(WorkspacePath(path)) is Protection.NEVER
    for require in (require_editable, require_proposable):
        with pytest.raises(ProtectedPath, match=r"never changed by a model.*change it by hand"):
            require(WorkspacePath(path))


@pytest.mark.parametrize("path", ONLY_WITH_APPROVAL)
def test_what_builds_and_assistants_obey_needs_approval(path: str) -> None:
    assert protection_of(WorkspacePath(path)) is Protection.ONLY_WITH_APPROVAL
    with pytest.raises(ProtectedPath, match=r"its own approval.*change it by hand"):
        require_editable(WorkspacePath(path))
    require_proposable(WorkspacePath(path))


@pytest.mark.parametrize("path", EDITABLE)
def test_an_ordinary_file_may_be_edited(path: str) -> None:
    assert not is_protected(WorkspacePath(path))
    require_editable(WorkspacePath(path))


def test_a_protected_file_can_still_be_named_for_reading() -> None:
    assert is_protected(parse_path("pyproject.toml"))
