"""Where are the modules of packages that a workspace holds itself? As their `package.json` say."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from pairwright.index.imports.paths import directories_above
from pairwright.index.imports.patterns import matches_one, substituted
from pairwright.index.imports.settings import PNPM_WORKSPACE, OutlineOf, placed, settings_of
from pairwright.workspace.paths import WorkspacePath

MAX_PACKAGES = 2_000
MAX_PATTERNS = 100
"""Of the packages of one workspace."""

_ENTRIES = ("source", "types", "typings", "module", "main")
"""What names the first file of a package, the likeliest to be there first."""
_SUFFIXES = (".d.ts", ".d.mts", ".d.cts", ".js", ".mjs", ".cjs", ".jsx")
"""Of files that are made of others."""
_SOURCES = ("src/", "")
_MOST_BUILT_LEVELS = 3


@dataclass(frozen=True, slots=True)
class _Package:
    directory: str
    name: str
    exports: Mapping[str, tuple[str, ...]]
    """By what follows the name, with a dot before it."""
    imports: Mapping[str, tuple[str, ...]]
    """By names that begin with `#`."""
    entries: tuple[str, ...]

    def meant(self, rest: str) -> Iterator[str]:
        """Give the paths that may be meant by `.`, the package, or by `./x`, a module of it."""
        targets = [*substituted(rest, self.exports), *(self.entries if rest == "." else ())]
        yield from self._paths(targets)
        rest = "index" if rest == "." else rest
        yield from self._paths(source + rest for source in _SOURCES)

    def meant_inside(self, name: str) -> Iterator[str]:
        """Give the paths that may be meant by a name with `#`."""
        targets = substituted(name, self.imports)
        yield from self._paths(target for target in targets if target.startswith("."))

    def _paths(self, targets: Iterator[str] | list[str]) -> Iterator[str]:
        for target in targets:
            path = placed(self.directory, target)
            if path is None:
                continue
            yield path
            yield from (
                f"{self.directory}/{each}".lstrip("/") for each in _sources_of(placed("", target))
            )


class ScriptPackages:
    """The packages of one workspace, and what they call each other."""

    def __init__(self, paths: Collection[WorkspacePath], outline_of: OutlineOf) -> None:
        """Read the settings once."""
        self._packages: dict[str, _Package] = {}
        self._members: dict[str, dict[str, _Package]] = {}
        """By the directory of a workspace of packages, those of it by name."""
        patterns: dict[str, list[str]] = {}
        wanted = ("package.json", PNPM_WORKSPACE)
        found = [path for path in paths if path.rpartition("/")[2] in wanted]
        for path in sorted(found, key=lambda each: (each.count("/"), each))[:MAX_PACKAGES]:
            directory, _, name = path.rpartition("/")
            settings = [(each.keys, each.value) for each in settings_of(outline_of(path))]
            patterns.setdefault(directory, []).extend(
                value
                for keys, value in settings
                if keys in (("workspaces",), ("workspaces", "packages"), ("packages",))
            )
            if name == "package.json":
                self._packages[directory] = _package(directory, settings)
        for directory, chosen in patterns.items():
            if chosen:
                self._members[directory] = self._chosen(directory, chosen[:MAX_PATTERNS])

    def meant(self, name: str, importer: str) -> Iterator[str]:
        """Give the paths that a name may stand for, without what ends them."""
        if name.startswith("#"):
            own = self._around(importer)
            yield from own.meant_inside(name) if own is not None else ()
            return
        parts = name.split("/")
        length = 2 if name.startswith("@") else 1
        package = self._named("/".join(parts[:length]), importer)
        if package is not None:
            yield from package.meant("/".join([".", *parts[length:]]))

    def _named(self, name: str, importer: str) -> _Package | None:
        own = self._around(importer)
        if own is not None and own.name == name:
            return own
        for directory in directories_above(importer):
            found = self._members.get(directory, {}).get(name)
            if found is not None:
                return found
        return None

    def _around(self, importer: str) -> _Package | None:
        around = directories_above(importer)
        return next((self._packages[each] for each in around if each in self._packages), None)

    def _chosen(self, root: str, patterns: list[str]) -> dict[str, _Package]:
        start = f"{root}/" if root else ""
        found: dict[str, _Package] = {}
        for directory, package in self._packages.items():
            is_below = directory.startswith(start) and directory != root
            if is_below and package.name and matches_one(directory[len(start) :], patterns):
                found.setdefault(package.name, package)
        return found


def _package(directory: str, settings: list[tuple[tuple[str, ...], str]]) -> _Package:
    exports: dict[str, tuple[str, ...]] = {}
    imports: dict[str, tuple[str, ...]] = {}
    fields: dict[str, str] = {}
    for keys, value in settings:
        match keys:
            case ("exports", rest, *_) if rest.startswith("."):
                exports[rest] = (*exports.get(rest, ()), value)
            case ("exports", *_):
                exports["."] = (*exports.get(".", ()), value)
            case ("imports", name, *_):
                imports[name] = (*imports.get(name, ()), value)
            case (field,):
                fields.setdefault(field, value)
    entries = tuple(fields[each] for each in _ENTRIES if each in fields)
    return _Package(directory, fields.get("name", ""), exports, imports, entries)


def _sources_of(target: str | None) -> Iterator[str]:
    """Give where the source of a file may be that a build makes: `dist/x.js` is of `src/x`."""
    suffix = next((each for each in _SUFFIXES if target and target.endswith(each)), None)
    if not target or suffix is None:
        return
    parts = target.removesuffix(suffix).split("/")
    for level in range(1, min(len(parts), _MOST_BUILT_LEVELS + 1)):
        for source in _SOURCES:
            yield source + "/".join(parts[level:])
