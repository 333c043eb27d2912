"""Which real commits can a ranking be measured on?

Those whose message asks for what their change does: no merges, no releases, no robots, no change of
layout alone. Repositories are read with git and never written; clones and bare ones serve alike.
"""

import re
import secrets
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self, TypeVar

from pairwright.errors import PathOutsideWorkspace, UserError
from pairwright.syntax.languages.registry import is_test_path, language_of
from pairwright.workspace.paths import WorkspacePath, parse_path

MAX_FILES = 10
MIN_MESSAGE = 20
MOST_READ = 6000
"""Commits of one history that are looked at, the newest first."""

_NO_CODE = {"css", "html", "json", "markdown", "sql", "toml", "yaml"}
_ROBOT = re.compile(r"\bbot\b|\[bot\]|renovate|dependabot|greenkeeper|pre-commit|\bactions?@", re.I)
_NO_REQUEST = re.compile(
    r"(?:\w+(?:\([^)]*\))?!?:\s*)?(?:bump|releas|version|v?\d+\.\d+|prepar\w+ (?:for |the )?v?\d"
    r"|changelog|revert|merge|start version|upgrade dep|update (?:dep|version|change|copyright)"
    r"|re-?format|apply (?:black|ruff|prettier)|run (?:black|ruff|prettier|isort|pre-commit)"
    r"|lint|typos?\b|fix(?:ed|es)? (?:\w+ )?(?:lint|typos?)\b|backport|\[pre-commit)"
    r"|(?:chore|style|release|build|ci|docs)(?:\([^)]*\))?!?:",
    re.I,
)
_TRAILER = re.compile(r"^[A-Z][\w-]+-(?:by|Id|on)\b:.*$|^\s*https?://\S+\s*$", re.M | re.I)
_NUMBER = re.compile(r"\s*\(#\d+\)")
_HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+", re.M)
Item = TypeVar("Item")
# A repository's own settings must not choose programs to run, nor what a diff looks like.
_DIFF_OPTIONS = (
    *("-U0", "-w", "--no-renames", "--no-color", "--no-ext-diff", "--no-textconv"),
    *("--src-prefix=a/", "--dst-prefix=b/"),
)
_SETTINGS = ("-c", "core.quotePath=false", "-c", "log.showSignature=false")
_LOG_FORMAT = "%H%x00%P%x00%an <%ae>%x00%B%x00"


@dataclass(frozen=True, slots=True)
class LineSpan:
    """Lines that a hunk replaces, counted from zero."""

    first: int
    """Of an insertion, the line that it comes before."""
    count: int
    """0: an insertion."""


@dataclass(frozen=True, slots=True)
class Commit:
    """What was asked for, and where the answer turned out to be."""

    repository: str
    digest: str
    parent: str
    message: str
    """Without trailers, links and numbers of pull requests."""
    changes: Mapping[WorkspacePath, tuple[LineSpan, ...]]
    """The parent's source files that change, and where in them; tests are left out."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """A path that a commit changes; a rename is two of them."""

    path: str
    """As git has it: it may be none that a workspace can hold."""
    old_mode: str
    """Six octal digits: `100644` or `100755` for a file; all zero where there was none."""
    new_mode: str
    blob: str
    """The new content's digest; all zero where there is none."""


@dataclass(frozen=True, slots=True)
class LoggedCommit:
    """A commit as the history has it."""

    digest: str
    parents: tuple[str, ...]
    author: str
    body: str
    """The whole message."""
    changes: tuple[FileChange, ...]
    """Against the first parent."""


@dataclass(frozen=True, slots=True)
class TreeFile:
    """What lies at a path of a commit's tree."""

    path: str
    """As git has it: it may be none that a workspace can hold."""
    mode: str
    blob: str
    size: int
    """In bytes; 0 for another repository's commit."""


class Repository:
    """A git repository that is only read; close it when done."""

    def __init__(self, directory: Path) -> None:
        """Start git's reader of objects.

        Raises:
            UserError: there is no repository.
        """
        self.directory = directory
        self.name = f"{directory.parent.name}/{directory.stem}"
        self._git("rev-parse", "--git-dir")
        self._reader = subprocess.Popen(
            self._command("cat-file", "--batch"), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the reader."""
        self._reader.communicate()

    def source_files(self, commit: str) -> dict[WorkspacePath, str]:
        """Return a commit's files of languages that are programmed in, each with its blob."""
        found = {}
        for entry in self._git("ls-tree", "-r", "-z", commit).split("\0"):
            meta, _, path = entry.partition("\t")
            known = _source_path(path) if meta.startswith("100") else None
            if known is not None:
                found[known] = meta.split(" ")[2]
        return found

    def tree(self, commit: str) -> tuple[TreeFile, ...]:
        """Return all that lies in a commit's tree."""
        found = []
        for entry in self._git("ls-tree", "-r", "-z", "-l", commit).split("\0")[:-1]:
            meta, _, path = entry.partition("\t")
            mode, _, blob, size = meta.split()
            found.append(TreeFile(path, mode, blob, int(size) if size.isdigit() else 0))
        return tuple(found)

    def changed_lines(self, parent: str, commit: str) -> dict[str, int | None]:
        """Return how many lines each changed path lost and gained together; None: it is binary."""
        found: dict[str, int | None] = {}
        options = ("--no-renames", "--no-ext-diff", "--no-textconv", "--numstat", "-z")
        for entry in self._git("diff", *options, parent, commit).split("\0")[:-1]:
            gained, lost, path = entry.split("\t", 2)
            found[path] = int(gained) + int(lost) if gained.isdigit() else None
        return found

    def blob(self, digest: str) -> str:
        """Return a blob's text; what is not UTF-8 in it is replaced."""
        return self.content(digest).decode("utf-8", "replace")

    def content(self, digest: str) -> bytes:
        """Return a blob's bytes, whatever attributes and filters say about them."""
        requests, answers = _pipes(self._reader)
        requests.write(digest.encode() + b"\n")
        requests.flush()
        header = answers.readline().split()
        if len(header) != 3:
            raise UserError(f"{self.name!r} has no object {digest!r}; is it a shallow clone?")
        content = answers.read(int(header[2]))
        answers.read(1)
        return content

    def history(self) -> Iterator[LoggedCommit]:
        """Give the commits of the history that are no merges, the newest first."""
        mark = secrets.token_hex(16)  # No message and no path can hold it.
        log = self._git(
            "log", "--no-merges", "--no-renames", "--no-abbrev", "--raw", "-z",
            f"--max-count={MOST_READ}", f"--format={mark}{_LOG_FORMAT}",
        )  # fmt: skip
        for record in log.split(mark)[1:]:
            digest, parents, author, body, files = record.split("\0", 4)
            entries = iter(files.strip("\n\0").split("\0"))
            changes = (
                _file_change(meta, path) for meta, path in zip(entries, entries, strict=False)
            )
            yield LoggedCommit(digest, tuple(parents.split()), author, body, tuple(changes))

    def commits(self, limit: int) -> tuple[Commit, ...]:
        """Return commits to measure on, spread evenly over the history, the oldest first."""
        chosen = _spread(list(self._requests()), limit * 2)
        found = [commit for commit in map(self._commit, chosen) if commit.changes]
        return tuple(reversed(_spread(found, limit)))

    def _requests(self) -> Iterator[Sequence[str]]:
        """Give digest, parent and message of commits that ask for something."""
        for commit in self.history():
            message = clean_message(commit.body)
            changed = [each for each in commit.changes if _source_path(each.path) is not None]
            if (
                commit.parents
                and 1 <= len(changed) <= MAX_FILES
                and not is_robot(commit.author)
                and is_request(message)
            ):
                yield commit.digest, commit.parents[0], message

    def _commit(self, request: Sequence[str]) -> Commit:
        digest, parent, message = request
        diff = self._git("diff", *_DIFF_OPTIONS, parent, digest)
        return Commit(self.name, digest, parent, message, changes_of(diff))

    def _git(self, *arguments: str) -> str:
        try:
            done = subprocess.run(self._command(*arguments), capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise UserError(f"git cannot read {self.name!r}: {error}") from error
        return done.stdout.decode("utf-8", "replace")

    def _command(self, *arguments: str) -> list[str]:
        return ["git", *_SETTINGS, "-C", str(self.directory), *arguments]


def find_repositories(directory: Path) -> tuple[Path, ...]:
    """Return the git repositories in a folder, or one folder further down, by name."""
    places = [directory, *directory.glob("*"), *directory.glob("*/*")]
    return tuple(sorted(place for place in places if _is_repository(place)))


def clean_message(body: str) -> str:
    """Return a commit's message without trailers, links and numbers of pull requests."""
    return _NUMBER.sub("", _TRAILER.sub("", body)).strip()


def is_robot(author: str) -> bool:
    """Tell whether an author, with its address, is a program."""
    return _ROBOT.search(author) is not None


def is_request(message: str) -> bool:
    """Tell whether a message says what to do, and is no release, merge or change of layout."""
    return len(message) >= MIN_MESSAGE and _NO_REQUEST.match(message) is None


def changes_of(diff: str) -> dict[WorkspacePath, tuple[LineSpan, ...]]:
    """Return where a diff without context changes the old text of source files; tests left out."""
    found = {}
    for part in re.split(r"^diff --git ", diff, flags=re.M)[1:]:
        old = re.search(r"^--- a/(.+?)\t?$", part, re.M)
        path = _source_path(old[1]) if old else None
        if path is not None and not is_test_path(path):
            spans = tuple(_span(int(at), int(count or 1)) for at, count in _HUNK.findall(part))
            found[path] = spans
    return found


def _file_change(meta: str, path: str) -> FileChange:
    old_mode, new_mode, _, blob, _ = meta.lstrip(":").split()
    return FileChange(path, old_mode, new_mode, blob)


def _span(line: int, count: int) -> LineSpan:
    return LineSpan(line - 1 if count else line, count)


def _source_path(path: str) -> WorkspacePath | None:
    language = language_of(path)
    if language is None or language.name in _NO_CODE:
        return None
    try:
        return parse_path(path)
    except PathOutsideWorkspace:
        return None


def _is_repository(place: Path) -> bool:
    is_bare = (place / "HEAD").is_file() and (place / "objects").is_dir()
    return place.name != ".git" and (is_bare or (place / ".git").exists())


def _spread(items: Sequence[Item], count: int) -> list[Item]:
    if len(items) <= count:
        return list(items)
    return [items[index * len(items) // count] for index in range(count)]


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("git was started without pipes")
    return process.stdin, process.stdout
