"""What did a linter or type checker report? Each tool's own form, read as one kind of value."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_TSC_LINE = re.compile(
    r"^(?P<path>[^\s(][^(\n]*)\((?P<line>\d+),\d+\): error (?P<rule>TS\d+): (?P<message>.*)$", re.M
)
_GO_LINE = re.compile(
    r"^(?:vet: )?(?P<path>[^\s:][^:\n]*\.go):(?P<line>\d+)(?::\d+)?: (?P<message>.*)$", re.M
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a tool finds wrong; `line` is zero-based."""

    path: str
    """As the tool wrote it."""
    line: int
    message: str
    rule: str = ""


class UnreadableReport(Exception):
    """What a tool printed is no report of the form that it was asked for."""


def read_ruff(output: str, _: str) -> Sequence[Finding]:
    """Read `ruff check --output-format json`."""
    return [
        Finding(item["filename"], item["location"]["row"] - 1, item["message"], item["code"] or "")
        for item in _json(output, list)
    ]


def read_pyright(output: str, _: str) -> Sequence[Finding]:
    """Read `pyright --outputjson`; its warnings and hints are no problems."""
    found: list[Finding] = []
    for item in _json(output, dict)["generalDiagnostics"]:
        if item["severity"] == "error":
            message = item["message"].partition("\n")[0]
            line = int(item.get("range", {}).get("start", {}).get("line", 0))
            found.append(Finding(item.get("file", ""), line, message, item.get("rule", "")))
    return found


def read_mypy(output: str, _: str) -> Sequence[Finding]:
    """Read `mypy --output json`: one object a line; notes are no problems."""
    return [
        Finding(item["file"], item["line"] - 1, item["message"], item.get("code") or "")
        for item in _json_lines(output)
        if item["severity"] == "error"
    ]


def read_eslint(output: str, _: str) -> Sequence[Finding]:
    """Read `eslint --format json`; what is configured as a warning is no problem."""
    return [
        Finding(
            file["filePath"], item.get("line", 1) - 1, item["message"], item.get("ruleId") or ""
        )
        for file in _json(output, list)
        for item in file["messages"]
        if item["severity"] == 2
    ]


def read_tsc(output: str, _: str) -> Sequence[Finding]:
    """Read `tsc --pretty false`."""
    return [
        Finding(match["path"], int(match["line"]) - 1, match["message"].rstrip(), match["rule"])
        for match in _TSC_LINE.finditer(output)
    ]


def read_go_vet(output: str, errors: str) -> Sequence[Finding]:
    """Read `go vet`, which reports on standard error."""
    return [
        Finding(match["path"].removeprefix("./"), int(match["line"]) - 1, match["message"].rstrip())
        for match in _GO_LINE.finditer(f"{output}\n{errors}")
    ]


def read_cargo(output: str, _: str) -> Sequence[Finding]:
    """Read `cargo check --message-format json`; warnings are no problems."""
    found: list[Finding] = []
    for item in _json_lines(output):
        if item["reason"] != "compiler-message" or item["message"]["level"] != "error":
            continue
        message = item["message"]
        rule = (message["code"] or {}).get("code", "")
        for span in message["spans"]:
            if span["is_primary"]:
                line = span["line_start"] - 1
                found.append(Finding(span["file_name"], line, message["message"], rule))
                break
    return found


def _json_lines(output: str) -> Iterator[Any]:
    for line in output.splitlines():
        if line.startswith("{"):
            yield _json(line, dict)


def _json(text: str, kind: type) -> Any:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableReport from None
    if not isinstance(value, kind):
        raise UnreadableReport
    return value
