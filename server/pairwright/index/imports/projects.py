"""What do bare names of modules stand for, as `tsconfig.json` and `jsconfig.json` say?"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from pairwright.index.imports.paths import directories_above
from pairwright.index.imports.patterns import substituted
from pairwright.index.imports.settings import OutlineOf, Setting, placed, settings_of
from pairwright.workspace.paths import WorkspacePath

MAX_PROJECTS = 2_000
MAX_INHERITED = 30
"""Files from which one has what it does not say itself."""
MAX_ALIASES = 200
"""Of one project; more are not remembered."""

_NAMES = ("tsconfig.json", "jsconfig.json")
"""The first in a directory counts."""
_CONFIG_DIRECTORY = "${configDir}"


@dataclass(frozen=True, slots=True)
class Project:
    """What holds for the files below a directory."""

    root: str | None = None
    """The directory that bare names count from; None: nothing is said of it."""
    aliases: Mapping[str, tuple[str, ...]] | None = None
    """Paths, as they may be in the workspace, by patterns of names."""

    @property
    def says_something(self) -> bool:
        """Whether bare names mean something."""
        return self.root is not None or self.aliases is not None

    def meant(self, name: str) -> Iterator[str]:
        """Give the paths that a bare name may stand for, without what ends them."""
        for target in substituted(name, self.aliases or {}):
            path = placed("", target)
            if path is not None:
                yield path
        path = placed(self.root, name) if self.root is not None else None
        if path is not None:
            yield path


class Projects:
    """The projects of one workspace."""

    def __init__(self, paths: Collection[WorkspacePath], outline_of: OutlineOf) -> None:
        """Read the settings once."""
        reader = _Reader(paths, outline_of)
        self._by_directory: dict[str, tuple[Project, ...]] = {}
        found = [path for path in paths if path.rpartition("/")[2] in _NAMES]
        for path in sorted(found, key=lambda each: (each.count("/"), each))[:MAX_PROJECTS]:
            directory, _, name = path.rpartition("/")
            if directory not in self._by_directory or name == _NAMES[0]:
                self._by_directory[directory] = reader.projects(path)

    def of(self, importer: str) -> tuple[Project, ...]:
        """Return what holds for a file: the nearest settings' projects."""
        for directory in directories_above(importer):
            if directory in self._by_directory:
                return self._by_directory[directory]
        return ()


class _Reader:
    """Reads settings, each file once."""

    def __init__(self, paths: Collection[WorkspacePath], outline_of: OutlineOf) -> None:
        self._paths = paths
        self._outline_of = outline_of
        self._settings: dict[str, tuple[Setting, ...]] = {}

    def projects(self, path: str) -> tuple[Project, ...]:
        """Return a project, or those that it is made of when it says nothing itself."""
        own = self._project(path)
        if own.says_something:
            return (own,)
        directory = path.rpartition("/")[0]
        parts: list[str] = []
        for setting in self._of(path):
            if setting.keys == ("references", "path") and len(parts) < MAX_INHERITED:
                part = placed(directory, setting.value)
                if part is not None:
                    is_file = part.endswith(".json")
                    parts.append(part if is_file else f"{part}/{_NAMES[0]}".lstrip("/"))
        return tuple(filter(lambda each: each.says_something, map(self._project, parts)))

    def _project(self, path: str) -> Project:
        """Return what a file says, with what it inherits; of each setting the nearest counts."""
        top = path.rpartition("/")[0]
        root: str | None = None
        aliases: tuple[str, Mapping[str, list[str]]] | None = None
        for config in self._lineage(path):
            directory = config.rpartition("/")[0]
            said: dict[str, list[str]] = {}
            for setting in self._of(config):
                match setting.keys:
                    case ("compilerOptions", "baseUrl") if root is None:
                        root = placed(*_from(directory, top, setting.value))
                    # Without a third key: of an alias that is called `paths` itself.
                    case ("compilerOptions", "paths", *pattern) if len(said) < MAX_ALIASES:
                        said.setdefault("".join(pattern) or "paths", []).append(setting.value)
            if said and aliases is None:
                aliases = directory, said
        if aliases is None:
            return Project(root)
        directory, all_said = aliases
        return Project(root, _resolved(all_said, root if root is not None else directory, top))

    def _lineage(self, path: str) -> Iterator[str]:
        """Give a file and those that it extends, each once, the nearest first."""
        waiting = [path]
        seen: set[str] = set()
        while waiting and len(seen) < MAX_INHERITED:
            config = waiting.pop()
            if config in seen or config not in self._paths:
                continue
            seen.add(config)
            yield config
            directory = config.rpartition("/")[0]
            for setting in self._of(config):
                # What a package extends lies outside of the workspace.
                if setting.keys == ("extends",) and setting.value.startswith("."):
                    parent = placed(directory, setting.value)
                    if parent is not None:
                        waiting.append(parent if parent.endswith(".json") else parent + ".json")

    def _of(self, path: str) -> tuple[Setting, ...]:
        if path not in self._settings:
            is_there = path in self._paths
            outline = self._outline_of(WorkspacePath(path)) if is_there else None
            self._settings[path] = settings_of(outline)
        return self._settings[path]


def _resolved(
    said: Mapping[str, list[str]], directory: str, top: str
) -> Mapping[str, tuple[str, ...]]:
    found = {}
    for pattern, targets in said.items():
        paths = (placed(*_from(directory, top, target)) for target in targets)
        found[pattern] = tuple(path for path in paths if path is not None)
    return found


def _from(directory: str, top: str, written: str) -> tuple[str, str]:
    """Return what a written path counts from, and the path."""
    if written.startswith(_CONFIG_DIRECTORY):
        return top, written.removeprefix(_CONFIG_DIRECTORY).lstrip("/")
    return directory, written
