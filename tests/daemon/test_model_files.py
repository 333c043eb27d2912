"""Do `models list`, `pull` and `test` say what they should?"""

import io
import re
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from pairwright.cli import main
from pairwright.daemon.model_files import ProgressLine, ask, entry_named, listing, whole_name
from pairwright.errors import NoModel
from pairwright.llm.catalog import WEAK_EMBEDDED, model_path, part_path
from pairwright.llm.model import (
    Completion,
    FinishReason,
    Message,
    ModelRequest,
    OnProgress,
    Price,
    Progress,
    TextDelta,
    Usage,
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class OneAnswer:
    """A provider with one answer."""

    model = "test/model"
    accepts_grammar = False
    context_tokens = 100
    hidden_output_tokens = 0
    price: Price | None = None
    is_closed = False

    def __init__(self, *pieces: str) -> None:
        self.pieces = pieces

    def count_tokens(self, messages: tuple[Message, ...]) -> int:
        return 1

    async def prepare(self, on_progress: OnProgress) -> None:
        on_progress(Progress("starting", 0, None, "steps"))

    async def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | Completion, None]:
        for piece in self.pieces:
            yield TextDelta(piece)
        yield Completion("".join(self.pieces), Usage(1, 0, 0, 5), FinishReason.STOP)

    async def aclose(self) -> None:
        self.is_closed = True


def test_the_list_tells_what_is_there(tmp_path: Path) -> None:
    with model_path(WEAK_EMBEDDED, tmp_path).open("wb") as file:
        file.truncate(WEAK_EMBEDDED.size_bytes)
    strong, weak = listing(tmp_path).splitlines()
    assert re.search(
        r"qwen2.5-coder-1.5b +1117 MB  Apache-2.0 +not there: `pairwright models p", strong
    )
    assert re.search(r"qwen2.5-coder-0.5b +491 MB  Apache-2.0 +there$", weak)


def test_the_list_tells_of_an_unfinished_download(tmp_path: Path) -> None:
    with part_path(WEAK_EMBEDDED, tmp_path).open("wb") as file:
        file.truncate(91_400_064)
    assert "400 MB missing" in listing(tmp_path).splitlines()[1]


def test_a_model_has_its_name_with_or_without_prefix() -> None:
    assert entry_named("qwen2.5-coder-0.5b") is WEAK_EMBEDDED
    assert entry_named("embedded/qwen2.5-coder-0.5b") is WEAK_EMBEDDED
    with pytest.raises(NoModel, match="'gpt'"):
        entry_named("gpt")


def test_a_test_takes_an_embedded_model_s_short_name() -> None:
    assert whole_name(WEAK_EMBEDDED.name) == whole_name(WEAK_EMBEDDED.model) == WEAK_EMBEDDED.model
    assert whole_name("openai/gpt-5-mini") == "openai/gpt-5-mini"


def test_a_bar_tells_speed_and_time_left() -> None:
    out = Terminal()
    now = iter((0.0, 10.0, 20.0))
    line = ProgressLine(out, clock=lambda: next(now))
    for done in (0, 25_000_000, 100_000_000):
        line.show(Progress("downloading", done, 100_000_000, "bytes"))
    line.end()
    first, second, third = out.getvalue().split("\r\x1b[K")[1:]
    assert first.endswith("0 MB of 100 MB")
    assert second.endswith("25 MB of 100 MB, 2.5 MB/s, 0:30 left")
    assert "██████······" in second
    assert third.endswith("100 MB of 100 MB\n")


def test_without_a_terminal_there_is_a_line_for_every_tenth() -> None:
    out = io.StringIO()
    line = ProgressLine(out, clock=lambda: 0.0)
    for done in range(101):
        line.show(Progress("downloading", done, 100, "bytes"))
    assert len(out.getvalue().splitlines()) == 11


async def test_a_test_shows_the_answer_and_its_speed() -> None:
    answer, notes = io.StringIO(), io.StringIO()
    provider = OneAnswer("return ", "s[::-1]")
    await ask(provider, answer, notes)
    assert answer.getvalue() == "return s[::-1]"
    assert re.search(r"test/model: ready in .* s, 5 tokens in .* tokens/s", notes.getvalue())
    assert provider.is_closed


async def test_an_answer_cannot_command_the_terminal() -> None:
    answer = io.StringIO()
    await ask(OneAnswer("a\x1b]0;b\x07\n"), answer, io.StringIO())
    assert answer.getvalue() == "a\\x1b]0;b\\x07\n"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("pull", "nothing"), "'nothing'"),
        (("test", "nothing"), "'nothing'"),
        (("test", "embedded/nothing"), "'embedded/nothing'"),
        (("test", "openai/gpt-5"), "OPENAI_API_KEY"),
    ],
)
def test_an_unknown_model_is_one_sentence(
    arguments: tuple[str, ...], word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", *arguments]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert word in output.err
    assert output.err.count("\n") == 1


def test_a_file_that_is_not_the_model_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.gguf"
    wrong.write_bytes(b"GGUF")
    assert main(["models", "pull", "qwen2.5-coder-0.5b", "--from", str(wrong)]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_the_command_list_prints_both(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "list"]) == 0
    assert capsys.readouterr().out.count("not there") == 2
