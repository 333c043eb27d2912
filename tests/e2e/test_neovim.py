"""Does the plugin work in a real Neovim: ask, watch, keep, discard, undo, reconnect?"""

import difflib
from collections.abc import Iterator

import pytest

from tests.e2e.answers import PLAN, PRICED, edit_blocks
from tests.e2e.assistant import assistant
from tests.e2e.neovim import PROGRAM, Neovim, neovim
from tests.e2e.stage import COMMAND_S, Stage, staged, wait_for
from tests.support.model_server import Answer, Hang

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="Neovim (nvim) is not installed")

MONEY = "orderdesk/money.py"
CLEANED = '    cleaned = text.strip().removeprefix("$")\n'
WITHOUT_COMMAS = '    cleaned = text.strip().removeprefix("$").replace(",", "")\n'
THREE = edit_blocks(
    [
        (MONEY, CLEANED, WITHOUT_COMMAS),
        (
            MONEY,
            '    return f"${cents // 100}.{cents % 100:02d}"\n',
            '    return f"${cents // 100:,}.{cents % 100:02d}"\n',
        ),
        (
            MONEY,
            "    share = Decimal(cents) * percent / 100\n",
            "    share = Decimal(cents * percent) / 100\n",
        ),
    ]
)

_IS_CONNECTED = "vim.tbl_count(vim.lsp.buf_get_clients(0)) == 1"


@pytest.fixture(scope="module")
def own_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A daemon of this module's own: what waits for review is seen by every client."""
    with staged(tmp_path_factory.mktemp("neovim")) as stage:
        stage.put_sample()
        yield stage


@pytest.fixture
def stage(own_stage: Stage) -> Iterator[Stage]:
    own_stage.server.answer_with()
    yield own_stage
    own_stage.put_sample()


@pytest.fixture
def editor(stage: Stage) -> Iterator[Neovim]:
    with neovim(stage, MONEY) as editor:
        editor.wait_for(_IS_CONNECTED, seconds=COMMAND_S)
        yield editor
    with assistant(stage) as other:
        for change in other.ask("pairwright/changes", {})["changes"]:
            other.ask("pairwright/reject", {"taskId": change["taskId"]})


def test_two_hunks_are_kept_and_one_is_discarded_with_a_remark_and_undone(
    stage: Stage, editor: Neovim
) -> None:
    """T29."""
    stage.server.answer_with(Answer(THREE, usage=PRICED))
    before, on_disk = editor.lines(), stage.tree()
    editor.command("7,20Pairwright weak group the digits")
    _wait_for_hunks(editor, 3)
    assert "".join(editor.shown()) == (
        f"-{CLEANED}+{WITHOUT_COMMAS}"
        '-    return f"${cents // 100}.{cents % 100:02d}"\n'
        '+    return f"${cents // 100:,}.{cents % 100:02d}"\n'
        "-    share = Decimal(cents) * percent / 100\n"
        "+    share = Decimal(cents * percent) / 100\n"
    ).replace("\n", "")
    assert editor.lines() == before
    assert not editor.lua("return vim.bo.modified")

    editor.keys("gg]h<Space>pk")
    _wait_for_hunks(editor, 2)
    editor.answer("no separators in invoices")
    editor.keys("]h<Space>pr")
    _wait_for_hunks(editor, 1)
    editor.keys("]h<Space>pk")
    editor.wait_until_said("kept")
    editor.wait_for("not require('pairwright').status():find('hunk')")

    kept = "\n".join(before).replace(CLEANED, WITHOUT_COMMAS)
    kept = kept.replace("Decimal(cents) * percent", "Decimal(cents * percent)")
    assert "\n".join(editor.lines()) == kept
    assert editor.shown() == []
    assert stage.tree() == on_disk
    editor.command("write")
    assert (stage.root / MONEY).read_text("utf-8") == f"{kept}\n"
    assert _remarks(stage) == ["no separators in invoices"]

    editor.command("Pairwright undo")
    editor.wait_for("vim.fn.search('(cents) . percent', 'wn') > 0")
    editor.command("Pairwright undo")
    wait_for(lambda: editor.lines() == before, what="all is taken back")


def test_hunks_and_cost_are_shown_while_they_are_written_and_gone_after_a_cancel(
    stage: Stage, editor: Neovim
) -> None:
    stage.server.answer_with(Hang(THREE.rpartition("### END")[0]))
    before = editor.lines()
    editor.command("Pairwright weak group the digits")
    wait_for(lambda: len(editor.shown()) >= 4, what="hunks appear", seconds=COMMAND_S)
    assert editor.shown()[:2] == [f"-{CLEANED[:-1]}", f"+{WITHOUT_COMMAS[:-1]}"]
    assert editor.lines() == before
    assert editor.lua("return require('pairwright').status()").startswith("edit… · $0.0")
    editor.command("Pairwright cancel")
    editor.wait_until_said("cancelled")
    assert editor.shown() == []
    assert "edit…" not in editor.lua("return require('pairwright').status()")
    wait_for(lambda: stage.server.requests[0].gone.is_set(), what="the call ends")


def test_a_plan_streams_is_kept_and_followed(stage: Stage, editor: Neovim) -> None:
    stage.server.answer_with(Hang(PLAN.text))
    editor.command("Pairwright plan be ready for the new price list")
    editor.wait_for(
        "table.concat(require('pairwright.float').lines(), ' '):find('Take the commas out')",
        seconds=COMMAND_S,
    )
    editor.command("Pairwright cancel")
    assert editor.lua("return require('pairwright.float').lines()") in ([], {})

    stage.server.answer_with(PLAN)
    editor.command("Pairwright plan be ready for the new price list")
    editor.wait_for("vim.b.pairwright_plan ~= nil", seconds=COMMAND_S)
    version = editor.lua("return vim.b.pairwright_version")
    editor.lua("vim.fn.setline(1, vim.fn.getline(1) .. ' in all shops') return 0")
    editor.command("write")
    editor.wait_for(f"vim.b.pairwright_version > {version} and not vim.bo.modified")

    stage.server.answer_with(Answer(edit_blocks([(MONEY, CLEANED, WITHOUT_COMMAS)])))
    editor.command("Pairwright edit")
    editor.wait_for("require('pairwright').status():find('hunk') ~= nil", seconds=COMMAND_S)
    assert "in all shops" in str(stage.server.requests[0].body["messages"])


def test_what_an_assistant_proposes_is_reviewed_here(stage: Stage, editor: Neovim) -> None:
    before = editor.lines()
    with assistant(stage) as other:
        proposed = other.propose(edit_blocks([(MONEY, CLEANED, WITHOUT_COMMAS)]), "commas")
        editor.wait_until_said("Assistant proposes a hunk: commas")
        _wait_for_hunks(editor, 1)
        assert editor.lines() == before
        editor.command("Pairwright review")
        assert editor.lua("return vim.fn.line('.')") == before.index(CLEANED[:-1]) + 1
        editor.keys("<Space>pk")
        wait_for(lambda: other.change(proposed["taskId"])["state"] == "done", what="decided")
        assert other.change(proposed["taskId"])["hunks"][0]["by"] == "Neovim"
    assert WITHOUT_COMMAS[:-1] in editor.lines()


def test_what_another_client_decides_is_no_longer_shown(stage: Stage, editor: Neovim) -> None:
    with assistant(stage) as other:
        proposed = other.propose(edit_blocks([(MONEY, CLEANED, WITHOUT_COMMAS)]), "commas")
        _wait_for_hunks(editor, 1)
        other.ask("pairwright/reject", {"taskId": proposed["taskId"]})
        wait_for(lambda: editor.shown() == [], what="the hunk goes")


def test_a_new_file_is_reviewed_as_a_diff_and_written_where_it_is_kept(
    stage: Stage, editor: Neovim
) -> None:
    new = "--- /dev/null\n+++ b/orderdesk/notes.py\n@@ -0,0 +1 @@\n+NOTES = 1\n"
    with assistant(stage) as other:
        other.propose(new, "notes")
        editor.wait_until_said("Assistant proposes")
        editor.keys("]h")
        editor.wait_for("vim.bo.filetype == 'diff'")
        assert "+NOTES = 1" in editor.lines()
        editor.keys("<Space>pk")
        editor.wait_until_said("kept")
    made = stage.root / "orderdesk" / "notes.py"
    assert made.read_text("utf-8") == "NOTES = 1\n"
    made.unlink()


def test_a_file_that_builds_obey_is_written_only_with_a_yes_to_its_name(
    stage: Stage, editor: Neovim
) -> None:
    new = "--- /dev/null\n+++ b/Makefile\n@@ -0,0 +1,2 @@\n+all:\n+\ttrue\n"
    made = stage.root / "Makefile"
    with assistant(stage) as other:
        other.propose(new, "build")
        editor.wait_until_said("Assistant proposes")
        editor.answer("No", "Yes")
        editor.keys("]h<Space>pk")
        editor.wait_for("#answers == 1")
        assert not made.exists()
        editor.keys("<Space>pk")
        wait_for(made.exists, what="the file is written")
    made.unlink()


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ('"""Amounts', '# First.\n"""Amounts', ["+# First."]),
        ("    share = Decimal(cents) * percent / 100\n", "", ["-    share"]),
        ("ROUND_HALF_UP))\n", "ROUND_HALF_UP))\n# Last.\n", ["+# Last."]),
    ],
    ids=["above the first line", "a line removed", "below the last line"],
)
def test_a_hunk_is_shown_and_kept_at_either_end_of_a_file(
    stage: Stage, editor: Neovim, old: str, new: str, shown: list[str]
) -> None:
    before = (stage.root / MONEY).read_text("utf-8")
    wanted = before.replace(old, new)
    diff = "".join(
        difflib.unified_diff(
            before.splitlines(keepends=True),
            wanted.splitlines(keepends=True),
            f"a/{MONEY}",
            f"b/{MONEY}",
        )
    )
    with assistant(stage) as other:
        other.propose(diff, "one line")
        wait_for(editor.shown, what="the hunk is shown")
        assert [line[: len(shown[0])] for line in editor.shown()] == shown
        editor.keys("]h<Space>pk")
        editor.wait_until_said("kept")
        assert editor.lines() == wanted.splitlines()


def test_an_edit_of_an_older_text_is_refused(editor: Neovim) -> None:
    """T29."""
    editor.keys("ggx")
    editor.wait_for("vim.bo.modified")
    answer = editor.lua("""
        local client = ({ next(vim.lsp.buf_get_clients(0)) })[2]
        local start = { line = 0, character = 0 }
        local edit = { range = { start = start, ['end'] = start }, newText = 'wrong' }
        local document = { uri = vim.uri_from_bufnr(0), version = 0 }
        local change = { textDocument = document, edits = { edit } }
        local apply = client.config.handlers['workspace/applyEdit']
        local params = { edit = { documentChanges = { change } } }
        return apply(nil, params, { client_id = client.id })
    """)
    assert answer == {"applied": False, "failureReason": "the buffer was edited meanwhile"}
    assert "wrong" not in editor.lines()[0]


def test_a_hunk_whose_line_is_typed_in_is_refused_and_the_text_stays(
    stage: Stage, editor: Neovim
) -> None:
    with assistant(stage) as other:
        other.propose(edit_blocks([(MONEY, CLEANED, WITHOUT_COMMAS)]), "commas")
        _wait_for_hunks(editor, 1)
        editor.keys("gg]hA  # mine<Esc>")
        editor.wait_for("vim.bo.modified")
        typed = editor.lines()
        editor.lua("require('pairwright').keep() return 0")
        editor.wait_until_said("changed since")
        editor.wait_for("require('pairwright').status():find('1 conflict') ~= nil")
        assert editor.lines() == typed
        editor.keys("<Space>px")
        editor.wait_for("not require('pairwright').status():find('conflict')")


def test_keys_are_given_back_when_nothing_waits(stage: Stage, editor: Neovim) -> None:
    editor.command("nnoremap <buffer> ]h :let g:mine = 1<CR>")
    with assistant(stage) as other:
        other.propose(edit_blocks([(MONEY, CLEANED, WITHOUT_COMMAS)]), "commas")
        _wait_for_hunks(editor, 1)
        editor.keys("]h<Space>px")
        wait_for(lambda: editor.shown() == [], what="the hunk goes")
    editor.wait_for("vim.fn.maparg('<Space>pk', 'n') == ''")
    editor.keys("]h")
    editor.wait_for("vim.g.mine == 1")


def test_an_explanation_is_shown_and_nothing_is_edited(stage: Stage, editor: Neovim) -> None:
    stage.server.answer_with(Answer("It returns **cents**.", usage=PRICED))
    before = editor.lines()
    editor.command("7,10Pairwright explain")
    editor.wait_for("vim.fn.search('cents', 'n') > 0 and vim.bo.filetype == 'markdown'")
    assert "It returns **cents**." in editor.lines()
    editor.keys("q")
    wait_for(lambda: editor.lines() == before, what="the window closes")


def test_a_restarted_daemon_is_found_again_with_the_unsaved_text(
    stage: Stage, editor: Neovim
) -> None:
    """T29."""
    editor.keys("ggO# ünïcödé 😀 unsaved<Esc>")
    editor.wait_for("vim.bo.modified")
    (daemon,) = stage.daemons()
    daemon.kill()
    daemon.wait(5)
    wait_for(
        lambda: stage.daemons() not in ([], [daemon]), what="another daemon", seconds=COMMAND_S
    )
    stage.server.answer_with(Answer(edit_blocks([(MONEY, CLEANED, WITHOUT_COMMAS)])))
    editor.wait_for(_IS_CONNECTED, seconds=COMMAND_S)
    editor.command("Pairwright weak take the commas out")
    editor.wait_for("require('pairwright').status():find('hunk') ~= nil", seconds=COMMAND_S)
    assert "unsaved" in str(stage.server.requests[0].body["messages"])
    editor.keys("<Space>pa")
    editor.wait_until_said("kept")
    assert editor.lines()[0] == "# ünïcödé 😀 unsaved"
    assert WITHOUT_COMMAS[:-1] in editor.lines()


def test_what_a_person_mistypes_is_told(editor: Neovim) -> None:
    editor.command("Pairwright frobnicate")
    editor.wait_until_said('there is no "frobnicate"')
    editor.keys("<Esc>")
    editor.command("Pairwright review")
    editor.wait_until_said("nothing waits for a decision")
    editor.command("Pairwright fix")
    editor.wait_until_said("there is no problem to fix here")
    wrong = "return {pcall(require('pairwright').setup, { colour = 'red' })}"
    assert "there is no option 'colour'" in editor.lua(wrong)[1].replace('"', "'")
    missing = "require('pairwright').setup({ cmd = { 'no-such-program' }, root_markers = { 'x' } })"
    editor.lua(f"{missing} vim.cmd('lcd /') vim.cmd('enew') vim.cmd('Pairwright cost') return 0")
    editor.wait_until_said('"no-such-program" cannot be found')
    editor.lua("require('pairwright').setup({ root_markers = { 'orderdesk' } }) return 0")


def _wait_for_hunks(editor: Neovim, count: int) -> None:
    wait_for(
        lambda: len([line for line in editor.shown() if line.startswith("+")]) == count,
        what=f"{count} hunks; shown: {editor.shown()}; said: {editor.said()}",
        seconds=COMMAND_S,
    )
    words = "1 hunk" if count == 1 else f"{count} hunks"
    editor.wait_for(f"require('pairwright').status():find('{words}') ~= nil", seconds=COMMAND_S)


def _remarks(stage: Stage) -> list[str]:
    """Return what was said of the hunks of the last task, as another client is told."""
    with assistant(stage) as other:
        hunks = other.change(stage.ledger()[-1]["task_id"])["hunks"]
    return [hunk["remark"] for hunk in hunks if hunk.get("remark")]
