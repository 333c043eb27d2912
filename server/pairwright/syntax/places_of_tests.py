"""In which file do the tests of a file belong? By the convention of its language.

One that is there already wins; then the nearest directory of tests; then the place beside the code,
or where that is no place for tests, a directory of them.
"""

import posixpath
from collections.abc import Iterable, Mapping

from pairwright.syntax.languages.registry import is_test_path, language_of

_NAMES: Mapping[str, tuple[str, ...]] = {
    "bash": ("test_{stem}{suffix}", "{stem}_test{suffix}"),
    "c": ("test_{stem}.c", "{stem}_test.c"),
    "cpp": ("test_{stem}.cpp", "{stem}_test.cpp", "{stem}_test.cc", "{stem}_unittest.cc"),
    "csharp": ("{stem}Tests.cs", "{stem}Test.cs"),
    "elixir": ("{stem}_test.exs",),
    "go": ("{stem}_test.go",),
    "haskell": ("{stem}Spec.hs", "{stem}Test.hs"),
    "java": ("{stem}Test.java", "{stem}Tests.java"),
    "javascript": ("{stem}.test{suffix}", "{stem}.spec{suffix}"),
    "julia": ("test_{stem}.jl", "{stem}.jl"),
    "kotlin": ("{stem}Test.kt", "{stem}Tests.kt"),
    "lua": ("{stem}_spec.lua", "{stem}_test.lua", "test_{stem}.lua"),
    "ocaml": ("test_{stem}.ml", "{stem}_test.ml"),
    "php": ("{stem}Test.php",),
    "python": ("test_{stem}.py", "{stem}_test.py"),
    "ruby": ("{stem}_test.rb", "{stem}_spec.rb", "test_{stem}.rb"),
    "rust": ("{stem}.rs", "{stem}_test.rs", "{stem}_tests.rs"),
    "scala": ("{stem}Test.scala", "{stem}Spec.scala", "{stem}Suite.scala"),
    "swift": ("{stem}Tests.swift", "{stem}Test.swift"),
    "tsx": ("{stem}.test{suffix}", "{stem}.spec{suffix}"),
    "typescript": ("{stem}.test{suffix}", "{stem}.spec{suffix}"),
    "zig": ("{stem}_test.zig",),
}
"""By language what a file of tests is called, the usual name first."""
_DIRECTORIES = ("tests", "test", "Tests", "spec", "__tests__")
_TWO_TREES = (("src/main/", "src/test/"), ("lib/", "test/"))
"""Where code and tests lie in trees of their own."""


def file_of_tests(path: str, paths: Iterable[str]) -> str | None:
    """Return where the tests of a file are, or belong; None: its language has no convention.

    Args:
        path: of the code; a file of tests is its own.
        paths: all files that there are.
    """
    if is_test_path(path):
        return path
    language = language_of(path)
    names = _NAMES.get(language.name) if language is not None else None
    if names is None:
        return None
    stem, suffix = posixpath.splitext(posixpath.basename(path))
    wanted = [name.format(stem=stem, suffix=suffix) for name in names]
    tests = [each for each in paths if language_of(each) is language and is_test_path(each)]
    there = [each for name in wanted for each in tests if posixpath.basename(each) == name]
    if there:
        return max(there, key=lambda each: (_shared(path, each), -wanted.index(_name(each))))
    return posixpath.join(_directory_for(path, wanted[0], tests), wanted[0])


def _directory_for(path: str, name: str, tests: list[str]) -> str:
    folder = posixpath.dirname(path)
    for code, of_tests in _TWO_TREES:
        head, found, tail = f"{folder}/".partition(code)
        if found and any(each.startswith(f"{head}{of_tests}") for each in tests):
            return posixpath.join(f"{head}{of_tests}", tail).rstrip("/")
    for above in _above(folder):
        for each in _DIRECTORIES:
            directory = posixpath.join(above, each)
            if any(posixpath.dirname(test) == directory for test in tests):
                return directory
    beside = posixpath.join(folder, name)
    return folder if is_test_path(beside) else _sibling(folder)


def _sibling(folder: str) -> str:
    """Return the directory of tests of a package whose code lies in a `src`, or right there."""
    is_source = posixpath.basename(folder) == "src"
    return posixpath.join(posixpath.dirname(folder) if is_source else folder, "tests")


def _above(folder: str) -> list[str]:
    """Return a directory and those above it, nearest first; the root is the empty one."""
    parts = folder.split("/") if folder else []
    return ["/".join(parts[:length]) for length in range(len(parts), -1, -1)]


def _shared(path: str, other: str) -> int:
    """Return how many directories have their names in both paths: trees mirror each other."""
    return len({*path.split("/")[:-1]} & {*other.split("/")[:-1]})


def _name(path: str) -> str:
    return posixpath.basename(path)
