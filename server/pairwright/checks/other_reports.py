"""What does the output of other runners than Python's say? How many tests ran, and which failed."""

import re
from collections.abc import Callable, Iterator

_Count = Callable[[str], int | None]

_GO_FAILED = re.compile(r"^\s*--- FAIL: (?P<test>\S+) \(", re.MULTILINE)
_GO_ENDED = re.compile(r"^\s*--- (?:PASS|FAIL): \S+ \(", re.MULTILINE)
_CARGO_FAILED = re.compile(r"^test (?P<test>\S+) \.\.\. FAILED$", re.MULTILINE)
_CARGO_RESULT = re.compile(
    r"^test result: \w+\. (?P<passed>\d+) passed; (?P<failed>\d+) failed;", re.MULTILINE
)
_SCRIPT_FILE_FAILED = re.compile(
    r"^\s*(?:FAIL|❯|×)\s+(?P<test>(?:\|[^|\n]+\|\s+)?\S+\.[cm]?[jt]sx?(?: > .+)?)", re.MULTILINE
)
_JEST_RESULT = re.compile(r"^Tests: +(?P<counts>.*\b(?P<total>\d+) total)", re.MULTILINE)
_VITEST_RESULT = re.compile(r"^\s*Tests +(?P<counts>.+) \((?P<total>\d+)\)$", re.MULTILINE)
_MOCHA_FAILED = re.compile(r"^  \d+\) (?P<test>\S.*)$", re.MULTILINE)
_MOCHA_PASSING = re.compile(r"^  (?P<count>\d+) passing \(", re.MULTILINE)
_MOCHA_FAILING = re.compile(r"^  (?P<count>\d+) failing$", re.MULTILINE)
_RSPEC_FAILED = re.compile(r"^rspec (?P<test>\S+?\.rb(?:[:\[]\S+)?)", re.MULTILINE)
_RSPEC_RESULT = re.compile(
    r"^(?P<total>\d+) examples?, \d+ failures?(?:, (?P<pending>\d+) pending)?", re.MULTILINE
)
_PHPUNIT_FAILED = re.compile(r"^\d+\) (?P<test>[\w\\]+::\w+)", re.MULTILINE)
_PHPUNIT_RESULT = re.compile(r"^(?:OK \((?P<ok>\d+) tests?|Tests: (?P<total>\d+), )", re.MULTILINE)
_NOT_RUN = re.compile(r"(\d+) (?:skipped|todo)")


def failing_of_others(output: str) -> list[str]:
    """Return the names of the tests that failed, or of their files where only these are told."""
    return list(_failing(output))


def count_of_others(output: str) -> int | None:
    """Return how many tests ran; None when the output does not tell."""
    for count in (_of_cargo, _of_scripts, _of_mocha, _of_rspec, _of_phpunit, _of_go):
        found = count(output)
        if found is not None:
            return found
    return None


def _failing(output: str) -> Iterator[str]:
    patterns = [_GO_FAILED, _CARGO_FAILED, _RSPEC_FAILED, _PHPUNIT_FAILED]
    if _JEST_RESULT.search(output) or _VITEST_RESULT.search(output):
        patterns.append(_SCRIPT_FILE_FAILED)
    elif _MOCHA_FAILING.search(output):
        patterns.append(_MOCHA_FAILED)
    for pattern in patterns:
        yield from (match["test"].strip() for match in pattern.finditer(output))


def _of_cargo(output: str) -> int | None:
    results = list(_CARGO_RESULT.finditer(output))
    return sum(int(each["passed"]) + int(each["failed"]) for each in results) if results else None


def _of_scripts(output: str) -> int | None:
    match = _JEST_RESULT.search(output) or _VITEST_RESULT.search(output)
    if match is None:
        return None
    return int(match["total"]) - sum(map(int, _NOT_RUN.findall(match["counts"])))


def _of_mocha(output: str) -> int | None:
    counts = [
        int(match["count"])
        for pattern in (_MOCHA_PASSING, _MOCHA_FAILING)
        for match in pattern.finditer(output)
    ]
    return sum(counts) if counts else None


def _of_rspec(output: str) -> int | None:
    match = _RSPEC_RESULT.search(output)
    return int(match["total"]) - int(match["pending"] or 0) if match else None


def _of_phpunit(output: str) -> int | None:
    match = _PHPUNIT_RESULT.search(output)
    return int(match["ok"] or match["total"]) if match else None


def _of_go(output: str) -> int | None:
    """Count what `go test -v` tells; without that, Go says how many packages passed only."""
    is_told = re.search(r"^=== RUN ", output, re.MULTILINE) is not None
    return len(_GO_ENDED.findall(output)) if is_told else None
