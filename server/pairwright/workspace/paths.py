"""Which file of the workspace is meant? The one path check of the project.

`parse_path` decides what a path may look like, by its text alone; that the file itself lies inside
the workspace, and is no symbolic link, is enforced by `workspace.files` when it is opened.
Protected paths are those where a change runs code by itself, or loosens a guard, before a person
has looked at it. They are compared as the most forgiving file system would: case, width and
invisible characters make no difference.
"""

import re
import unicodedata
from enum import StrEnum
from typing import NewType

from pairwright.errors import PathOutsideWorkspace, ProtectedPath

WorkspacePath = NewType("WorkspacePath", str)
"""A path below the workspace's root: relative, `/`-separated, normalised, checked."""


class Protection(StrEnum):
    """How strictly a path is protected."""

    NEVER = "never"
    """Settings of version control, editors and assistants, and files that Python runs at start."""
    ONLY_WITH_APPROVAL = "only_with_approval"
    """Files that builds, tests and package managers run, rules that assistants follow, and what
    tells linters and type checkers to look away."""


MAX_PATH_BYTES = 4095
MAX_NAME_BYTES = 255
MAX_COMPONENTS = 100

# Most paths are of this kind and need no closer look: letters, digits and `_ - + @ .` of ASCII, no
# dot at a name's end, no name of a device, and no name that could be too long.
_PLAIN_NAME = (
    r"(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|/|\Z))[a-z0-9_\-+@.]{0,200}[a-z0-9_\-+@](?![^/])"
)
_PLAIN_PATH = re.compile(rf"{_PLAIN_NAME}(?:/{_PLAIN_NAME}){{0,18}}", re.ASCII | re.IGNORECASE)
_PERCENT_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_SHELL_VARIABLE = re.compile(r"\$(?:\{\w+\}?|[A-Z_]+)$")
_SHORT_NAME = re.compile(r"[^.]{1,8}~\d{1,3}(?:\.[^.]{0,3})?$")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])$", re.IGNORECASE)
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_SHOWN_OF_A_BAD_PATH = 80

_NEVER_DIRECTORIES = frozenset(
    {".git", ".hg", ".svn", ".jj", ".bzr", ".vscode", ".idea", ".fleet", ".zed", ".devcontainer"}
    | {".cursor", ".claude", ".codex", ".gemini", ".windsurf", ".continue", ".roo", ".clinerules"}
    | {".pairwright", ".ssh", ".aws", ".gnupg", ".direnv"}
)
_NEVER_NAMES = frozenset(
    {".mcp.json", "mcp.json", ".envrc", ".gitmodules", ".gitconfig", ".netrc", ".pypirc"}
    | {"sitecustomize.py", "usercustomize.py", "pairwright.toml", ".pairwrightignore"}
)
_NEVER_PATTERN = re.compile(r"\.env(?:$|[.\-_].*)|.*\.pth$|.*\.code-workspace$|\.aider.*")

_APPROVAL_DIRECTORIES = frozenset(
    {(".github", "workflows"), (".github", "actions"), (".circleci",), (".husky",), (".githooks",)}
    | {(".cargo",)}
)
_APPROVAL_NAMES = frozenset(
    {"conftest.py", "setup.py", "setup.cfg", "pyproject.toml", "tox.ini", "pytest.ini"}
    | {"noxfile.py", "package.json", ".npmrc", ".yarnrc", ".yarnrc.yml", ".pnpmfile.cjs"}
    | {"makefile", "gnumakefile", "justfile", "rakefile", "gemfile", "cmakelists.txt", "build.rs"}
    | {"cargo.toml", "pom.xml", ".gitattributes", ".gitlab-ci.yml", "jenkinsfile"}
    | {"ruff.toml", ".ruff.toml", "mypy.ini", ".mypy.ini", ".flake8", "pyrightconfig.json"}
    | {".eslintignore", "rust-toolchain", "rust-toolchain.toml", "go.work"}
    | {".pre-commit-config.yaml", ".pre-commit-config.yml", "dockerfile", "docker-compose.yml"}
    | {"agents.md", "claude.md", "gemini.md", "copilot-instructions.md"}
    | {".cursorrules", ".windsurfrules", ".goosehints"}
)
_APPROVAL_PATTERN = re.compile(
    r".*\.gradle(?:\.kts)?$|.*\.mk$|.*\.config\.[cm]?[jt]s$|dockerfile\..*|\.(?:eslint|babel)rc.*"
    r"|tsconfig(?:\..*)?\.json"
)
_INVISIBLE_EXTRAS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_DOT_ABOVE = "\u0307"


def parse_path(raw: str) -> WorkspacePath:
    """Return the path normalised: no `.` components, no doubled separators.

    Protected files have valid paths, so that they can be read; `require_editable` refuses them.

    Raises:
        PathOutsideWorkspace: it leaves the workspace, or is no path that a workspace can hold on
            every platform; the message says why.
    """
    if _PLAIN_PATH.fullmatch(raw):
        return WorkspacePath(raw)
    _check_whole(raw)
    components = [component for component in raw.split("/") if component not in ("", ".")]
    if not components:
        raise _refusal(raw, "it names no file")
    if len(components) > MAX_COMPONENTS:
        raise _refusal(raw, f"it has more than {MAX_COMPONENTS} components")
    for component in components:
        _check_component(raw, component)
    if components[0].startswith("~") or _SHELL_VARIABLE.match(components[0]):
        raise _refusal(raw, "it begins with something that only a shell expands")
    return WorkspacePath("/".join(components))


def protection_of(path: WorkspacePath) -> Protection | None:
    """Return how strictly a path is protected, whether or not the file exists; None: not at all."""
    components = [_fold(component) for component in path.split("/")]
    name = components[-1]
    if _NEVER_DIRECTORIES.intersection(components) or name in _NEVER_NAMES:
        return Protection.NEVER
    if _NEVER_PATTERN.fullmatch(name):
        return Protection.NEVER
    if any(_lies_in(components, directory) for directory in _APPROVAL_DIRECTORIES):
        return Protection.ONLY_WITH_APPROVAL
    if name in _APPROVAL_NAMES or _APPROVAL_PATTERN.fullmatch(name):
        return Protection.ONLY_WITH_APPROVAL
    return None


def is_protected(path: WorkspacePath) -> bool:
    """Tell whether no change may touch the path."""
    return protection_of(path) is not None


def require_proposable(path: WorkspacePath) -> None:
    """Return when a change may be proposed that touches the path, be it one that needs a yes.

    Raises:
        ProtectedPath: not even that; the message says what to do instead.
    """
    if protection_of(path) is Protection.NEVER:
        raise ProtectedPath(
            f"{path!r} is never changed by a model: it can run code or loosen a guard by "
            "itself; change it by hand"
        )


def require_editable(path: WorkspacePath) -> None:
    """Return when a change may touch the path, and nobody has to be asked for it.

    Raises:
        ProtectedPath: it may not; the message says what to do instead.
    """
    require_proposable(path)
    if protection_of(path) is Protection.ONLY_WITH_APPROVAL:
        raise ProtectedPath(
            f"{path!r} would need its own approval, because builds, tests or assistants obey "
            "it; change it by hand, or ask for a change of other files"
        )


def _check_whole(raw: str) -> None:
    if not raw or raw.isspace():
        raise _refusal(raw, "it is empty")
    if len(raw.encode("utf-8", "surrogatepass")) > MAX_PATH_BYTES:
        raise _refusal(raw, f"it is longer than {MAX_PATH_BYTES} bytes")
    if any(unicodedata.category(character) in _INVISIBLE_CATEGORIES for character in raw):
        raise _refusal(raw, "it holds an invisible or control character")
    if "\\" in raw:
        raise _refusal(raw, "it holds a backslash; separate with '/'")
    if raw.startswith("/"):
        raise _refusal(raw, "it is absolute; give it relative to the workspace's root")
    if ":" in raw:
        raise _refusal(raw, "it holds ':', as a URI, a drive letter or a stream does")
    if _PERCENT_ESCAPE.search(raw):
        raise _refusal(raw, "it holds a percent escape")
    if raw.endswith("/"):
        raise _refusal(raw, "it names a directory")


def _check_component(raw: str, component: str) -> None:
    if component == "..":
        raise _refusal(raw, "it holds '..'")
    if len(component.encode("utf-8")) > MAX_NAME_BYTES:
        raise _refusal(raw, f"a name in it is longer than {MAX_NAME_BYTES} bytes")
    if component[-1] == "." or component[-1].isspace():
        raise _refusal(raw, "a name in it ends with a dot or a space")
    if any(character in '*?"<>|' for character in component):
        raise _refusal(raw, 'it holds one of the characters * ? " < > |')
    if _DEVICE.match(component.split(".")[0].rstrip()):
        raise _refusal(raw, "a name in it is a device on some platforms")
    if _SHORT_NAME.match(component):
        raise _refusal(raw, "a name in it is the short form of another name on some platforms")


def _refusal(raw: str, reason: str) -> PathOutsideWorkspace:
    shown = raw if len(raw) <= _SHOWN_OF_A_BAD_PATH else raw[:_SHOWN_OF_A_BAD_PATH] + "…"
    return PathOutsideWorkspace(f"{shown!r} is not a path in the workspace: {reason}")


def _lies_in(components: list[str], directory: tuple[str, ...]) -> bool:
    """Tell whether a path lies in a directory, at any depth, or would take its place."""
    length = len(directory)
    if any(tuple(components[i : i + length]) == directory for i in range(len(components))):
        return True
    return len(components) < length and tuple(components) == directory[: len(components)]


def _fold(component: str) -> str:
    folded = unicodedata.normalize("NFKC", component).casefold().replace("ı", "i")
    folded = unicodedata.normalize("NFKC", folded)
    visible = (
        character
        for character in folded
        if unicodedata.category(character) not in ("Cf", "Cc")
        and character not in _INVISIBLE_EXTRAS
        and character != _DOT_ABOVE
        and not "\ufe00" <= character <= "\ufe0f"
    )
    return "".join(visible).rstrip(". ")
