"""`index`, `symbols`, `refs`, `search` and `map`, as a person and as a program sees them."""

import json
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pairwright.protocol import index_messages as messages
from pairwright.protocol.codec import encode
from pairwright.protocol.rendezvous import Rendezvous
from pairwright_client.cli import main
from tests.clients.daemon_double import DaemonDouble, Held, Refusal, Session

FRESH = messages.Freshness(revision=7, files=3, pending=0, is_complete=True, is_checked=True)
BUILDING = replace(FRESH, files=5000, pending=1200, is_complete=False)
Printed = pytest.CaptureFixture[str]


def place(path: str, line: int, text: str, column: int = 0, length: int = 1) -> messages.Place:
    return messages.Place(
        path=path,
        line=line,
        column=column,
        end_line=line,
        end_column=column + length,
        line_text=text,
        shown_from=0,
    )


def symbol(name: str, kind: str, signature: str, line: int = 0) -> messages.SymbolView:
    shown = place("pkg/stack.py", line, signature)
    return messages.SymbolView(
        name=name, kind=kind, place=shown, signature=signature, doc="", score=1
    )


PUSH = symbol("Stack.push", "method", "def push(self, item)", 4)
REPORT = messages.IndexReport(
    freshness=FRESH,
    languages=(
        messages.LanguageCount(language="toml", files=1, not_parsed=1, reason="too long"),
        messages.LanguageCount(language="python", files=2, not_parsed=0, reason=""),
    ),
    symbols=1234,
    references=1,
    parsed=2,
    cached=1,
    problems=1,
    unread=(messages.UnreadFile(path="a.bin", reason="'a.bin' is \x1b[2J binary"),),
    unread_count=1,
    notice="the disk is polled",
    table_hash="h",
    elapsed_s=0.25,
)


def ask(rendezvous: Rendezvous, method: str, answer: Any, *arguments: str) -> Any:
    """Give the command its answer; return what the daemon was asked."""
    with DaemonDouble(rendezvous, {method: lambda *_: encode(answer)}) as daemon:
        assert main(list(arguments)) == 0
    rendezvous.socket.unlink()
    return daemon.params_of(method)


def check_json(rendezvous: Rendezvous, printed: Printed, answer: Any, *arguments: str) -> None:
    ask(rendezvous, f"pairwright/{arguments[0]}", answer, *arguments, "--json")
    assert json.loads(printed.readouterr().out) == encode(answer)


def test_definitions_are_lines_that_editors_follow(rendezvous: Rendezvous, capsys: Printed) -> None:
    found = (
        PUSH,
        symbol("Stack", "class", "class Stack(Base)"),
        symbol("e", "variable", "e = defe(e)"),
        symbol("odd", "key", "\x1b[2J"),
    )
    answer = messages.SymbolsResult(freshness=FRESH, symbols=found)
    asked = ask(rendezvous, "pairwright/symbols", answer, "symbols", "push", "--limit", "9")
    assert asked == {"query": "push", "limit": 9}
    assert capsys.readouterr() == (
        "pkg/stack.py:5: method Stack.push(self, item)\n"
        "pkg/stack.py:1: class Stack(Base)\n"
        "pkg/stack.py:1: variable e = defe(e)\n"
        "pkg/stack.py:1: key odd  \\x1b[2J\n",
        "",
    )
    check_json(rendezvous, capsys, answer, "symbols", "push")


def test_a_limit_that_was_reached_is_said(rendezvous: Rendezvous, capsys: Printed) -> None:
    answer = messages.SymbolsResult(freshness=FRESH, symbols=(PUSH,))
    ask(rendezvous, "pairwright/symbols", answer, "symbols", "p", "--limit", "1")
    assert capsys.readouterr().err == "the best 1; --limit shows more\n"


def test_no_definition_is_said_beside_the_empty_answer(
    rendezvous: Rendezvous, capsys: Printed
) -> None:
    answer = messages.SymbolsResult(freshness=BUILDING, symbols=())
    ask(rendezvous, "pairwright/symbols", answer, "symbols", "nix\x1b")
    assert capsys.readouterr() == (
        "",
        "No definition is called like 'nix\\x1b'.\n"
        "The index is still building: 1,200 files of 5,000 not read yet.\n",
    )


def test_uses_stand_below_their_definition_with_doubts(
    rendezvous: Rendezvous, capsys: Printed
) -> None:
    kinds: list[tuple[str, Any]] = [("call", "exact"), ("call", "likely"), ("read", "byName")]
    uses = tuple(
        messages.ReferenceView(
            place=place("use.py", line, f"    stack.push({line})"), role=role, confidence=confidence
        )
        for line, (role, confidence) in enumerate(kinds)
    )
    first = messages.ReferencesOf(symbol=PUSH, references=uses, total=12)
    other = messages.ReferencesOf(symbol=symbol("push", "function", ""), references=(), total=0)
    answer = messages.ReferencesResult(freshness=FRESH, definitions=(first, other), total=30)
    ask(rendezvous, "pairwright/references", answer, "refs", "push")
    assert capsys.readouterr() == (
        "pkg/stack.py:5: method Stack.push: 3 of 12 references\n"
        "  use.py:1: stack.push(0)  (call)\n"
        "  use.py:2: stack.push(1)  (call, likely)\n"
        "  use.py:3: stack.push(2)  (read, by name only)\n"
        "\n"
        "pkg/stack.py:1: function push: no reference\n",
        "2 of 30 definitions of that name: give its class or its file too, "
        "such as Stack.push or pkg/stack.py:Stack.push\n",
    )


def test_a_refusal_is_one_sentence_and_a_usage_error(
    rendezvous: Rendezvous, capsys: Printed
) -> None:
    def refuse(*_: Any) -> Any:
        raise Refusal("nothing is called 'x' in this workspace", details={"exitCode": 2})

    with DaemonDouble(rendezvous, {"pairwright/references": refuse}):
        assert main(["refs", "x"]) == 2
    assert capsys.readouterr().err == "pairwright: nothing is called 'x' in this workspace\n"


def found_at(*places: messages.Place, note: str = "") -> messages.SearchResult:
    return messages.SearchResult(
        freshness=FRESH,
        matches=tuple(messages.SearchMatch(place=each) for each in places),
        files=len({each.path for each in places}),
        is_cut=bool(note),
        note=note,
    )


def test_matches_are_lines_and_their_count_stands_beside(
    rendezvous: Rendezvous, capsys: Printed
) -> None:
    far = replace(place("b.js", 0, "x" * 60 + "needle", 560, 6), shown_from=500)
    answer = found_at(place("a.py", 2, "  a needle\t\x1b", 4, 6), far, note="more than 2 matches")
    arguments = ("search", "needle", "--regex", "--no-case", "--in", "*.py", "--limit", "2")
    asked = ask(rendezvous, "pairwright/search", answer, *arguments)
    assert asked == {
        "text": "needle",
        "isRegex": True,
        "isCaseSensitive": False,
        "include": "*.py",
        "limit": 2,
    }
    assert capsys.readouterr() == (
        f"a.py:3: a needle\t\\x1b\nb.js:1: … {'x' * 60}needle\n",
        "2 matches in 2 files; more than 2 matches\n",
    )
    check_json(rendezvous, capsys, answer, "search", "needle")


def test_one_match_and_none_are_said_well(rendezvous: Rendezvous, capsys: Printed) -> None:
    ask(rendezvous, "pairwright/search", found_at(place("a.py", 0, "x")), "search", "x")
    assert capsys.readouterr().err == "1 match in 1 file\n"
    ask(rendezvous, "pairwright/search", found_at(), "search", "x")
    assert capsys.readouterr() == ("", "no match\n")


def test_a_map_keeps_its_indentation(rendezvous: Rendezvous, capsys: Printed) -> None:
    text = "pkg/stack.py (used by 2 files)\n  class Stack\n    def push(self, item)\n    ⋮\n"
    entry = messages.MapEntryView(
        path="pkg/stack.py", reason="used by 2 files", symbols=("Stack",), tokens=20
    )
    answer = messages.MapResult(freshness=FRESH, text=text, tokens=20, entries=(entry,))
    asked = ask(
        rendezvous, "pairwright/map", answer, "map", "--focus", "a", "--focus", "b", "--tokens", "9"
    )
    assert asked == {"focus": ["a", "b"], "tokens": 9}
    assert capsys.readouterr() == (text, "1 file, about 20 tokens\n")
    check_json(rendezvous, capsys, answer, "map")


def test_the_index_tells_what_it_holds_and_what_it_lacks(
    rendezvous: Rendezvous, capsys: Printed
) -> None:
    ask(rendezvous, "pairwright/index", REPORT, "index")
    assert capsys.readouterr().out.splitlines() == [
        "Index       3 files, 1,234 symbols, 1 reference",
        "            complete after 0.2 s: 2 parsed, 1 from the cache",
        "Languages   python 2, toml 1",
        "            ! toml: 1 file not parsed: too long",
        "Problems    syntax errors in 1 file",
        "Not read    1 file, such as: 'a.bin' is \\x1b[2J binary",
        "Watching    ! the disk is polled",
    ]
    check_json(rendezvous, capsys, REPORT, "index")


def test_progress_is_told_while_the_index_builds(rendezvous: Rendezvous, capsys: Printed) -> None:
    def build(params: Any, session: Session) -> Any:
        progress = messages.IndexProgress(files=2000, pending=500, parsed=1500, cached=0)
        session.progress(params, encode(progress))
        return encode(REPORT)

    with DaemonDouble(rendezvous, {"pairwright/index": build}):
        assert main(["index"]) == 0
    assert capsys.readouterr().err == "  reading files: 1,500 of 2,000\n"


def watched() -> Callable[[Any, Session], Any]:
    """Return answers: the index, one change, and then an interrupt instead of another."""

    def answer(params: Any, _: Session) -> Any:
        after = params.get("afterRevision")
        if after is None:
            return encode(REPORT)
        if after == 7:
            freshness = replace(FRESH, revision=8, files=4)
            return encode(replace(REPORT, freshness=freshness, symbols=1233))
        os.kill(os.getpid(), signal.SIGINT)
        raise Held

    return answer


def test_watching_prints_a_line_a_change_and_ends_on_an_interrupt(
    rendezvous: Rendezvous, capsys: Printed
) -> None:
    with DaemonDouble(rendezvous, {"pairwright/index": watched()}):
        assert main(["index", "--watch"]) == 130
    out, err = capsys.readouterr()
    assert out.splitlines()[7:] == [
        "revision 8: 4 files (+1), 1,233 symbols (-1), 1 reference",
    ]
    assert err == "pairwright: cancelled\n"


def test_watching_for_a_program_is_a_value_a_change(
    rendezvous: Rendezvous, capsys: Printed
) -> None:
    with DaemonDouble(rendezvous, {"pairwright/index": watched()}):
        assert main(["index", "--watch", "--json"]) == 130
    first, second, ending = map(json.loads, capsys.readouterr().out.splitlines())
    assert first == encode(REPORT)
    assert second["freshness"]["revision"] == 8
    assert ending["exitCode"] == 130
