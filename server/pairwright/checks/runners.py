"""How does each test runner read its words, and where does it take paths?

One table a runner: options whose value is the next word, options without one, and those with which
paths mean something else. What is in no table is not understood, and not guessed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from pairwright.workspace.paths import WorkspacePath

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Runner:
    """One runner."""

    narrow: Callable[["Runner", Words, Sequence[WorkspacePath]], Words | None]
    """Returns its words for some files; None: that cannot be said."""
    suffixes: tuple[str, ...]
    """Of the files that it can run."""
    with_value: frozenset[str] = frozenset()
    """Options whose value may be the next word."""
    flags: frozenset[str] = frozenset()
    """Options without a value."""
    refused: frozenset[str] = frozenset()
    """Options with which paths mean something else, or are chosen in another way."""


def _positionals(runner: Runner, words: Words) -> list[int] | None:
    """Return where the words stand that are no options; None: it cannot be told."""
    found: list[int] = []
    at = 0
    while at < len(words):
        word = words[at]
        if word == "--":
            return None
        if not word.startswith("-"):
            found.append(at)
        elif word in runner.with_value:
            at += 1
        elif not _stands_alone(runner, word):
            is_last = at + 1 == len(words) or words[at + 1].startswith("-")
            if not is_last:
                return None
        at += 1
    return found


def _stands_alone(runner: Runner, word: str) -> bool:
    if "=" in word or word in runner.flags:
        return True
    if word.startswith("--"):
        return False
    # `-vv`, `-xq`, and a value that is joined to its option, such as `-n4`.
    is_joined = word[:2] in runner.with_value and len(word) > 2
    return is_joined or all(f"-{letter}" in runner.flags for letter in word[1:])


def _argument(path: str) -> str:
    """Return a path as a word that no runner takes for an option or a list of words."""
    return f"./{path}" if path.startswith(("-", "@", "~", "+")) else path


def _among(files: Iterable[WorkspacePath], paths: Sequence[str]) -> list[str]:
    """Return the files that lie at some paths; of a path that says more than a file, that path."""
    found: list[str] = []
    for file in files:
        for path in paths:
            place = path.removeprefix("./").rstrip("/")
            if place in ("", ".") or file == place or file.startswith(f"{place}/"):
                found.append(_argument(file))
                break
            if place.startswith((f"{file}::", f"{file}:", f"{file}[")):
                found.append(path)
    return found


def _by_path(runner: Runner, words: Words, files: Sequence[WorkspacePath]) -> Words | None:
    """Narrow a runner that takes paths, in any number, at the end."""
    places = _positionals(runner, words)
    if places is None:
        return None
    given = [words[place] for place in places]
    kept = _among(files, given) if given else [_argument(file) for file in files]
    options = [word for place, word in enumerate(words) if place not in places]
    return (*options, *kept) if kept else None


def _by_one_path(runner: Runner, words: Words, files: Sequence[WorkspacePath]) -> Words | None:
    return _by_path(runner, words, files) if len(files) == 1 else None


def _by_pattern(
    runner: Runner, words: Words, files: Sequence[WorkspacePath], *before: str
) -> Words | None:
    """Narrow a runner whose options may swallow the words after them: paths come first."""
    places = _positionals(runner, words)
    if places is None:
        return None
    given = [words[place] for place in places]
    kept = [_argument(file) for file in files if not given or _matches(file, given)]
    options = [word for place, word in enumerate(words) if place not in places]
    return (*before, *kept, *options) if kept else None


def _jest(runner: Runner, words: Words, files: Sequence[WorkspacePath]) -> Words | None:
    return _by_pattern(runner, words, files, "--runTestsByPath")


def _matches(file: str, patterns: Iterable[str]) -> bool:
    """Tell whether a path, a part of one, or a simple pattern of paths says this file."""
    for pattern in patterns:
        place = pattern.removeprefix("./")
        if place.rstrip("/") in file or fnmatchcase(file, place.replace("**/", "*")):
            return True
    return False


def _unittest(runner: Runner, words: Words, files: Sequence[WorkspacePath]) -> Words | None:
    if "discover" in words:
        return _discovered(words, files)
    modules = [_module_name(file) for file in files]
    places = _positionals(runner, words)
    if places is None or not all(_is_module(module) for module in modules):
        return None
    given = [words[place] for place in places]
    if given:
        modules = [
            name
            for name in given
            if any(
                _is_within(_module_name(name), module) or _is_within(module, _module_name(name))
                for module in modules
            )
        ]
    options = [word for place, word in enumerate(words) if place not in places]
    return (*options, *modules) if modules else None


def _discovered(words: Words, files: Sequence[WorkspacePath]) -> Words | None:
    """Narrow `discover`: to modules where it starts at the top, else to one file by its pattern."""
    at = words.index("discover")
    rest = list(words[at + 1 :])
    where = {"-s": ".", "-t": "", "-p": "test*.py"}
    long_names = {"--start-directory": "-s", "--top-level-directory": "-t", "--pattern": "-p"}
    options = []
    while rest:
        word, equals, value = rest.pop(0).partition("=")
        name = long_names.get(word, word)
        if name in where and (equals or rest):
            where[name] = value if equals else rest.pop(0)
        elif word in _UNITTEST.flags:
            options.append(word)
        else:
            return None
    start = where["-s"].removeprefix("./").rstrip("/") or "."
    inside = [
        file
        for file in files
        if (start == "." or file.startswith(f"{start}/"))
        and fnmatchcase(file.rpartition("/")[2], where["-p"])
    ]
    is_at_top = where["-t"] in (".", "./") or (start == "." and not where["-t"])
    modules = [_module_name(file) for file in inside]
    if not inside or any(word not in _UNITTEST.flags for word in words[:at]):
        return None
    if is_at_top and all(_is_module(module) for module in modules):
        return (*words[:at], *options, *modules)
    if len(inside) > 1:
        return None
    top = ("-t", where["-t"]) if where["-t"] else ()
    name = inside[0].rpartition("/")[2]
    return (*words[: at + 1], *options, "-s", where["-s"], *top, "-p", name)


def _module_name(path: str) -> str:
    return path.removeprefix("./").removesuffix(".py").replace("/", ".")


def _is_module(name: str) -> bool:
    return all(part.isidentifier() for part in name.split("."))


def _is_within(name: str, around: str) -> bool:
    return name == around or name.startswith(f"{around}.")


def _go(runner: Runner, words: Words, files: Sequence[WorkspacePath]) -> Words | None:
    """Narrow to the packages of the files: a package is what Go runs."""
    end = words.index("-args") if "-args" in words else len(words)
    places = _positionals(runner, words[:end])
    if places is None:
        return None
    directories = list(dict.fromkeys(f"./{file}".rpartition("/")[0] for file in files))
    given = [words[place] for place in places]
    if not all(each == "." or each.startswith("./") for each in given):
        return None
    if not given:
        given = ["."]
    kept = [each for each in directories if any(_is_package(each, pattern) for pattern in given)]
    options = [word for place, word in enumerate(words[:end]) if place not in places]
    return (*options, *kept, *words[end:]) if kept else None


def _is_package(directory: str, pattern: str) -> bool:
    if pattern.endswith("/..."):
        around = pattern.removesuffix("/...")
        return directory == around or directory.startswith(f"{around}/")
    return directory == pattern.rstrip("/")


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_PYTEST = Runner(
    _by_path,
    (".py",),
    with_value=_names(
        "-k -m -c -p -o -n -W -r --rootdir --maxfail --tb --durations --durations-min --junitxml "
        "--junit-xml --cov-report --cov-config --ignore --ignore-glob --deselect --timeout --dist "
        "--numprocesses --override-ini --basetemp --confcutdir --import-mode --capture --color "
        "--log-level --log-cli-level --log-file --log-format --config-file --asyncio-mode --ds "
        "--cov-fail-under --reruns --pythonwarnings"
    ),
    flags=_names(
        "-v -q -x -s -l --verbose --quiet --exitfirst --lf --ff --nf --sw --last-failed --no-cov "
        "--failed-first --strict-markers --strict-config --strict --showlocals --no-header "
        "--no-summary --disable-warnings --disable-pytest-warnings --cache-clear --doctest-modules "
        "--full-trace --runslow --reuse-db --create-db --no-migrations --noconftest --cov-append "
        "--cov-branch"
    ),
    refused=_names("--pyargs --collect-only --co --testmon --help -h --version --fixtures"),
)
_UNITTEST = Runner(
    _unittest,
    (".py",),
    with_value=_names("-k --durations"),
    flags=_names("-v -q -f -c -b --verbose --quiet --failfast --catch --buffer --locals --help -h"),
)
GO = Runner(
    _go,
    ("_test.go",),
    with_value=_names(
        "-run -skip -count -timeout -cpu -parallel -tags -bench -benchtime -covermode -coverpkg "
        "-coverprofile -ldflags -gcflags -mod -p -shuffle -vet -o -outputdir -exec -fuzz -C"
    ),
    flags=_names("-v -race -short -failfast -json -cover -benchmem -a -x -n -trimpath -msan"),
    refused=_names("-fuzz -C -modfile -list"),
)
_SCRIPTS = (".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts")
_JEST = Runner(
    _jest,
    _SCRIPTS,
    with_value=_names(
        "-c -t -w --config --testNamePattern --maxWorkers --reporters --testTimeout --env "
        "--coverageDirectory --coverageReporters --rootDir --shard --setupFilesAfterEach --seed"
    ),
    flags=_names(
        "-i -b -e --runInBand --bail --ci --coverage --verbose --silent --no-coverage --forceExit "
        "--passWithNoTests --no-cache --noStackTrace --expand --detectOpenHandles --colors "
        "--no-watchman --watchAll=false"
    ),
    refused=_names(
        "-o -f --onlyChanged --onlyFailures --findRelatedTests --lastCommit --changedSince "
        "--watch --watchAll --runTestsByPath --testPathPattern --testPathPatterns --listTests"
    ),
)
VITEST = Runner(
    _by_pattern,
    _SCRIPTS,
    with_value=_names(
        "-c -r -t --config --root --testNamePattern --project --reporter --environment --pool "
        "--maxWorkers --testTimeout --shard --mode --outputFile --retry"
    ),
    flags=_names(
        "--run --coverage --passWithNoTests --silent --globals --no-color --dom --no-watch"
    ),
    refused=_names("-w --watch --changed --dir --exclude --related --ui --standalone -u --update"),
)
_MOCHA = Runner(
    _by_pattern,
    _SCRIPTS,
    with_value=_names(
        "-r -R -t -g -f -u -s -O --require --reporter --timeout --grep --fgrep --ui --slow "
        "--reporter-options --reporter-option --config --extension --ignore --file --retries "
        "--import --loader --jobs -j --package"
    ),
    flags=_names(
        "-b -p -c --bail --recursive --exit --parallel --colors --no-colors --check-leaks "
        "--forbid-only --forbid-pending --sort --full-trace --inline-diffs"
    ),
    refused=_names("--spec -w --watch --watch-files"),
)
_RSPEC = Runner(
    _by_path,
    ("_spec.rb",),
    with_value=_names(
        "-r -I -f -o -t -e -E -O --require --format --out --tag --example --example-matches "
        "--order --seed --options --default-path --failure-exit-code"
    ),
    flags=_names("-b -c -p -w --backtrace --color --no-color --fail-fast --profile --warnings"),
    refused=_names("-P --pattern --exclude-pattern --only-failures -n --next-failure --bisect"),
)
_PHPUNIT = Runner(
    _by_one_path,
    ("Test.php",),
    with_value=_names(
        "-c -d --configuration --bootstrap --filter --group --exclude-group --log-junit "
        "--coverage-clover --cache-directory --order-by"
    ),
    flags=_names("-v --verbose --testdox --colors --no-coverage --stop-on-failure --do-not-cache"),
    refused=_names("--testsuite --list-tests --test-suffix"),
)
MODULES = {"pytest": _PYTEST, "unittest": _UNITTEST}
"""By the name of the Python module that is run."""
RUNNERS = {
    "pytest": _PYTEST,
    "py.test": _PYTEST,
    "jest": _JEST,
    "mocha": _MOCHA,
    "rspec": _RSPEC,
    "phpunit": _PHPUNIT,
}
"""By the name of the program."""
