"""Who may write and spend? Whom a person lets, by name, once; no file of a repository does."""

import asyncio
import stat
from pathlib import Path

import pytest

from pairwright.engine.grants import ALLOW, MOST_CLIENTS, REFUSE, Grants
from pairwright.errors import InvalidRequest, NeedsGrant
from pairwright.protocol.grant_messages import Grant, GrantsParams
from tests.engine.desks import open_desk


class Person:
    """Answers as the test says; remembers what was asked."""

    def __init__(self, *answers: str | None) -> None:
        self.answers = list(answers)
        self.questions: list[str] = []

    async def ask(self, question: str, answers: tuple[str, ...]) -> str | None:
        self.questions.append(question)
        await asyncio.sleep(0)
        return self.answers.pop(0)


async def test_nothing_is_granted_at_first(tmp_path: Path) -> None:
    grants = Grants(tmp_path)
    assert not grants.allows("bot", "write")
    with pytest.raises(NeedsGrant, match="`pairwright grant bot write`"):
        await grants.require("bot", "write", "write")
    assert grants.told().grants == ()


async def test_what_is_granted_is_remembered_for_this_user_alone(tmp_path: Path) -> None:
    Grants(tmp_path).change("bot", "write", is_granted=True)
    again = Grants(tmp_path)
    await again.require("bot", "write", "write")
    assert not again.allows("bot", "spend")
    assert not again.allows("Bot", "write")
    (file,) = (tmp_path / "grants").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


async def test_what_is_taken_back_is_gone_also_for_the_next_daemon(tmp_path: Path) -> None:
    grants = Grants(tmp_path)
    for scope in ("write", "spend"):
        grants.change("bot", scope, is_granted=True)
    grants.change("bot", "write", is_granted=False)
    for each in (grants, Grants(tmp_path)):
        assert each.told().grants == (Grant(client="bot", scopes=("spend",)),)


async def test_the_person_is_asked_once_and_the_answer_counts_from_then_on(tmp_path: Path) -> None:
    grants, person = Grants(tmp_path), Person(ALLOW)
    grants.attach("editor", person.ask)
    async with asyncio.TaskGroup() as group:
        for _ in range(5):
            group.create_task(grants.require("bot", "spend", "have a change planned"))
    (question,) = person.questions
    assert "'bot' wants to have a change planned" in question
    assert Grants(tmp_path).allows("bot", "spend")


@pytest.mark.parametrize("answer", [REFUSE, None, "Something else"])
async def test_who_is_not_allowed_is_refused_and_nobody_is_asked_again(
    tmp_path: Path, answer: str | None
) -> None:
    grants, person = Grants(tmp_path), Person(answer)
    grants.attach("editor", person.ask)
    for _ in range(3):
        with pytest.raises(NeedsGrant):
            await grants.require("bot", "write", "write")
    assert len(person.questions) == 1


async def test_an_editor_that_left_is_not_asked(tmp_path: Path) -> None:
    grants, person = Grants(tmp_path), Person()
    grants.attach("editor", person.ask)
    grants.detach("editor")
    with pytest.raises(NeedsGrant):
        await grants.require("bot", "write", "write")


async def test_a_name_cannot_hide_what_it_says_to_the_person_or_to_the_shell(
    tmp_path: Path,
) -> None:
    grants, person = Grants(tmp_path), Person(REFUSE)
    grants.attach("editor", person.ask)
    with pytest.raises(NeedsGrant) as refusal:
        await grants.require("x\x1b[2J'; rm -rf ~ #", "write", "write")
    assert "\x1b" not in person.questions[0]
    assert "grant 'x\\x1b[2J'\\''; rm -rf ~ #' write" in str(refusal.value)


@pytest.mark.parametrize("name", ["", "  ", "x" * 101])
def test_a_name_that_is_none_gets_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidRequest):
        Grants(tmp_path).change(name, "write", is_granted=True)


def test_there_is_a_bound_on_how_many_are_remembered(tmp_path: Path) -> None:
    grants = Grants(tmp_path)
    grants._scopes = {f"bot {number}": frozenset({"write"}) for number in range(MOST_CLIENTS)}
    with pytest.raises(InvalidRequest, match="revoke"):
        grants.change("one more", "write", is_granted=True)
    grants.change("bot 1", "spend", is_granted=True)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"grants": [{"client": "bot", "scopes": ["everything"]}]}', "[" * 9999]
)
def test_a_damaged_note_grants_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "grants").mkdir()
    (tmp_path / "grants" / "grants.txt").write_text(text)
    assert Grants(tmp_path).told().grants == ()


async def test_a_session_changes_and_tells_grants_or_says_what_is_missing(tmp_path: Path) -> None:
    async with open_desk(tmp_path, {"a.py": "a = 1\n"}) as desk:
        granted = GrantsParams(client="bot", scope="write", is_granted=True)
        assert desk.session.change_grants(granted).grants == (
            Grant(client="bot", scopes=("write",)),
        )
        assert len(desk.session.change_grants(GrantsParams()).grants) == 1
        for params in (
            GrantsParams(client="bot"),
            GrantsParams(scope="write"),
            GrantsParams(client="bot", scope="write"),
            GrantsParams(is_granted=True),
        ):
            with pytest.raises(InvalidRequest, match="name the client"):
                desk.session.change_grants(params)


async def test_no_file_of_the_workspace_grants_anything(tmp_path: Path) -> None:
    """Keeps a part of T19."""
    note = '{"grants": [{"client": "bot", "scopes": ["spend", "write"]}]}'
    files = {
        "grants/grants.txt": note,
        ".pairwright/grants/grants.txt": note,
        "pyproject.toml": "[tool.pairwright]\ngrants = ['bot']\n",
    }
    async with open_desk(tmp_path, files) as desk:
        assert desk.session.grants.told().grants == ()
