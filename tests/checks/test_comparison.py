"""What do the touched files mean, before and after? Each text is parsed once, by who was named."""

from pairwright.checks.comparison import compare
from pairwright.index.analysis import Analysis
from pairwright.syntax.extraction import outline_of
from pairwright.syntax.outline import FileOutline
from pairwright.workspace.paths import WorkspacePath
from tests.checks.support import analysis_of

SOUND, BROKEN, NOTES = map(WorkspacePath, ("sound.py", "broken.py", "notes.txt"))
NEW = WorkspacePath("new.py")
WORKSPACE = "#- sound.py\nx = 1\n#- broken.py\nx = (\n#- notes.txt\nso\n"


class Parser:
    """Parses here, and notes what."""

    def __init__(self) -> None:
        self.parsed: list[tuple[str, str]] = []

    async def outline(self, path: WorkspacePath, text: str) -> FileOutline:
        self.parsed.append((path, text))
        return outline_of(path, text)


def workspace() -> Analysis:
    return analysis_of(WORKSPACE)


async def test_a_sound_file_that_the_index_knows_is_not_parsed_again() -> None:
    parser = Parser()
    found = await compare(workspace(), {SOUND: "y = 2\n"}, {}, parser.outline)
    assert parser.parsed == [(SOUND, "y = 2\n")]
    before, after = found.before(SOUND), found.after(SOUND)
    assert before is not None
    assert after is not None
    assert [each.name for each in (*before.symbols, *after.symbols)] == ["x", "y"]


async def test_the_problems_of_a_broken_file_are_those_of_its_text_alone() -> None:
    parser = Parser()
    await compare(workspace(), {BROKEN: "y = 2\n"}, {}, parser.outline)
    assert parser.parsed == [(BROKEN, "x = (\n"), (BROKEN, "y = 2\n")]


async def test_files_that_come_go_and_move_have_no_other_side() -> None:
    parser = Parser()
    texts = {NOTES: None, SOUND: None, NEW: "x = 1\n"}
    found = await compare(workspace(), texts, {NEW: SOUND}, parser.outline)
    assert found.before(NEW) is None
    assert found.after(SOUND) is None
    assert found.before(NOTES) is not None
    assert found.renamed == {NEW: SOUND}
    assert parser.parsed == [(NEW, "x = 1\n")]
