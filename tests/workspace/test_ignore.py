import subprocess
from pathlib import Path

import pytest

from pairwright.errors import InvalidRequest
from pairwright.workspace.files import DiskFileSystem, MemoryFileSystem
from pairwright.workspace.ignore import path_matcher
from tests.support.workspaces import parse_workspace


def listed(text: str) -> list[str]:
    return [stat.path for stat in MemoryFileSystem(parse_workspace(text).files).list_files()]


def test_patterns_of_the_root_hold_everywhere() -> None:
    assert listed("#- .gitignore\n*.log\n/only.txt\n#- a.log\n#- d/b.log\n#- d/only.txt\n") == [
        ".gitignore",
        "d/only.txt",
    ]


def test_a_nested_file_can_take_back_what_an_outer_one_ignores() -> None:
    text = (
        "#- .gitignore\n*.gen.py\n#- d/.gitignore\n!keep.gen.py\n#- d/keep.gen.py\n#- d/x.gen.py\n"
    )
    assert listed(text) == [".gitignore", "d/.gitignore", "d/keep.gen.py"]


def test_nothing_below_an_ignored_directory_can_be_taken_back() -> None:
    assert listed("#- .gitignore\nout/\n!out/keep.py\n#- out/keep.py\n") == [".gitignore"]


def test_our_own_file_hides_more_and_shows_nothing() -> None:
    text = """
#- .gitignore
*.log
#- .pairwrightignore
!a.log
secret/
#- a.log
#- secret/x.py
#- b.py
"""
    assert listed(text) == [".gitignore", ".pairwrightignore", "b.py"]


@pytest.mark.parametrize(
    "path",
    [
        ".git/config",
        "sub/.git/HEAD",
        ".git",
        "node_modules/x/index.js",
        "a/__pycache__/b.py",
        ".venv/lib/x.py",
        ".mypy_cache/x.json",
        "pkg.egg-info/PKG-INFO",
        "a.pyc",
        ".env",
        ".env.local",
        "keys/id_rsa",
        "tls/server.pem",
    ],
)
def test_what_is_never_source_is_left_out(path: str) -> None:
    assert listed(f"#- {path}\nx\n#- kept.py\n") == ["kept.py"]


def test_an_example_of_the_environment_is_shown() -> None:
    assert listed("#- .env.example\nKEY=\n") == [".env.example"]


def test_a_python_environment_of_any_name_is_left_out() -> None:
    assert listed("#- myenv/pyvenv.cfg\nhome = x\n#- myenv/lib/a.py\n#- b.py\n") == ["b.py"]


def test_a_line_that_is_no_pattern_does_not_switch_off_the_others() -> None:
    assert listed("#- .gitignore\n!\n*.log\n#- a.log\n#- b.py\n") == [".gitignore", "b.py"]


HARD_CASES = """
#- .gitignore
# a comment
*
!*/
!*.py
!.gitignore
/root.py
docs/**/draft.py
**/deep/x.py
tra\\ iling.py
[abc].py
spa ce.py   \x20
!/sub/a.py
data/**
!data/kept.py
!data/keep/
*.tmp.py
x[1-3].py
\\!odd.py
\\#odd.py
ca?e.py
#- root.py
#- sub/root.py
#- docs/a/b/draft.py
#- docs/draft.py
#- docs/kept.py
#- x/deep/x.py
#- deep/x.py
#- deep/y.py
#- a.py
#- sub/a.py
#- sub/b.py
#- spa ce.py
#- tra iling.py
#- data/kept.py
#- data/lost.py
#- data/keep/in.py
#- data/in/kept.py
#- x.tmp.py
#- x2.py
#- x4.py
#- !odd.py
#- #odd.py
#- cave.py
#- carve.py
#- notes.txt
#- sub/notes.txt
#- other/.gitignore
!notes.txt
/b.*
#- other/notes.txt
#- other/b.py
#- other/in/b.py
#- other/in/bb.py
"""


def test_it_agrees_with_git(tmp_path: Path) -> None:
    files = parse_workspace(HARD_CASES).files
    for path, text in files.items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    git = ["git", "-c", "core.excludesFile=", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q"], check=True)
    command = [*git, "ls-files", "-z", "--others", "--exclude-standard"]
    expected = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    on_disk = [stat.path for stat in DiskFileSystem(tmp_path).list_files()]
    in_memory = [stat.path for stat in MemoryFileSystem(files).list_files()]
    assert sorted(on_disk) == sorted(filter(None, expected.split("\0")))
    assert sorted(in_memory) == sorted(on_disk)


def test_a_path_matches_a_line_as_in_an_ignore_file() -> None:
    is_wanted = path_matcher("src/**/*.py")
    assert [path for path in ("src/a.py", "src/b/a.py", "a.py", "src/a.js") if is_wanted(path)] == [
        "src/a.py",
        "src/b/a.py",
    ]


@pytest.mark.parametrize("pattern", ["!", "[z-a]"])
def test_a_line_that_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidRequest, match="is no pattern"):
        path_matcher(pattern)
