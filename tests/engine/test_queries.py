"""Is every answer of the index true of the text as it is now, and honest about what is missing?"""

import asyncio
from pathlib import Path

import pytest

from pairwright.engine.questions import queries as queries_module
from pairwright.engine.questions.places import Places
from pairwright.engine.questions.queries import MOST_MAP_TOKENS
from pairwright.errors import InvalidRequest, StaleChange, UnreadableFile
from pairwright.index.analysis import Analysis
from pairwright.index.ranking import MapFocus
from pairwright.protocol import index_messages as messages
from tests.engine.asking import (
    FILES,
    STACK,
    STACK_PY,
    USE,
    A,
    asking,
    lines,
    names,
    references,
    search,
    symbols,
    write,
)
from tests.engine.desks import open_desk
from tests.support.waiting import eventually, within


async def test_definitions_are_found_by_some_letters(tmp_path: Path) -> None:
    async with asking(tmp_path) as (queries, _):
        found = await symbols(queries, "Stack.pu")
        assert names(found)[0] == "Stack.push"
        (place, *_) = (symbol.place for symbol in found.symbols)
        assert (place.path, place.line, place.column, place.end_column) == ("stack.py", 4, 8, 12)
        assert place.line_text == "    def push(self, item):"
        assert found.symbols[0].signature == "def push(self, item)"
        assert len((await symbols(queries, "s", limit=1)).symbols) == 1
        assert names(await symbols(queries, "zzzz")) == []


@pytest.mark.parametrize("query", ["", "  \n"])
async def test_a_name_without_letters_is_refused(tmp_path: Path, query: str) -> None:
    async with asking(tmp_path) as (queries, _):
        with pytest.raises(InvalidRequest, match="give some letters"):
            await symbols(queries, query)
        with pytest.raises(InvalidRequest, match="give the name"):
            await references(queries, query)


@pytest.mark.parametrize("limit", [0, -5])
async def test_a_limit_below_one_is_refused_by_every_query(tmp_path: Path, limit: int) -> None:
    async with asking(tmp_path) as (queries, _):
        with pytest.raises(InvalidRequest, match="limit: at least 1"):
            await symbols(queries, "push", limit)
        with pytest.raises(InvalidRequest, match="limit: at least 1"):
            await references(queries, "push", limit)
        with pytest.raises(InvalidRequest, match="limit: at least 1"):
            await search(queries, "push", limit=limit)


@pytest.mark.parametrize("name", ["push", "Stack.push", "stack.py:Stack.push"])
async def test_uses_are_found_by_a_name_with_or_without_its_place(
    tmp_path: Path, name: str
) -> None:
    async with asking(tmp_path) as (queries, _):
        found = await references(queries, name)
        (definition,) = found.definitions
        assert found.total == 1
        assert definition.symbol.name == "Stack.push"
        uses = [(each.place.path, each.place.line) for each in definition.references]
        assert uses == [("use.py", 4), ("use.py", 5)]
        assert {each.role for each in definition.references} == {"call"}


async def test_uses_beyond_the_limit_are_counted(tmp_path: Path) -> None:
    async with asking(tmp_path) as (queries, _):
        (definition,) = (await references(queries, "push", limit=1)).definitions
        assert (len(definition.references), definition.total) == (1, 2)


async def test_definitions_beyond_the_most_are_counted(tmp_path: Path) -> None:
    files = {f"m{number:02}.py": "def same(): ...\n" for number in range(25)}
    async with asking(tmp_path, files) as (queries, _):
        found = await references(queries, "same")
        assert (len(found.definitions), found.total) == (20, 25)


async def test_when_time_is_up_the_first_definition_is_still_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries_module, "REFERENCES_TIMEOUT_S", -1)
    files = {"a.py": "def same(): ...\n", "b.py": "def same(): ...\n"}
    async with asking(tmp_path, files) as (queries, _):
        found = await references(queries, "same")
        assert (len(found.definitions), found.total) == (1, 2)


@pytest.mark.parametrize("name", ["pusch", "Other.push", "use.py:Stack.push", ":", "."])
async def test_a_name_of_nothing_is_refused(tmp_path: Path, name: str) -> None:
    async with asking(tmp_path) as (queries, _):
        with pytest.raises(InvalidRequest, match="nothing is called"):
            await references(queries, name)


async def test_what_may_have_been_meant_is_said(tmp_path: Path) -> None:
    async with asking(tmp_path) as (queries, _):
        with pytest.raises(InvalidRequest, match=r"like it: Stack\.push"):
            await references(queries, "pus")


async def test_text_is_found_in_every_file(tmp_path: Path) -> None:
    async with asking(tmp_path) as (queries, _):
        found = await search(queries, "push")
        assert [path for path, _, _ in lines(found)] == [
            "notes.txt",
            "stack.py",
            "use.py",
            "use.py",
        ]
        assert (found.files, found.is_cut, found.note) == (3, False, "")
        assert lines(await search(queries, "Push")) == [("notes.txt", 0, "Push it.")]
        assert len(lines(await search(queries, "Push", is_case_sensitive=False))) == 4
        python = await search(queries, r"\.push\(\d", is_regex=True, include="*.py")
        assert lines(python) == [("use.py", 5, "    stack.push(2)")]
        cut = await search(queries, "push", limit=1)
        assert len(cut.matches) == 1
        assert cut.is_cut
        assert "narrow the search" in cut.note


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"text": ""}, "give 1 to 1000 characters"),
        ({"text": "x" * 1001}, "give 1 to 1000 characters"),
        ({"text": "(", "is_regex": True}, "no regular expression"),
        ({"text": "push", "include": "*.zig"}, "no file of this workspace matches"),
        ({"text": "push", "include": "!"}, "no pattern"),
        ({"text": "push", "include": "[z-a]"}, "no pattern"),
    ],
)
async def test_a_search_that_makes_no_sense_is_refused(
    tmp_path: Path, params: dict[str, object], reason: str
) -> None:
    async with asking(tmp_path) as (queries, _):
        with pytest.raises(InvalidRequest, match=reason):
            await search(queries, **params)  # type: ignore[arg-type]


async def test_files_that_match_and_hold_nothing_are_an_answer(tmp_path: Path) -> None:
    async with asking(tmp_path) as (queries, _):
        found = await search(queries, "zzzz", include="*.py")
        assert (found.matches, found.files, found.is_cut) == ((), 0, False)


async def test_of_a_very_long_line_the_part_around_the_match_is_shown(tmp_path: Path) -> None:
    long = "x" * 5000 + "needle" + "y" * 5000
    async with asking(tmp_path, {"long.txt": long}) as (queries, _):
        (match,) = (await search(queries, "needle")).matches
        place = match.place
        assert (place.column, place.end_column) == (5000, 5006)
        start = place.column - place.shown_from
        assert place.line_text[start : start + 6] == "needle"
        assert len(place.line_text) == 200


async def test_a_map_keeps_to_its_budget_and_tells_its_reasons(tmp_path: Path) -> None:
    async with asking(tmp_path) as (queries, _):
        found = await queries.map(messages.MapParams(tokens=200), MapFocus())
        assert "stack.py" in {entry.path for entry in found.entries}
        assert 0 < found.tokens <= 200
        assert all(entry.reason for entry in found.entries)
        for focus in ("use.py", "./use.py", "Stack.push"):
            await queries.map(messages.MapParams(focus=(focus,), tokens=200), MapFocus())


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        (messages.MapParams(tokens=0), "tokens: 1 to"),
        (messages.MapParams(tokens=MOST_MAP_TOKENS + 1), "tokens: 1 to"),
        (messages.MapParams(focus=("nix.py",)), "neither a file nor a definition"),
        (messages.MapParams(focus=("",)), "neither a file nor a definition"),
        (messages.MapParams(focus=("../use.py",)), "neither a file nor a definition"),
    ],
)
async def test_a_map_that_makes_no_sense_is_refused(
    tmp_path: Path, params: messages.MapParams, reason: str
) -> None:
    async with asking(tmp_path) as (queries, _):
        with pytest.raises(InvalidRequest, match=reason):
            await queries.map(params, MapFocus())


async def test_the_report_counts_what_there_is(tmp_path: Path) -> None:
    async with asking(tmp_path) as (queries, _):
        report = await queries.index_report(messages.IndexParams(), lambda _: None)
        assert {each.language: each.files for each in report.languages} == {"python": 2}
        assert (report.freshness.files, report.freshness.pending) == (4, 0)
        assert report.freshness.is_complete
        assert [each.path for each in report.unread] == ["picture.png"]
        assert report.unread_count == 1
        assert report.parsed == 2
        assert report.table_hash


async def test_a_report_may_wait_for_a_change(tmp_path: Path) -> None:
    async with asking(tmp_path) as (queries, desk):
        before = await queries.index_report(messages.IndexParams(), lambda _: None)
        params = messages.IndexParams(after_revision=before.freshness.revision)
        waiting = asyncio.ensure_future(queries.index_report(params, lambda _: None))
        await asyncio.sleep(0)
        assert not waiting.done()
        desk.session.document_opened(A, "def new(): ...\n", 1)
        async with within():
            after = await waiting
        assert after.freshness.revision > before.freshness.revision
        assert after.symbols == before.symbols + 1


async def test_a_file_changed_behind_our_back_is_healed_before_the_answer(tmp_path: Path) -> None:
    async with asking(tmp_path) as (queries, desk):
        write(desk, "stack.py", "# moved down\n" + STACK)
        found = await symbols(queries, "Stack.push")
        assert found.symbols[0].place.line == 5
        assert found.freshness.is_checked

        write(desk, "use.py", "# moved\n" + USE)
        (definition,) = (await references(queries, "Stack.push")).definitions
        assert [each.place.line for each in definition.references] == [5, 6]

        write(desk, "stack.py", STACK.replace("push", "put"))
        defined, text = await queries.symbols_in(STACK_PY)
        assert "put" in {symbol.name for symbol in defined}
        assert "def put" in text


async def test_a_definition_that_is_gone_from_the_disk_is_not_answered(tmp_path: Path) -> None:
    async with asking(tmp_path) as (queries, desk):
        (desk.root / "stack.py").unlink()
        assert "Stack.push" not in names(await symbols(queries, "push"))
        with pytest.raises(UnreadableFile, match=r"there is no file 'stack\.py'"):
            await queries.symbols_in(STACK_PY)


async def test_unsaved_text_is_what_counts(tmp_path: Path) -> None:
    async with asking(tmp_path) as (queries, desk):
        desk.session.document_opened(STACK_PY, STACK.replace("push", "put"), 1)
        assert names(await symbols(queries, "put"))[0] == "Stack.put"
        assert "Stack.push" not in names(await symbols(queries, "push"))
        assert [path for path, _, _ in lines(await search(queries, "def put"))] == ["stack.py"]
        desk.session.document_closed(STACK_PY)
        assert "Stack.put" not in names(await symbols(queries, "put"))


async def test_files_that_change_faster_than_they_are_read_are_said_to(tmp_path: Path) -> None:
    async with asking(tmp_path) as (queries, desk):
        rounds = []

        def read(_: Analysis, places: Places) -> str:
            text = places.text(STACK_PY)
            rounds.append(text)
            write(desk, "stack.py", "#" * len(rounds) + STACK)
            return text

        with pytest.raises(StaleChange, match="faster than they can be read"):
            await queries.answer(read)
        assert len(set(rounds)) == len(rounds) > 1


async def test_an_answer_names_no_place_that_was_of_another_text(tmp_path: Path) -> None:
    async with asking(tmp_path) as (queries, desk):
        # At the same offset each time, and never on the same line.
        for line, lead in enumerate(("###", "##\n", "#\n\n", "\n\n\n")):
            write(desk, "stack.py", f"{lead}\ndef push(): ...\n" + "#" * line)
            found, freshness = await queries.workspace_symbols("push", 10)
            assert [place.start.line for _, place in found] == [1 + line]
            assert freshness.is_checked


async def test_an_answer_while_the_index_builds_says_what_is_missing(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        queries = desk.session.queries
        # Nothing was awaited since the engine opened: its reader has not begun.
        found = await search(queries, "push")
        freshness = found.freshness
        assert freshness.is_complete == (freshness.pending == 0)
        await queries.complete(lambda _: None)
        found = await search(queries, "push")
        assert (found.freshness.files, found.freshness.pending) == (4, 0)
        assert found.freshness.is_complete
        assert found.freshness.is_checked


async def test_a_new_file_is_known_soon(tmp_path: Path) -> None:
    async with asking(tmp_path) as (queries, desk):
        write(desk, "new.py", "def brand_new(): ...\n")
        await eventually(lambda: desk.session.status().files == 4)
        await queries.complete(lambda _: None)
        assert names(await symbols(queries, "brand_new")) == ["brand_new"]
