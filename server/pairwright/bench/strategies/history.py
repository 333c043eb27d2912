"""Which commits of a repository could be tasks? Those that change sources, and the tests of them.

A repository may be hostile: its settings and attributes can name programs that git would run. So
they are not read at all: git works in a new repository of ours that borrows the other one's
objects. Files are taken byte by byte from their blobs, without filters. Nothing is run here.
"""

import os
import re
import subprocess
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pairwright.bench.commits import (
    MAX_FILES,
    FileChange,
    LoggedCommit,
    Repository,
    clean_message,
    is_request,
    is_robot,
)
from pairwright.bench.strategies.tasks import TaskKind
from pairwright.errors import PathOutsideWorkspace, UserError
from pairwright.syntax.languages.registry import is_test_path, language_of
from pairwright.workspace.paths import Protection, WorkspacePath, parse_path, protection_of

MOST_TREE_FILES = 5_000
MOST_TREE_BYTES = 50_000_000
MOST_MESSAGE = 4_000
FEWEST_WORDS = 4

_FILE_MODES = ("100644", "100755")
_NONE = "000000"
_TEST_FOLDERS = frozenset({"test", "tests", "__tests__", "spec", "testdata", "fixtures"})
_NO_SOURCE = frozenset({"markdown", "json", "toml", "yaml"})
_SAYS_NOTHING = re.compile(
    r"(?:fixup|squash|amend)!|wip\b|oops|address(?:ed|es|ing)? (?:\w+ )?(?:review|comment|feedback)"
    r"|(?:minor|small|more|some) (?:fixes|changes|cleanups?|tweaks|tests)\W*$",
    re.I,
)
_TRAILERS = re.compile(
    r"^(?:git-svn-id|bug|change-id|see|refs?|issue|pull request|pr|ticket)\s*:.*$"
    r"|^\(cherry picked from .*\)$"
    r"|^[ \t*-]*(?:(?:see|refs?|re|closes?|closed|fix(?:e[sd])?|resolves?|resolved)[: ]*)+"
    r"(?:(?:issue|pr|pull request)s? *)?(?:[\w./-]*#|gh-|https?://\S*/)\d+"
    r"(?:(?:,| and| &) *(?:[\w./-]*#|gh-)\d+)*[.\s]*$",
    re.I | re.M,
)
_NUMBERS = re.compile(
    r"[ \t]*[(\[](?:(?:see|refs?|closes?|fix(?:e[sd])?|resolves?|issue|pr)?:? *"
    r"(?:[\w.-]+(?:/[\w.-]+)?)?(?:#|gh-)\d+(?:,? *(?:and|&)? *))+[)\]]"
    r"|[ \t]*(?:,|[:-]|\band\b)?[ \t]*"
    r"\b(?:see|refs?|clos(?:e[sd]?|ing)|fix(?:es|ing)|resolv(?:e[sd]|ing)|issue|pr)?:? *"
    r"(?<!\w)(?:#|gh-)\d+\b",
    re.I,
)
_PREFIX = re.compile(r"(\w+)(?:\([^)]*\))?!?:\s")
_KINDS: tuple[tuple[TaskKind, str], ...] = (
    (
        TaskKind.FIX,
        r"fix\w*|correct\w*|prevent\w*|avoid\w*|handl\w+|repair\w*|resolv\w+|bugs?|crash\w*"
        r"|wrong\w*|regression|broken|errors?|don'?t|do not|ensure|perf",
    ),
    (
        TaskKind.REFACTOR,
        r"refactor\w*|renam\w+|mov(?:e[sd]?|ing)|extract\w*|simplif\w+|clean\w*|rewr\w+|replac\w+"
        r"|remov\w+|drop\w*|deprecat\w+|restructur\w+|split\w*|merg\w+|inline\w*|unif\w+",
    ),
    (TaskKind.DOCUMENT, r"docs?|document\w*|docstrings?|comment\w*"),
    (
        TaskKind.GENERATE,
        r"feat(?:ure)?s?|add\w*|implement\w*|support\w*|allow\w*|introduc\w+|creat\w+|new|mak\w+"
        r"|provid\w+|expos\w+|accept\w*|enabl\w+|extend\w*|improv\w+|us(?:e[sd]?|ing)|show\w*",
    ),
)


class NoTask(UserError):
    """A commit does not become a task; the message says why, without the commit's own words."""

    def __init__(self, reason: str, printed: str = "") -> None:
        """Remember the end of what its tests printed, too."""
        super().__init__(reason)
        self.printed = printed


@dataclass(frozen=True, slots=True)
class Candidate:
    """A commit that may be a task: what it asks for, and what answers it."""

    digest: str
    parent: str
    instruction: str
    kind: TaskKind
    language: str
    """Of most of the sources that it changes."""
    sources: tuple[FileChange, ...]
    """What the solution writes."""
    removed: tuple[WorkspacePath, ...]
    """What it deletes."""
    tests: tuple[FileChange, ...]
    """What is hidden: tests, and what lies with them."""


@contextmanager
def opened_apart(directory: Path) -> Iterator[Repository]:
    """Open a repository without its settings, attributes and hooks.

    Raises:
        UserError: there is no repository, or it has no commit.
    """
    with tempfile.TemporaryDirectory(prefix="pairwright-mine-") as name:
        own = Path(name) / "history.git"
        head = _git(directory, "rev-parse", "--verify", "-q", "HEAD")
        objects = _git(directory, "rev-parse", "--git-path", "objects")
        shallow = directory / _git(directory, "rev-parse", "--git-path", "shallow")
        form = _git(directory, "rev-parse", "--show-object-format")
        _git(Path(name), "init", "-q", "--bare", "--template=", f"--object-format={form}", str(own))
        (own / "objects" / "info").mkdir(parents=True, exist_ok=True)
        # Invariant: of the other repository, git reads objects and the list of cut-off ends only.
        alternates = os.fsencode((directory / objects).resolve()) + b"\n"
        (own / "objects" / "info" / "alternates").write_bytes(alternates)
        if shallow.is_file():
            (own / "shallow").write_bytes(shallow.read_bytes())
        _git(own, "update-ref", "--no-deref", "HEAD", head)
        with Repository(own) as repository:
            yield repository


def candidate_of(commit: LoggedCommit, repository: Repository, max_changed_lines: int) -> Candidate:
    """Return what a commit asks for and what answers it.

    Raises:
        NoTask: it is none; the message says why.
    """
    if not commit.parents:
        raise NoTask("it has no parent")
    if is_robot(commit.author):
        raise NoTask("a program wrote it")
    if not any(_is_test(change.path) for change in commit.changes):
        raise NoTask("it changes no tests")
    if all(_is_test(change.path) or not _is_source(change.path) for change in commit.changes):
        raise NoTask("it changes no sources")
    instruction = instruction_of(commit.body)
    if not says_what_to_do(instruction):
        raise NoTask("its message does not say what to do")
    _check_files(commit.changes)
    tests = tuple(each for each in commit.changes if _is_test(each.path))
    if any(each.new_mode == _NONE for each in tests):
        raise NoTask("it deletes or renames tests")
    others = tuple(each for each in commit.changes if not _is_test(each.path))
    if len(others) > MAX_FILES:
        raise NoTask(f"it changes more than {MAX_FILES} files besides tests")
    _check_lines(
        repository.changed_lines(commit.parents[0], commit.digest), others, max_changed_lines
    )
    return Candidate(
        digest=commit.digest,
        parent=commit.parents[0],
        instruction=instruction,
        kind=kind_of(instruction),
        language=_language_of(others),
        sources=tuple(each for each in others if each.new_mode != _NONE),
        removed=tuple(parse_path(each.path) for each in others if each.new_mode == _NONE),
        tests=tests,
    )


def write_tree(repository: Repository, commit: str, folder: Path) -> None:
    """Write a commit's files into a new folder.

    Links, submodules, and settings of version control and editors are left out.

    Raises:
        NoTask: the tree is too large, or has names that no folder holds together.
    """
    kept = [
        each
        for each in repository.tree(commit)
        if each.mode in _FILE_MODES and _may_be_written(each.path)
    ]
    if len(kept) > MOST_TREE_FILES or sum(each.size for each in kept) > MOST_TREE_BYTES:
        raise NoTask("its tree is too large")
    folder.mkdir()
    for each in kept:
        _write(folder, each.path, repository.content(each.blob), mode=each.mode)


def write_changes(repository: Repository, changes: Sequence[FileChange], folder: Path) -> None:
    """Write the new contents of a commit's files into a new folder.

    Raises:
        NoTask: they have names that no folder holds together.
    """
    folder.mkdir()
    for each in changes:
        _write(folder, each.path, repository.content(each.blob), mode=each.new_mode)


def instruction_of(body: str) -> str:
    """Return a commit's message without trailers and numbers, and what cannot be seen."""
    seen = "".join(
        mark
        for mark in body.replace("\r\n", "\n")
        if mark in "\n\t" or unicodedata.category(mark) not in ("Cc", "Cf")
    )
    lines = _NUMBERS.sub("", _TRAILERS.sub("", clean_message(seen))).splitlines()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def says_what_to_do(instruction: str) -> bool:
    """Tell whether a cleaned message is long enough, not too long, and a request."""
    return (
        is_request(instruction)
        and len(instruction) <= MOST_MESSAGE
        and len(instruction.split()) >= FEWEST_WORDS
        and _SAYS_NOTHING.match(instruction) is None
    )


def kind_of(instruction: str) -> TaskKind:
    """Guess a task's kind: by the first word of its first line, else by any of them."""
    line = instruction.partition("\n")[0].lower()
    prefix = _PREFIX.match(line)
    first = prefix[1] if prefix else line.split()[0]
    for kind, words in _KINDS:
        if re.fullmatch(words, first):
            return kind
    for kind, words in _KINDS:
        if re.search(rf"\b(?:{words})\b", line):
            return kind
    return TaskKind.FIX


def _check_files(changes: Sequence[FileChange]) -> None:
    for change in changes:
        modes = {change.old_mode, change.new_mode} - {_NONE}
        if not modes.issubset(_FILE_MODES):
            raise NoTask("it changes links or submodules")
        try:
            protection = protection_of(parse_path(change.path))
        except PathOutsideWorkspace:
            raise NoTask("it changes a path that no workspace can hold") from None
        if protection is Protection.NEVER or (protection and not _is_test(change.path)):
            raise NoTask("it changes files that a model may not")


def _check_lines(lines: dict[str, int | None], others: Sequence[FileChange], most: int) -> None:
    counts = [lines.get(each.path, 0) for each in others]
    if None in counts:
        raise NoTask("it changes binary files")
    if sum(count or 0 for count in counts) > most:
        raise NoTask(f"it changes more than {most} lines besides tests")


def _is_test(path: str) -> bool:
    return is_test_path(path) or not _TEST_FOLDERS.isdisjoint(path.split("/")[:-1])


def _is_source(path: str) -> bool:
    language = language_of(path)
    return language is not None and language.name not in _NO_SOURCE


def _language_of(changes: Sequence[FileChange]) -> str:
    names = [
        language.name
        for each in changes
        if _is_source(each.path) and (language := language_of(each.path)) is not None
    ]
    return max(names, key=names.count)


def _may_be_written(path: str) -> bool:
    try:
        return protection_of(parse_path(path)) is not Protection.NEVER
    except PathOutsideWorkspace:
        return False


def _write(folder: Path, path: str, content: bytes, *, mode: str) -> None:
    place = folder / parse_path(path)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        if mode == "100755":
            place.chmod(0o755)
    except (FileExistsError, IsADirectoryError, NotADirectoryError):
        raise NoTask("its tree has names that no folder holds together") from None


def _git(directory: Path, *arguments: str) -> str:
    try:
        command = ["git", "-C", str(directory), *arguments]
        done = subprocess.run(command, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        raise UserError(f"{str(directory)!r} is no git repository with commits") from None
    return os.fsdecode(done.stdout).removesuffix("\n")
