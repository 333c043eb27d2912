"""Which files are not ours to read? Git's ignore rules, ours, and what is never source.

A workspace can hide more with `.pairwrightignore`, which has the syntax of `.gitignore`; it cannot
show what another rule hides.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from pairwright.errors import InvalidRequest

IGNORE_FILES = (".gitignore", ".pairwrightignore")
VIRTUAL_ENVIRONMENT_MARK = "pyvenv.cfg"
"""A directory that holds this file is a Python environment, whatever its name."""

_MAX_PATTERN_LENGTH = 1000
_DIRECTORY_MARK = "ps_d"
"""The group by which a compiled pattern says that it matched a directory's final `/`."""
# How a compiled pattern begins that holds in every directory, and how it ends.
_ANYWHERE = "^(?:.+/)?"
_DIRECTORY_END = f"(?P<{_DIRECTORY_MARK}>/)"
_END = f"(?:{_DIRECTORY_END}|$)"

_NEVER_DIRECTORIES = frozenset(
    {".git", ".hg", ".svn", ".jj", ".bzr", "node_modules", "bower_components", "__pycache__"}
    | {".venv", ".tox", ".nox", ".eggs", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
    | {".hypothesis", ".cache", ".next", ".nuxt", ".turbo", ".parcel-cache", ".gradle"}
    | {".terraform", ".direnv", ".ssh", ".gnupg", ".aws", ".pairwright"}
)
# Most of these are secrets: not indexed, so that they cannot be shown by accident.
_NEVER_NAMES = frozenset(
    {".git", ".DS_Store", ".env", ".netrc", ".pypirc"}
    | {"id_rsa", "id_dsa", "id_ecdsa", "id_ed25519"}
)
_NEVER_SUFFIXES = frozenset({"pyc", "pyo", "pyd", "pem", "p12", "pfx", "jks", "keystore", "kdbx"})
_ENVIRONMENT = ".env."
_HARMLESS_ENVIRONMENTS = frozenset({"example", "sample", "template"})


@dataclass(frozen=True, slots=True)
class _Hint:
    """Tells at small cost that no rule speaks of a path, which holds for most paths."""

    name: re.Pattern[str]
    """Matches, at its beginning, a name of which a rule without a directory may speak."""
    path: re.Pattern[str]
    """Finds, from the ignore file's directory on, what another rule may speak of."""


@dataclass(frozen=True, slots=True)
class _Level:
    """The rules of one ignore file."""

    prefix: str
    """Of the paths that it speaks of: its directory with a final `/`, or nothing."""
    patterns: tuple[tuple[re.Pattern[str], bool], ...]
    """Each with whether it ignores; the last of the file first, because it wins."""
    hint: "_Hint"


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """What holds in one directory: its own rules and those of the directories above it."""

    _chains: Mapping[str, tuple[_Level, ...]] = field(default_factory=dict)
    """By the name of the ignore file; innermost level first."""

    def entering(self, directory: str, read: Callable[[str], str | None]) -> "IgnoreRules":
        """Return the rules inside a directory that lies directly in this one.

        Args:
            directory: below the root; empty for the root itself.
            read: gives the text of an ignore file in that directory, or None.
        """
        texts = {name: text for name in IGNORE_FILES if (text := read(name)) is not None}
        if not texts:
            return self
        prefix = directory + "/" if directory else ""
        chains = dict(self._chains)
        for name, text in texts.items():
            patterns = _patterns(text)
            level = _Level(prefix, patterns, _hint_of(patterns))
            chains[name] = (level, *chains.get(name, ()))
        return IgnoreRules(chains)

    def ignores_directory(self, path: str) -> bool:
        """Tell whether a directory is ignored, with everything below it."""
        name = path.rpartition("/")[2]
        if name in _NEVER_DIRECTORIES or name.endswith(".egg-info"):
            return True
        return any(_is_matched(chain, path + "/") for chain in self._chains.values())

    def ignores_file(self, path: str) -> bool:
        """Tell whether a file is ignored."""
        if _is_never_read(path.rpartition("/")[2]):
            return True
        return bool(self._chains) and any(
            _is_matched(chain, path) for chain in self._chains.values()
        )


def _is_never_read(name: str) -> bool:
    _, dot, suffix = name.rpartition(".")
    if name in _NEVER_NAMES or (dot and suffix in _NEVER_SUFFIXES):
        return True
    kind = name.removeprefix(_ENVIRONMENT)
    return kind is not name and kind not in _HARMLESS_ENVIRONMENTS


def _is_matched(chain: tuple[_Level, ...], path: str) -> bool:
    """Return what the last rule that speaks of the path says; a directory's ends with `/`."""
    name = path[path.rfind("/", 0, -1) + 1 :]
    for level in chain:
        inner_path = path[len(level.prefix) :]
        if not level.hint.name.match(name) and not level.hint.path.search(inner_path):
            continue
        for regex, is_ignoring in level.patterns:
            matches = regex.finditer(inner_path)
            if any(_is_of_path_itself(match, inner_path) for match in matches):
                return is_ignoring
    return False


def path_matcher(pattern: str) -> Callable[[str], bool]:
    """Return what tells whether a path matches a line as in an ignore file.

    Raises:
        InvalidRequest: it is no such line.
    """
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines([pattern]).match_file
    except (ValueError, re.error) as error:
        raise InvalidRequest(f"{pattern!r} is no pattern: {error}") from None


def _is_of_path_itself(match: re.Match[str], path: str) -> bool:
    """Tell whether a rule speaks of the path, not of a directory above it.

    The latter is decided where the walk enters that directory; taking it up again would let `!*/`
    show every file. And `directory/**` speaks of what is inside, not of the directory.
    """
    if match.groupdict().get(_DIRECTORY_MARK) is not None:
        return match.end(_DIRECTORY_MARK) == len(path)
    return not path.endswith("/") or match.end() < len(path)


def _patterns(text: str) -> tuple[tuple[re.Pattern[str], bool], ...]:
    """Leave out what is no pattern: one bad line must not switch the others off."""
    # Here, because few processes ever compile a rule, and all would wait for it when they start.
    from pathspec import GitIgnoreSpec

    patterns = []
    for line in text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"):
        if len(line) > _MAX_PATTERN_LENGTH:
            continue
        with suppress(ValueError):
            for pattern in GitIgnoreSpec.from_lines([line]).patterns:
                if pattern.regex is not None and pattern.include is not None:
                    patterns.append((pattern.regex, pattern.include))
    return tuple(reversed(patterns))


def _hint_of(patterns: tuple[tuple[re.Pattern[str], bool], ...]) -> _Hint:
    names: list[str] = []
    paths: list[str] = []
    for regex, _ in patterns:
        rest = regex.pattern.removeprefix(_ANYWHERE)
        inner = rest.removesuffix(_END).removesuffix(_DIRECTORY_END).replace("[^/]", "")
        is_of_name = rest not in (regex.pattern, inner) and "/" not in inner
        (names if is_of_name else paths).append(rest if is_of_name else regex.pattern)
    return _Hint(_any_of(names), _any_of(paths))


def _any_of(sources: list[str]) -> re.Pattern[str]:
    # A group's name may come only once in a pattern.
    unnamed = [source.replace(f"?P<{_DIRECTORY_MARK}>", "?:") for source in sources]
    return re.compile("|".join(f"(?:{source})" for source in unnamed) or "(?!)")
