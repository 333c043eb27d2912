"""Does the process outlive every text, however deep? Some grammars do not by themselves."""

import subprocess
import sys

import pytest

from pairwright.syntax.extraction import outline_of
from pairwright.syntax.languages.language import Language
from pairwright.syntax.languages.ocaml import OCAML
from pairwright.syntax.languages.python import PYTHON
from pairwright.syntax.languages.ruby import RUBY
from pairwright.syntax.languages.yaml import YAML
from pairwright.syntax.parser import parse, parse_again

# Not in this process: when a bound is wrong, there is no process any more.
_PARSE_ALL = """
from pairwright.syntax.languages.registry import LANGUAGES
from pairwright.syntax.parser import parse, parse_again

OPENERS = {"(": ")", "- ": "", "? ": "", "> ": "", "<b>": "</b>", '"#{': '}"'}
STEPS = "".join(f"{' ' * level}if a:\\n" for level in range(400))
HEREDOC = f"f(<<A, <<{'B' * 1_014})\\nx\\nA\\n"
for language in LANGUAGES:
    texts = [opener * 1_000 + closer * 1_000 for opener, closer in OPENERS.items()]
    texts += [STEPS, HEREDOC]
    if language.bounds:
        texts += ["(" * 20_000, "- " * 20_000, "(*" * 150_000, "{-" * 100_000]
    for text in texts:
        print(language.name, text[:2], len(text), flush=True)
        parse(language, text)
    before = parse(language, "a")
    if before is not None:
        parse_again(language, "a\\n" + HEREDOC, before)
        parse_again(language, "a\\n" + STEPS, before)
print("alive")
"""


def test_no_nesting_ends_the_process() -> None:
    """T24."""
    ran = subprocess.run([sys.executable, "-c", _PARSE_ALL], capture_output=True, timeout=60)
    lines = ran.stdout.decode().splitlines()
    assert (ran.returncode, lines[-1]) == (0, "alive")


def steps(count: int, line: str) -> str:
    return "".join(f"{' ' * level}{line}\n" for level in range(count))


HEREDOCS = ", ".join(f"<<-WORD_{number}" for number in range(120))

TOO_DEEP = [
    pytest.param("a.yaml", steps(254, "a:"), id="mappings"),
    pytest.param("a.yaml", steps(254, "a:").replace("\n", "\r"), id="carriage returns"),
    pytest.param("a.py", steps(500, "if a:"), id="blocks"),
    pytest.param("a.py", steps(500, "if a:").replace(" ", "\t"), id="blocks with tabs"),
    pytest.param("a.yaml", "- " * 254 + "a\n", id="sequences on one line"),
    pytest.param("a.yaml", "?\t" * 254 + "a\n", id="keys on one line, with tabs"),
    pytest.param(
        "a.yaml",
        "".join(f"{' ' * level * 20}{'- ' * 10}a:\n" for level in range(26)),
        id="sequences on many lines",
    ),
    pytest.param("a.py", steps(384, "if a:") + " " * 384 + "f'{" * 255, id="blocks and strings"),
    pytest.param("a.py", steps(500, "if a:"), id="blocks"),
    pytest.param("a.py", steps(500, "if a:").replace(" ", "\t"), id="blocks with tabs"),
    pytest.param(
        "a.py",
        "".join(f"{' ' * (level % 20)}\\\n{chr(9) * (level // 20)}if a:\n" for level in range(400)),
        id="indentation in two pieces",
    ),
    pytest.param("a.rb", f"f(<<A, <<{'B' * 1_014})\nb\nA\n", id="a long heredoc"),
    pytest.param("a.rb", f'f(<<"{"B " * 507}")\nb\n', id="a long quoted heredoc"),
    pytest.param("a.rb", f'f(<<"{"B" * 500}\n{"B" * 512}")\nb\n', id="a heredoc of two lines"),
    pytest.param("a.rb", f"f({HEREDOCS})\n", id="many heredocs"),
    pytest.param("a.rb", "<<LONG_WORD\n#{\n" * 120, id="heredocs in heredocs"),
    pytest.param("a.rb", "<<LONG_WORD\n#{'}' + f(\n" * 120, id="a brace in quotes"),
    pytest.param("a.rb", '<<LONG_WORD\n#{?" + "} "} + \n' * 120, id="a quote that is a character"),
    pytest.param("a.ml", "(*" * 100_000, id="comments"),
    pytest.param("a.c", "{-" * 100_000, id="braces"),
    pytest.param("a.go", "{ /*}*/ !" * 60_000, id="braces, comments and signs"),
    pytest.param("a.mli", "(*" * 100_000 + "*)" * 100_000, id="closed comments"),
    pytest.param("a.ml", '(* "*)" ' * 100_000, id="comments that seem closed"),
]


@pytest.mark.parametrize(("path", "text"), TOO_DEEP)
def test_what_a_grammar_does_not_survive_is_a_problem_of_the_text(path: str, text: str) -> None:
    outline = outline_of(path, text)
    assert outline.not_parsed == "too long or too tangled to be parsed"
    assert len(outline.problems) == 1


USUAL = [
    pytest.param("a.yaml", steps(90, "a:"), id="mappings"),
    pytest.param("a.yaml", "- " * 40 + "a\n", id="sequences on one line"),
    pytest.param("a.yaml", "- a: 1\n  b:\n  - c\n" * 5_000, id="long"),
    pytest.param("a.yaml", "[" * 300 + "]" * 300, id="flow"),
    pytest.param("a.py", steps(200, "if a:") + " " * 200 + "a\n", id="blocks"),
    pytest.param("a.py", "def f():\n    return f'{a}'\n" * 5_000, id="long"),
    pytest.param("a.rb", "f(<<~A, <<~B)\n  #{a}\nA\n  b\nB\n" * 500, id="heredocs"),
    pytest.param("a.rb", 'f("#{a.map { |x| x }.join(", ")}")\n' * 2_000, id="interpolations"),
    pytest.param(
        "a.rb", 'f(<<~A)\n  #{a[:b].map { |x| x.y }.join(", ")}\nA\n' * 500, id="both, all closed"
    ),
    pytest.param("a.c", "int a[][2] = {" + "{-1, -2},\n" * 6_000 + "};", id="braces"),
    pytest.param("a.ml", "(* a *)\nlet a = 1\n" * 4_000, id="comments"),
]


@pytest.mark.parametrize(("path", "text"), USUAL)
def test_what_people_write_is_parsed(path: str, text: str) -> None:
    assert outline_of(path, text).not_parsed == ""


@pytest.mark.parametrize(
    ("language", "deep"),
    [
        (YAML, "- " * 300),
        (PYTHON, steps(500, "if a:")),
        (RUBY, f"<<{'A' * 1_019}\nb\n"),
        (OCAML, "(*" * 100_000),
    ],
)
def test_an_edit_that_nests_too_deep_is_not_parsed_either(language: Language, deep: str) -> None:
    before = parse(language, "a\n")
    assert before is not None
    assert parse_again(language, f"a\n{deep}", before) == (None, None)
