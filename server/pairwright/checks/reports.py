"""What does the output of a test run say? How many tests ran, which failed, and where the first.

Where the first fails is read for unittest and pytest; counts and names of other runners as well.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from pairwright.checks.other_reports import count_of_others, failing_of_others
from pairwright.syntax.languages.registry import is_test_path
from pairwright.workspace.paths import WorkspacePath

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_CARETS = re.compile(r"[\s~^]*[~^][\s~^]*")

_UNITTEST_HEADING = re.compile(
    r"^(?:FAIL|ERROR): (?P<test>\S+) \((?P<where>[\w.<>]+)\)", re.MULTILINE
)
_UNITTEST_RAN = re.compile(r"^Ran (\d+) tests? in ", re.MULTILINE)
_PYTEST_FAILED = re.compile(
    r"^(?:FAILED|ERROR) (?P<test>\S+?\.py(?:::\S.*?)?)(?: - .*)?$", re.MULTILINE
)
_PYTEST_SUMMARY = re.compile(
    r"^=*\s*((?:\d+ [a-z]+(?:, )?)+) in [\d.]+s\b.*$|^=*\s*no tests ran in ", re.MULTILINE
)
_PYTEST_FAILURES = {"failed", "error", "errors"}
_UNITTEST_FAILURES = re.compile(r"^FAILED \((?P<counts>[^)]*)\)$", re.MULTILINE)
_PYTEST_RAN = {"passed", "failed", "error", "errors", "xfailed", "xpassed"}

_UNITTEST_RULE = re.compile(r"^={70}$")
_UNITTEST_END = re.compile(r"^Ran \d+ tests? in ")
_PYTEST_TITLE = re.compile(r"^_{3,} .+ _{3,}$")
_PYTEST_SECTION = re.compile(r"^={3,} .+ ={3,}$")

_FRAME = re.compile(r'\s+File "(?P<path>[^"]+)", line \d+')
_ERROR = re.compile(r"[A-Za-z_][\w.]*(?::|$)")

_HEAD_LINES = 8
_TAIL_LINES = 22


def plain_text(output: str) -> str:
    """Return the output without terminal colours and with plain line ends."""
    return _ANSI.sub("", output).replace("\r\n", "\n")


def failing_tests(output: str) -> tuple[str, ...]:
    """Return the names of the tests that failed, each once, in their order."""
    names = [_unittest_name(match) for match in _UNITTEST_HEADING.finditer(output)]
    names += [match["test"] for match in _PYTEST_FAILED.finditer(output)]
    return tuple(dict.fromkeys(names or failing_of_others(output)))


def count_of_tests(output: str) -> int | None:
    """Return how many tests ran, None when the output does not tell."""
    counts = [int(count) for count in _UNITTEST_RAN.findall(output)]
    for match in _PYTEST_SUMMARY.finditer(output):
        counts.append(sum(count for count, what in _counted(match) if what in _PYTEST_RAN))
    return sum(counts) if counts else count_of_others(output)


def count_of_failures(output: str) -> int | None:
    """Return how many failures the output's last words speak of; None when it does not tell.

    A name may be missing from `failing_tests` where the middle of a long output was left out.
    """
    counts = []
    for match in _UNITTEST_FAILURES.finditer(output):
        counts += [int(each) for each in re.findall(r"(?:failures|errors)=(\d+)", match["counts"])]
    for match in _PYTEST_SUMMARY.finditer(output):
        counts += [count for count, what in _counted(match) if what in _PYTEST_FAILURES]
    return sum(counts) if counts else None


def file_of_test(name: str, paths: Collection[WorkspacePath]) -> WorkspacePath | None:
    """Return the file that a failing test is in, by its name; None: it cannot be told.

    Args:
        name: as `failing_tests` gives it.
        paths: the files that there are.
    """
    path = re.split(r"::|\[| > |:(?=\d)", name.replace("\\", "/"))[0].removeprefix("./")
    if path in paths:
        return WorkspacePath(path)
    parts = name.partition(" ")[0].split(".")
    for length in range(len(parts), 0, -1):
        module = "/".join(parts[:length]) + ".py"
        if module in paths:
            return WorkspacePath(module)
        below = [each for each in paths if each.endswith(f"/{module}")]
        if below:
            return below[0] if len(below) == 1 else None
    return None


def compact_failure(output: str) -> str:
    """Return the first failing test's traceback, at most about 30 lines: what a small model reads.

    When the output is of no known kind, its end.
    """
    lines = plain_text(output).rstrip().split("\n")
    section = _unittest_section(lines) or _pytest_section(lines) or lines
    return "\n".join(_trimmed([line for line in section if not _CARETS.fullmatch(line)]))


def failure_point(output: str) -> str:
    """Return the line of the first failing test at which it fails, and the error, in two lines.

    When the output is of no known kind, its end.
    """
    lines = plain_text(output).rstrip().split("\n")
    if section := _unittest_section(lines):
        place, error = _unittest_point(section)
    elif section := _pytest_section(lines):
        place, error = _pytest_point(section)
    else:
        place, error = "", ""
    if not place or not error:
        return compact_failure(output)
    return f"It fails at: {place}\nwith: {error}"


def _counted(summary: re.Match[str]) -> list[tuple[int, str]]:
    words = (summary[1] or "").replace(",", " ").split()
    return [(int(count), what) for count, what in zip(words[::2], words[1::2], strict=True)]


def _unittest_point(section: Sequence[str]) -> tuple[str, str]:
    place = ""
    error = ""
    for line, following in zip(section, [*section[1:], ""], strict=True):
        frame = _FRAME.match(line)
        if frame is not None and is_test_path(frame["path"]):
            place = following.strip()
        elif _ERROR.match(line) and not line.startswith("Traceback"):
            error = line.strip()
    return place, error


def _pytest_point(section: Sequence[str]) -> tuple[str, str]:
    place = next((line[1:].strip() for line in section if line.startswith(">")), "")
    error = next((line[1:].strip() for line in section if line.startswith("E ")), "")
    return place, error


def _unittest_name(match: re.Match[str]) -> str:
    test, where = match["test"], match["where"]
    if where.startswith("unittest.loader._FailedTest"):
        return test
    # Python 3.10 and older give the class alone.
    return where if where.endswith(f".{test}") else f"{where}.{test}"


def _unittest_section(lines: Sequence[str]) -> list[str]:
    for number, line in enumerate(lines[:-1]):
        if _UNITTEST_RULE.match(line) and _UNITTEST_HEADING.match(lines[number + 1]):
            return list(_until_unittest_ends(lines[number + 1 :]))
    return []


def _until_unittest_ends(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        if _UNITTEST_RULE.match(line) or _UNITTEST_END.match(line):
            return
        if line.strip("-"):
            yield line


def _pytest_section(lines: Sequence[str]) -> list[str]:
    for number, line in enumerate(lines):
        if _PYTEST_TITLE.match(line):
            section = [line.strip("_ ")]
            for following in lines[number + 1 :]:
                if _PYTEST_TITLE.match(following) or _PYTEST_SECTION.match(following):
                    break
                if following.strip():
                    section.append(following)
            return section
    return []


def _trimmed(lines: Sequence[str]) -> Sequence[str]:
    left_out = len(lines) - _HEAD_LINES - _TAIL_LINES
    if left_out <= 0:
        return lines
    return [*lines[:_HEAD_LINES], f"... {left_out} lines left out ...", *lines[-_TAIL_LINES:]]
