"""Is an instruction found in the comment above, whatever the language, and never elsewhere?"""

import pytest

from pairwright.syntax.instruction_comments import instruction_above


@pytest.mark.parametrize(
    "comment",
    [
        "# pw: do it",
        "#pw:do it",
        "  ## PW: do it  ",
        "// pw: do it",
        "/// pw: do it",
        "-- pw: do it",
        ";; pw: do it",
        "% pw: do it",
        "' pw: do it",
        '" pw: do it',
        "REM pw: do it",
        "/* pw: do it */",
        "/** pw: do it */",
        "<!-- pw: do it -->",
        "(* pw: do it *)",
        "{- pw: do it -}",
        "{# pw: do it #}",
        "--[[ pw: do it ]]",
        "#= pw: do it =#",
        "{/* pw: do it */}",
        "<%# pw: do it %>",
        "<# pw: do it #>",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_of_any_language_says_it(comment: str, end: str) -> None:
    text = f"a{end}{comment}{end}b{end}"
    found = instruction_above(text, 2)
    assert found is not None
    assert (found.instruction, found.first_line, found.last_line) == ("do it", 1, 1)
    assert found.text == comment + end


@pytest.mark.parametrize(
    ("comment", "instruction"),
    [
        ("# pw: one\n#\n#   two\n", "one\n\ntwo"),
        ("// pw: one\n// two\n", "one\ntwo"),
        ("/* pw: one\n * two\n */\n", "one\ntwo"),
        ("<!-- pw: one\n     two\n-->\n", "one\ntwo"),
        ("{- pw:\n one -}\n", "one"),
    ],
)
def test_further_lines_belong_to_it(comment: str, instruction: str) -> None:
    text = f"{comment}code\n"
    line = comment.count("\n")
    for asked in range(line + 1):
        found = instruction_above(text, asked)
        assert found is not None
        assert (found.instruction, found.text) == (instruction, comment)
    assert instruction_above(text + "more\n", line + 1) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "code\n",
        "# pw:\ncode\n",
        "# pw:   \ncode\n",
        "# npw: x\ncode\n",
        "x = 1  # pw: not a line of its own\ncode\n",
        "pw: no comment\ncode\n",
        "/* pw: no end\ncode\n",
        "/* pw: code behind */ x = 1\ncode\n",
        "# pw: x\n\ncode\n",
        "# pwd: x\ncode\n",
    ],
)
def test_anything_else_says_nothing(text: str) -> None:
    assert instruction_above(text, text.count("\n") - 1) is None


@pytest.mark.parametrize("line", [0, 1, 50, 10**9])
def test_a_line_beyond_the_text_is_answered(line: int) -> None:
    assert instruction_above("code\n", line) is None


def test_the_nearest_of_several_counts() -> None:
    found = instruction_above("# pw: one\nx\n# pw: two\ncode\n", 3)
    assert found is not None
    assert found.instruction == "two"


def test_a_long_comment_is_read_up_to_a_bound() -> None:
    text = "# pw: one\n" + "# more\n" * 100 + "code\n"
    assert instruction_above(text, 101) is None
    found = instruction_above(text, 3)
    assert found is not None
    assert found.last_line == 29
