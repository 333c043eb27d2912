"""How is a test command told to run some files of tests only? By runner; nothing is run here.

The program and every option stay as they were, and no option is added but one that says that paths
follow. A command that is not fully understood is not narrowed: all its tests are run. So it is
with `cargo test`, whose unit and documentation tests belong to no file of tests, and with scripts
(`npm test`, `make`, `tox`), which may mean anything.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from pairwright.checks.runners import GO, MODULES, RUNNERS, VITEST, Runner, Words
from pairwright.workspace.paths import WorkspacePath

MAX_FILES = 200
MAX_CHARACTERS = 20_000

_PLAIN_PATH = re.compile(r"[\w./+@,=~ -]+")
"""Other characters are patterns to one runner or another."""
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_PYTHON = re.compile(r"(?:python|pypy)\d*(?:\.\d+)*t?|py")
_INTERPRETER_FLAGS = re.compile(r"-[BEIOPRSbdqsuv]+|-[WX]\S*")
_LAUNCHERS: Mapping[str, frozenset[str]] = {
    "uv": frozenset({"run"}),
    "poetry": frozenset({"run"}),
    "hatch": frozenset({"run"}),
    "pdm": frozenset({"run"}),
    "pipenv": frozenset({"run"}),
    "rye": frozenset({"run"}),
    "bundle": frozenset({"exec"}),
    "pnpm": frozenset({"exec"}),
    "yarn": frozenset({"exec", "run"}),
    "npx": frozenset(),
    "env": frozenset(),
}
"""What runs the program that follows, after one of these words; after none where there is none."""
_LAUNCHER_FLAGS = frozenset({"--frozen", "--locked", "--no-sync", "--offline", "-y", "--yes"})
_LAUNCHER_FLAGS |= {"--no-install", "--quiet", "-q", "--all-extras", "--dev", "--isolated", "--"}


def narrowed(argv: Sequence[str], test_files: Iterable[WorkspacePath]) -> tuple[str, ...] | None:
    """Return a test command that runs these files of tests only, of those that it runs anyway.

    Args:
        argv: the command; its program and options are kept.
        test_files: below the directory in which it is run; the first are run first where the
            runner keeps to that. Files of other languages are not the command's.

    Returns:
        None: that cannot be said to this command, or it would run none of them, so run it whole.
    """
    launcher, words = _after_launchers(tuple(argv))
    start = _runner_at(words)
    if start is None:
        return None
    runner, length = start
    files = tuple(dict.fromkeys(path for path in test_files if path.endswith(runner.suffixes)))
    if not files or len(files) > MAX_FILES or sum(map(len, files)) > MAX_CHARACTERS:
        return None
    if not all(_PLAIN_PATH.fullmatch(path) for path in files):
        return None
    rest = words[length:]
    if any(word.partition("=")[0] in runner.refused for word in rest):
        return None
    arguments = runner.narrow(runner, rest, files)
    return None if arguments is None else (*launcher, *words[:length], *arguments)


def _after_launchers(argv: Words) -> tuple[Words, Words]:
    """Split a command into what only starts another one, and that one."""
    at = 0
    while at < len(argv):
        name = _program(argv[at])
        subcommands = _LAUNCHERS.get(name)
        if subcommands is None:
            break
        follows = at + 1
        if subcommands and argv[follows : follows + 1] and argv[follows] in subcommands:
            follows += 1
        elif subcommands and name != "yarn":
            break
        while follows < len(argv) and (
            argv[follows] in _LAUNCHER_FLAGS or (name == "env" and _ASSIGNMENT.match(argv[follows]))
        ):
            follows += 1
        at = follows
    return argv[:at], argv[at:]


def _runner_at(words: Words) -> tuple[Runner, int] | None:
    """Return the runner that a command begins with, and how many words name it."""
    if not words:
        return None
    program = _program(words[0])
    if program == "coverage" and words[1:2] == ("run",):
        at = 2
        while at < len(words) and words[at].startswith("--") and "=" in words[at]:
            at += 1
        return _module_at(words, at)
    if _PYTHON.fullmatch(program):
        at = 1
        while at < len(words) and _INTERPRETER_FLAGS.fullmatch(words[at]):
            at += 2 if words[at] in ("-W", "-X") else 1
        return _module_at(words, at)
    if program == "go":
        return (GO, 2) if words[1:2] == ("test",) else None
    if program == "vitest":
        return VITEST, 2 if words[1:2] == ("run",) else 1
    runner = RUNNERS.get(program)
    return (runner, 1) if runner is not None else None


def _module_at(words: Words, at: int) -> tuple[Runner, int] | None:
    if words[at : at + 1] != ("-m",) or len(words) < at + 2:
        return None
    runner = MODULES.get(words[at + 1])
    return (runner, at + 2) if runner is not None else None


def _program(word: str) -> str:
    name = word.replace("\\", "/").rpartition("/")[2]
    return name.removesuffix(".exe").removesuffix(".cmd").removesuffix(".js").removesuffix(".mjs")
