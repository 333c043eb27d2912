"""Does everything leave by the one exit, and is it on record before it does?"""

import asyncio
import hashlib
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

import pytest

from pairwright.disclosure.log import DisclosureLog
from pairwright.disclosure.policy import Policy
from pairwright.disclosure.redaction import REDACTED, Redactor, without_keys
from pairwright.engine.models.disclosing import Exit
from pairwright.errors import InvalidRequest, NotDisclosed, Unavailable, UserError
from pairwright.llm.destinations import HERE, Destination
from pairwright.llm.model import Completion, Message, ModelRequest, Source, TextDelta
from pairwright.llm.scripted_provider import ScriptedProvider
from pairwright.protocol import messages
from pairwright.protocol.disclosure_messages import DisclosedParams
from pairwright.settings import DisclosureSettings
from tests.disclosure.planted import Planted, planted
from tests.engine.desks import open_desk
from tests.support.answers import answer, block, edit

FAR = Destination("api.example.org", is_loopback=False)
NEAR = Destination("127.0.0.1:8080", is_loopback=True)
KEY = "sk-proj-" + "abcdefghijklmnop1234"
FILES = {"a.py": "a = 1\nb = 2\n"}
EDIT_A = edit("a.py", "a = 1\n", "a = 2\n")


def open_exit(directory: Path, policy: Policy | None = None, *, local_only: bool = False) -> Exit:
    log = DisclosureLog(directory / "d.sqlite3")
    return Exit(
        log,
        policy or Policy(redactor=Redactor()),
        is_local_only=local_only,
        why_not_local=lambda place: None if place.is_loopback else "it is elsewhere",
    )


def asking(text: str, *sources: Source, grammar: str | None = None) -> ModelRequest:
    return ModelRequest(
        (Message("user", text),), max_output_tokens=10, sources=sources, grammar=grammar
    )


async def check_leaves(exit_: Exit, request: ModelRequest, provider: ScriptedProvider) -> str:
    """Ask within a task and return what arrived."""
    with exit_.task("task-1"):
        async with aclosing(exit_.guarded(provider).stream(request)) as items:
            async for _ in items:
                pass
    return provider.requests[-1].messages[-1].content


async def test_each_attempt_is_on_record_with_host_task_and_parts(tmp_path: Path) -> None:
    exit_ = open_exit(tmp_path)
    provider = ScriptedProvider("openai/x", ["ok", "ok"], destination=FAR)
    text = "a = 1\n"
    request = asking(f"Look:\n{text}\nChange it.", Source("file", text, "a.py"))
    await check_leaves(exit_, request, provider)
    await check_leaves(exit_, request, provider)
    last, first = exit_.log.departures()
    assert (first.task_id, first.host, first.is_local) == ("task-1", "api.example.org", False)
    file, rest = first.parts
    assert (file.path, file.bytes) == ("a.py", 6)
    assert file.digest == hashlib.sha256(text.encode()).hexdigest()
    assert first.bytes == len(request.messages[0].content)
    assert rest.path == ""
    assert last.parts == first.parts


async def test_a_call_that_fails_was_disclosed_all_the_same(tmp_path: Path) -> None:
    exit_ = open_exit(tmp_path)
    provider = ScriptedProvider("openai/x", [Unavailable("it is down")], destination=FAR)
    with pytest.raises(Unavailable):
        await check_leaves(exit_, asking("hello"), provider)
    assert len(exit_.log.departures()) == 1


async def test_it_is_written_down_before_it_is_sent(tmp_path: Path) -> None:
    exit_ = open_exit(tmp_path)
    seen: list[int] = []

    class Looking(ScriptedProvider):
        async def stream(
            self, request: ModelRequest
        ) -> AsyncGenerator[TextDelta | Completion, None]:
            seen.append(len(exit_.log.departures()))
            async with aclosing(super().stream(request)) as items:
                async for item in items:
                    yield item

    await check_leaves(exit_, asking("hello"), Looking("x/y", ["ok"]))
    assert seen == [1]


async def test_what_cannot_be_written_down_does_not_leave(tmp_path: Path) -> None:
    exit_ = open_exit(tmp_path)
    exit_.log.close()
    provider = ScriptedProvider("openai/x", ["ok"], destination=FAR)
    with pytest.raises(UserError, match="nothing is sent"):
        await check_leaves(exit_, asking("hello"), provider)
    assert provider.requests == []


async def test_nothing_leaves_outside_of_a_task(tmp_path: Path) -> None:
    provider = ScriptedProvider("openai/x", ["ok"])
    with pytest.raises(NotDisclosed, match="but for a task"):
        async with aclosing(open_exit(tmp_path).guarded(provider).stream(asking("x"))) as items:
            await anext(items)
    assert provider.requests == []


async def test_tasks_side_by_side_are_told_apart(tmp_path: Path) -> None:
    exit_ = open_exit(tmp_path)
    provider = exit_.guarded(ScriptedProvider("x/y", ["ok"] * 6))

    async def work(task_id: str) -> None:
        with exit_.task(task_id):
            for _ in range(3):
                async with aclosing(provider.stream(asking(task_id))) as items:
                    async for _ in items:
                        await asyncio.sleep(0)

    await asyncio.gather(work("one"), work("two!"))
    assert sorted((each.task_id, each.bytes) for each in exit_.log.departures()) == [
        *[("one", 3)] * 3,
        *[("two!", 4)] * 3,
    ]


async def test_secrets_and_hidden_characters_are_taken_out_and_counted(tmp_path: Path) -> None:
    redactor = Redactor()
    redactor.register("odd/secret+of-mine-42")
    exit_ = open_exit(tmp_path, Policy(redactor=redactor))
    provider = ScriptedProvider("x/y", ["ok"])
    text = f"use {KEY} and odd/secret+of-mine-42, o\u200bk\U000e0041"
    assert await check_leaves(exit_, asking(text), provider) == (
        f"use {REDACTED} and {REDACTED}, ok"
    )
    (left,) = exit_.log.departures()
    assert left.taken_out == 2


@pytest.mark.parametrize("one", planted(4), ids=lambda one: one.kind)
def test_what_was_cleaned_once_stays(tmp_path: Path, one: Planted) -> None:
    exit_ = open_exit(tmp_path)
    once = exit_.cleaned(asking(one.line))
    assert exit_.cleaned(once) == once
    assert REDACTED in once.messages[0].content


def test_a_file_is_never_sent_with_a_hole(tmp_path: Path) -> None:
    text = f"name = 'x'\nkey = '{KEY}'\n"
    request = asking(f"File a.py:\n{text}", Source("file", text, "a.py"))
    with pytest.raises(NotDisclosed, match=r"'a\.py' now holds what looks like a secret"):
        open_exit(tmp_path).cleaned(request)


def test_a_secret_beside_a_file_takes_nothing_of_the_file(tmp_path: Path) -> None:
    text = "name = 'x'\n"
    request = asking(f"File a.py:\n{text}\nUse {KEY}.", Source("file", text, "a.py"))
    cleaned = open_exit(tmp_path).cleaned(request)
    assert cleaned.messages[0].content == f"File a.py:\n{text}\nUse {REDACTED}."


def test_a_grammar_that_quotes_a_secret_stays_here(tmp_path: Path) -> None:
    exit_ = open_exit(tmp_path)
    assert exit_.cleaned(asking("x", grammar=f'root ::= "{KEY}"')).grammar is None
    assert exit_.cleaned(asking("x", grammar='root ::= "a\u200b"')).grammar is None
    assert exit_.cleaned(asking("x", grammar='root ::= "a"')).grammar == 'root ::= "a"'


@pytest.mark.parametrize("local_only", [True, False])
async def test_local_only_asks_nobody_elsewhere(tmp_path: Path, local_only: bool) -> None:
    exit_ = open_exit(tmp_path, local_only=local_only)
    far = ScriptedProvider("openai/x", ["ok"], destination=FAR)
    near = ScriptedProvider("ollama/x", ["ok"], destination=NEAR)
    assert await check_leaves(exit_, asking("x"), near) == "x"
    if not local_only:
        assert await check_leaves(exit_, asking("x"), far) == "x"
        return
    with pytest.raises(NotDisclosed, match="'openai/x' is not asked: it is elsewhere"):
        await check_leaves(exit_, asking("x"), far)
    assert far.requests == []
    assert [each.host for each in exit_.log.departures()] == ["127.0.0.1:8080"]


async def test_a_task_tightens_and_never_loosens(tmp_path: Path) -> None:
    far = ScriptedProvider("openai/x", ["ok"], destination=FAR)
    for daemon, task in ((False, True), (True, False)):
        directory = tmp_path / f"{daemon}"
        directory.mkdir()
        exit_ = open_exit(directory, local_only=daemon)
        with exit_.task("t", is_local_only=task), pytest.raises(NotDisclosed):
            await exit_.leave(asking("x"), far)


async def test_local_only_does_not_begin_a_download(tmp_path: Path) -> None:
    exit_ = open_exit(tmp_path, local_only=True)
    provider = ScriptedProvider("embedded/tiny", [], destination=HERE)
    with exit_.task("t"):
        await exit_.require_local([provider], {})
        with pytest.raises(NotDisclosed, match="pairwright models pull tiny"):
            await exit_.require_local([provider], {"embedded/tiny": 5})


# Through the engine: what a person does, and what the models got.


async def test_a_task_with_local_only_fails_before_anything_is_sent(tmp_path: Path) -> None:
    weak = ScriptedProvider("openai/weak", [EDIT_A], destination=FAR)
    async with open_desk(tmp_path, FILES, weak, allow_unpriced=True) as desk:
        with pytest.raises(NotDisclosed, match=r"api\.example\.org is not on this machine"):
            await desk.run(local_only=True)
        assert weak.requests == []
        assert (await desk.session.disclosed(DisclosedParams())).calls == ()
        result = await desk.run()
        assert result.state == "review"


async def test_settings_forbid_what_a_task_does_not(tmp_path: Path) -> None:
    weak = ScriptedProvider("openai/weak", [EDIT_A], destination=FAR)
    settings = DisclosureSettings(local_only=True)
    async with open_desk(tmp_path, FILES, weak, disclosure=settings) as desk:
        with pytest.raises(NotDisclosed):
            await desk.run()
        assert weak.requests == []


async def test_a_whole_task_is_told_file_by_file(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_A], ["Goal: it.\n1. a.py: change it.\n"]) as desk:
        result = await desk.run("Change a.py so that a is 2.", strategy="plan")
        answer = await desk.session.disclosed(DisclosedParams(task_id=result.task_id[:6]))
        weak, strong = answer.calls
        assert (strong.model, weak.model) == ("scripted/strong", "scripted/weak")
        for call in answer.calls:
            kinds = {part.kind: part for part in call.parts}
            assert kinds["file"].path == "a.py"
            assert kinds["file"].digest == hashlib.sha256(FILES["a.py"].encode()).hexdigest()
            assert kinds["instruction"].bytes == len("Change a.py so that a is 2.")
        assert "plan" in {part.kind for part in weak.parts}
        sent = len(desk.prompts()) - desk.prompts().count("\0")
        assert (
            0
            < sent
            - sum(
                sum(part.bytes for part in call.parts if part.kind != "grammar")
                for call in answer.calls
            )
            < 20
        )  # the line ends between the messages, as the desk joins them
        (host,) = answer.hosts
        assert (host.is_local, host.calls, host.files) == (True, 2, 1)


@pytest.mark.parametrize("params", [{"limit": 0}, {"limit": 10**6}, {"since": "yesterday"}])
async def test_a_question_that_makes_no_sense_is_refused(
    tmp_path: Path, params: dict[str, object]
) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        with pytest.raises(InvalidRequest):
            await desk.session.disclosed(DisclosedParams(**params))  # type: ignore[arg-type]


async def test_what_is_withheld_is_told_with_its_rule(tmp_path: Path) -> None:
    files = FILES | {
        "config.py": f"key = '{KEY}'\n",
        "dump.py": "b = 7\n",
        "odd.py": "c = 3  # o\u202ek\n",
    }
    settings = DisclosureSettings(never=("dump.*",))
    async with open_desk(tmp_path, files, [EDIT_A], disclosure=settings) as desk:
        await desk.run(f"Change a.py as config.py, dump.py and odd.py say: {KEY}.", file="a.py")
        (started,) = (e for e in desk.events if isinstance(e, messages.TaskStarted))
        told = "\n".join(started.withheld)
        assert "config.py (line 1 holds what looks like a secret: an API key (sk-))" in told
        assert "dump.py (your setting disclosure.never names it)" in told
        assert "1 invisible character (U+202E right-to-left override) in odd.py" in told
        assert "an API key (sk-) in the instruction" in told
        assert KEY not in told
        (call,) = (await desk.session.disclosed(DisclosedParams())).calls
        assert call.taken_out >= 1
        assert "instruction" in {part.kind for part in call.parts}
        assert "b = 7" not in desk.prompts()
        assert "c = 3  # ok" in desk.prompts()


async def test_an_ignored_file_that_an_editor_has_open_is_not_shown(tmp_path: Path) -> None:
    files = FILES | {".gitignore": "private/\n", ".pairwrightignore": "*.sql\n!a.py\n"}
    async with open_desk(tmp_path, files, [EDIT_A]) as desk:
        editor = desk.editor()
        editor.open("private/b.py", "x1y2 = 1\n")
        editor.open("c.sql", "SELECT z3z4\n")
        await desk.run("Change a.py as private/b.py and c.sql say.", file="a.py")
        assert "a = 1" in desk.prompts()
        assert "x1y2" not in desk.prompts()
        assert "z3z4" not in desk.prompts()
        (started,) = (e for e in desk.events if isinstance(e, messages.TaskStarted))
        assert "private/b.py (an ignore file of the workspace names it)" in started.withheld


async def test_an_ignore_file_of_the_workspace_shows_nothing_that_others_withhold(
    tmp_path: Path,
) -> None:
    files = FILES | {
        ".gitignore": "g.py\n",
        ".pairwrightignore": "!g.py\n!prod.env\n!dump.py\n",
        "g.py": "x1y2 = 1\n",
        "prod.env": "P=x1y2\n",
        "dump.py": "x1y2 = 2\n",
    }
    settings = DisclosureSettings(never=("dump.py",))
    async with open_desk(tmp_path, files, [EDIT_A], disclosure=settings) as desk:
        await desk.run("Change a.py as g.py, prod.env and dump.py say.", file="a.py")
        assert "x1y2" not in desk.prompts()


async def test_a_failing_test_of_a_withheld_file_is_not_quoted(tmp_path: Path) -> None:
    files = FILES | {
        "test_a.py": "import unittest\nimport a\n\n\nclass TestA(unittest.TestCase):\n"
        "    def test_a(self):\n        x1y2 = 2\n        self.assertEqual(a.a, x1y2)\n"
    }
    unittest = (sys.executable, "-S", "-m", "unittest", "-q", "test_a")
    settings = DisclosureSettings(never=("test_*.py",))
    async with open_desk(tmp_path, files, [EDIT_A], tests=unittest, disclosure=settings) as desk:
        await desk.run("Make the tests pass.", file="a.py")
        assert "def test_a" not in desk.prompts()


@pytest.mark.parametrize("one", planted(5), ids=lambda one: one.kind)
async def test_a_file_with_a_secret_is_never_damaged(tmp_path: Path, one: Planted) -> None:
    """However a model answers, no byte changes: the file was not shown and may not be edited."""
    text = f'note = """\n{one.line}\n"""\nb = 2\n'
    with_hole = without_keys(text)
    replies = [
        answer(block("a.py", "a = 1\n", "a = 2\n"), block("conf.py", with_hole, "x = 1\n")),
        edit("conf.py", "b = 2\n", "b = 3\n"),
        EDIT_A,
    ]
    async with open_desk(tmp_path, FILES | {"conf.py": text}, replies) as desk:
        result = await desk.run("Change a.py and conf.py.", file="a.py")
        if result.state == "review":
            await desk.accept(result.task_id)
        assert "a = 1" in desk.prompts()
        assert one.secret not in desk.prompts()
        assert desk.read("conf.py") == text
