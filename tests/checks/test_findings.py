"""Are the tools' reports read as they are written? Recorded from the tools themselves."""

from collections.abc import Callable, Sequence

import pytest

from pairwright.checks import findings
from pairwright.checks.findings import Finding, UnreadableReport

Read = Callable[[str, str], Sequence[Finding]]

RUFF = """[{"cell": null, "code": "F401", "end_location": {"column": 10, "row": 2},
"filename": "/a.py", "fix": null, "location": {"column": 8, "row": 2},
"message": "`sys` imported but unused", "name": "unused-import", "noqa_row": 2, "url": "x"},
{"cell": null, "code": null, "end_location": {"column": 1, "row": 6}, "filename": "/b.py",
"location": {"column": 1, "row": 6}, "message": "SyntaxError: Expected an expression"}]"""
PYRIGHT = """{"version": "1.40.2", "time": "1", "generalDiagnostics": [
{"file": "/a.py", "severity": "warning", "message": "Import is not accessed",
 "range": {"start": {"line": 0, "character": 7}, "end": {"line": 0, "character": 9}}},
{"file": "/a.py", "severity": "error", "message": "Type \\"str\\" is wrong\\n  detail",
 "range": {"start": {"line": 2, "character": 9}, "end": {"line": 2, "character": 12}},
 "rule": "reportAssignmentType"}], "summary": {"filesAnalyzed": 1}}"""
MYPY = """{"file": "b.py", "line": 3, "column": 9, "message": "Incompatible types", "hint": null, \
"code": "assignment", "severity": "error"}
{"file": "b.py", "line": 3, "column": 9, "message": "See the page", "hint": null, "code": null, \
"severity": "note"}
"""
ESLINT = """[{"filePath":"/a.js","messages":[
{"ruleId":"no-undef","severity":2,"message":"'foo' is not defined.","line":2,"column":1},
{"ruleId":"no-console","severity":1,"message":"Unexpected console.","line":3,"column":1},
{"ruleId":null,"fatal":true,"severity":2,"message":"Parsing error: Unexpected token"}],
"errorCount":2,"source":"x"}]"""
TSC = """src/b.ts(2,15): error TS2307: Cannot find module './no' or its types.
src/a b.ts(3,14): error TS2322: Type 'string' is not assignable to type 'number'.
  Types of property 'x' are incompatible.
"""
GO_VET = """# example.com/x
# [example.com/x]
vet: ./a.go:5:9: undefined: foo
# example.com/x/pkg
pkg/b.go:7:2: fmt.Printf format %d has arg "x" of wrong type string
"""
CARGO = (
    '{"reason":"compiler-message","message":{"level":"error","message":"mismatched types",'
    '"spans":[{"file_name":"src/lib.rs","line_start":9,"is_primary":false},'
    '{"file_name":"src/main.rs","line_start":1,"is_primary":true}],"code":{"code":"E0308"}}}\n'
    '{"reason":"compiler-message","message":{"level":"warning","message":"unused variable",'
    '"spans":[{"file_name":"src/main.rs","line_start":2,"is_primary":true}],"code":null}}\n'
    '{"reason":"compiler-message","message":{"level":"error","message":"aborting",'
    '"spans":[],"code":null}}\n'
    '{"reason":"build-finished","success":false}\n'
)


@pytest.mark.parametrize(
    ("read", "output", "expected"),
    [
        (
            findings.read_ruff,
            RUFF,
            [
                Finding("/a.py", 1, "`sys` imported but unused", "F401"),
                Finding("/b.py", 5, "SyntaxError: Expected an expression"),
            ],
        ),
        (
            findings.read_pyright,
            PYRIGHT,
            [Finding("/a.py", 2, 'Type "str" is wrong', "reportAssignmentType")],
        ),
        (findings.read_mypy, MYPY, [Finding("b.py", 2, "Incompatible types", "assignment")]),
        (
            findings.read_eslint,
            ESLINT,
            [
                Finding("/a.js", 1, "'foo' is not defined.", "no-undef"),
                Finding("/a.js", 0, "Parsing error: Unexpected token"),
            ],
        ),
        (
            findings.read_tsc,
            TSC,
            [
                Finding("src/b.ts", 1, "Cannot find module './no' or its types.", "TS2307"),
                Finding(
                    "src/a b.ts", 2, "Type 'string' is not assignable to type 'number'.", "TS2322"
                ),
            ],
        ),
        (findings.read_cargo, CARGO, [Finding("src/main.rs", 0, "mismatched types", "E0308")]),
    ],
)
def test_a_report_is_read(read: Read, output: str, expected: list[Finding]) -> None:
    assert read(output, "") == expected


def test_what_go_vet_says_is_read_from_standard_error() -> None:
    assert findings.read_go_vet("", GO_VET) == [
        Finding("a.go", 4, "undefined: foo"),
        Finding("pkg/b.go", 6, 'fmt.Printf format %d has arg "x" of wrong type string'),
    ]


@pytest.mark.parametrize(
    ("read", "empty"),
    [
        (findings.read_ruff, "[]"),
        (findings.read_pyright, '{"generalDiagnostics": []}'),
        (findings.read_mypy, ""),
        (findings.read_eslint, "[]"),
        (findings.read_tsc, ""),
        (findings.read_go_vet, ""),
        (findings.read_cargo, ""),
    ],
)
def test_an_empty_report_holds_nothing(read: Read, empty: str) -> None:
    assert read(empty, "") == []


@pytest.mark.parametrize("read", [findings.read_ruff, findings.read_pyright, findings.read_eslint])
@pytest.mark.parametrize("output", ["", "boom", "3", '"text"', "[" * 5000, "null"])
def test_what_is_no_report_is_told(read: Read, output: str) -> None:
    with pytest.raises(UnreadableReport):
        read(output, "")


@pytest.mark.parametrize("read", [findings.read_mypy, findings.read_cargo])
def test_a_line_that_is_cut_is_told(read: Read) -> None:
    with pytest.raises(UnreadableReport):
        read('{"file": "b.p', "")
