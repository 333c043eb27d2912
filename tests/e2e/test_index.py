"""Does a person who asks about code get the truth of the disk, from real processes?"""

import signal

import pytest

from tests.e2e.stage import Stage, ended

NEW = "def brand_new_name():\n    return 1\n"


def test_each_question_is_answered(stage: Stage) -> None:
    index = stage.call("index")
    assert index.exit_code == 0
    assert "complete after" in index.out
    definitions = stage.call("symbols", "parse_amount").out.splitlines()
    assert any(": function parse_amount(" in line for line in definitions)
    uses = stage.call("refs", "parse_amount").out
    assert "(import)" in uses
    assert "(call)" in uses
    found = stage.call("search", "def parse_amount")
    assert "money.py" in found.out
    assert found.err == "1 match in 1 file\n"
    assert "def parse_amount" in stage.call("map", "--focus", "parse_amount").out
    assert "complete: every file is read" in stage.call("status").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("symbols", " "), "give some letters"),
        (("refs", "parse_amoun"), "nothing is called 'parse_amoun'.*; like it: parse_amount"),
        (("search", "(", "--regex"), "no regular expression"),
        (("search", "x", "--in", "*.zig"), "no file of this workspace matches"),
        (("map", "--focus", "nix.py"), "neither a file nor a definition"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(
    stage: Stage, arguments: tuple[str, ...], said: str
) -> None:
    refused = stage.call(*arguments)
    assert (refused.exit_code, refused.out) == (2, "")
    assert refused.err.count("\n") == 1
    assert all(part in refused.err for part in said.split(".*")), refused.err


def test_watching_tells_of_a_change_and_ends_on_an_interrupt(stage: Stage) -> None:
    watching = stage.start("index", "--watch")
    assert watching.stdout is not None
    while not (line := watching.stdout.readline()).startswith("Languages"):
        assert line, "it ended before it told what there is"
    path = stage.root / "brand_new.py"
    path.write_text(NEW, "utf-8")
    try:
        while "(+1)" not in (line := watching.stdout.readline()):
            assert line, "it ended before it told of the change"
        assert line.startswith("revision ")
    finally:
        path.unlink()
        watching.send_signal(signal.SIGINT)
    done = ended(watching)
    assert done.exit_code == 130
    assert done.err.endswith("pairwright: cancelled\n")
