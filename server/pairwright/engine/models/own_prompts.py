"""Which prompts has the person replaced? Those in directories of theirs, by our names.

A workspace has no say in it: whoever can write prompts can make a model write anything.
"""

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pairwright.strategies.wording import PURPOSES, why_unusable
from pairwright.syntax.languages.registry import language_named

PROMPTS_FOLDER = "prompts"
"""In a workspace's state directory: what counts for this workspace alone."""
MOST_BYTES = 64 * 1024
_MOST_ENTRIES = 1_000
_SUFFIX = ".md"


@dataclass(frozen=True, slots=True)
class FoundPrompts:
    """What the directories hold."""

    texts: dict[str, str]
    """By the prompt's name, or by that and a language, as in "repair.python"."""
    problems: tuple[str, ...]
    """A sentence for each file that is not used."""


NOTHING = FoundPrompts({}, ())


class OwnPrompts:
    """The person's own prompts, read anew when a file has changed."""

    def __init__(self, *directories: Path) -> None:
        """Look there, if anywhere; none need exist, and what lies in a later one counts more."""
        self._directories = directories
        self._stamps: tuple[tuple[Path, str, int, int], ...] = ()
        self._found = NOTHING

    def read(self) -> FoundPrompts:
        """Return what is there now; a file that cannot be used is told of and left out."""
        files = {directory: _files_below(directory) for directory in self._directories}
        stamps = tuple(
            (directory, name, info.st_mtime_ns, info.st_size)
            for directory, found in files.items()
            for name, info in found.items()
        )
        if stamps != self._stamps:
            self._found = NOTHING
            for directory, found in files.items():
                self._found = _over(self._found, _read(directory, found))
            self._stamps = stamps
        return self._found


def split_name(name: str) -> tuple[str, str]:
    """Return the prompt's name and the language that it is for, empty when for all."""
    base, dot, language = name.rpartition(".")
    return (base, language) if dot and base in PURPOSES else (name, "")


def _over(found: FoundPrompts, more: FoundPrompts) -> FoundPrompts:
    """Return both; one for all languages takes the place of the other's for one language, too."""
    kept = {
        name: text for name, text in found.texts.items() if split_name(name)[0] not in more.texts
    }
    return FoundPrompts({**kept, **more.texts}, (*found.problems, *more.problems))


def _files_below(directory: Path) -> dict[str, os.stat_result]:
    """Return the prompt files of a directory and of its folders, by their names in order."""
    found: dict[str, os.stat_result] = {}
    for folder in (directory, *(directory / each for each in _folders())):
        try:
            names = [name for name in os.listdir(folder) if name.endswith(_SUFFIX)]
        except OSError:
            continue  # most people have none
        for name in names[:_MOST_ENTRIES]:
            path = folder / name
            with suppress(OSError):  # it went away just now
                info = path.stat()
                found[path.relative_to(directory).as_posix().removesuffix(_SUFFIX)] = info
    return dict(sorted(found.items()))


def _folders() -> list[str]:
    return sorted({name.partition("/")[0] for name in PURPOSES if "/" in name})


def _read(directory: Path, files: dict[str, os.stat_result]) -> FoundPrompts:
    texts: dict[str, str] = {}
    problems: list[str] = []
    for name, info in files.items():
        text, problem = _usable_text(directory / f"{name}{_SUFFIX}", name, info)
        if problem is None:
            texts[name] = text
        else:
            problems.append(f"the prompt {name!r} is not used, ours is: {problem}")
    return FoundPrompts(texts, tuple(problems))


def _usable_text(path: Path, name: str, info: os.stat_result) -> tuple[str, str | None]:
    # Before it is opened: reading a pipe that lies there would never end.
    if not stat.S_ISREG(info.st_mode):
        return "", "it is no regular file"
    if info.st_size > MOST_BYTES:
        return "", f"it has more than {MOST_BYTES // 1024} KB"
    try:
        text = path.read_text("utf-8").strip()
    except OSError as error:
        return "", f"it cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        return "", "it is not UTF-8"
    base, language = split_name(name)
    if language and language_named(language) is None:
        return "", f"no language is called {language!r} here"
    return text, why_unusable(base, text)
