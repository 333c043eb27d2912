import os
import resource
import socket
from pathlib import Path

import pytest

from pairwright.errors import InvalidRequest, PathOutsideWorkspace, UnreadableFile
from pairwright.workspace.files import MAX_FILE_BYTES, DiskFileSystem, FileSystem, MemoryFileSystem
from pairwright.workspace.paths import WorkspacePath, parse_path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.txt").write_text("secret")
    (tmp_path / "ws" / "pkg").mkdir(parents=True)
    (tmp_path / "ws" / "pkg" / "a.py").write_bytes(b"a = 1\r\n")
    return tmp_path / "ws"


def check_unreadable(files: FileSystem, path: str, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason) as caught:
        files.read(WorkspacePath(path))
    assert repr(path) in str(caught.value)


def test_a_file_is_read_with_its_line_ends(root: Path) -> None:
    assert DiskFileSystem(root).read(parse_path("pkg/a.py")).text == "a = 1\r\n"


def test_files_are_listed_in_a_fixed_order(root: Path) -> None:
    for name in ("z.py", "b.py", "pkg/0.py"):
        (root / name).write_text("x")
    paths = [stat.path for stat in DiskFileSystem(root).list_files()]
    assert paths == ["b.py", "z.py", "pkg/0.py", "pkg/a.py"]


def test_a_root_that_is_no_directory_is_refused(root: Path) -> None:
    with pytest.raises(InvalidRequest, match="not a directory"):
        DiskFileSystem(root / "pkg" / "a.py")


@pytest.mark.parametrize("target", ["../outside/secret.txt", "pkg/a.py", "missing", "link"])
def test_a_symbolic_link_is_listed_and_never_followed(root: Path, target: str) -> None:
    (root / "link").symlink_to(target)
    files = DiskFileSystem(root)
    check_unreadable(files, "link", "symbolic link")
    assert [stat.path for stat in files.list_files() if stat.problem] == ["link"]


def test_an_absolute_symbolic_link_is_not_followed(root: Path) -> None:
    (root / "link").symlink_to(root.parent / "outside" / "secret.txt")
    check_unreadable(DiskFileSystem(root), "link", "symbolic link")


def test_a_directory_behind_a_symbolic_link_is_not_entered(root: Path) -> None:
    (root / "linked").symlink_to("../outside")
    (root / "loop").symlink_to(".")
    files = DiskFileSystem(root)
    check_unreadable(files, "linked/secret.txt", "behind a symbolic link")
    assert files.stat(WorkspacePath("linked/secret.txt")) is None
    assert {stat.path for stat in files.list_files()} == {"linked", "loop", "pkg/a.py"}


def test_a_forged_path_does_not_leave_the_root(root: Path) -> None:
    files = DiskFileSystem(root)
    for path in ("../outside/secret.txt", "pkg/../../outside/secret.txt"):
        with pytest.raises(PathOutsideWorkspace):
            files.read(WorkspacePath(path))
    check_unreadable(files, "pkg/..", "name")


def test_a_directory_swapped_for_a_link_between_two_reads_is_refused(root: Path) -> None:
    files = DiskFileSystem(root)
    files.read(parse_path("pkg/a.py"))
    (root / "pkg").rename(root / "moved")
    (root.parent / "outside" / "a.py").write_text("secret")
    (root / "pkg").symlink_to("../outside")
    check_unreadable(files, "pkg/a.py", "behind a symbolic link")


def test_what_is_no_regular_file_is_refused_without_waiting(root: Path) -> None:
    os.mkfifo(root / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        here = os.open(".", os.O_RDONLY)
        try:
            os.chdir(root)  # a socket's address is short
            server.bind("socket")
        finally:
            os.fchdir(here)
            os.close(here)
        files = DiskFileSystem(root)
        for path in ("pipe", "socket", "pkg"):
            check_unreadable(files, path, "not a regular file")


def test_missing_files_and_files_as_directories_are_told_apart(root: Path) -> None:
    files = DiskFileSystem(root)
    check_unreadable(files, "nope.py", "does not exist")
    check_unreadable(files, "no/such/dir.py", "does not exist")
    check_unreadable(files, "pkg/a.py/x", "behind a symbolic link or a file")
    assert files.stat(parse_path("nope.py")) is None


def test_a_file_of_1_mb_is_read_and_a_larger_one_is_not(root: Path) -> None:
    (root / "fits.txt").write_bytes(b"x" * MAX_FILE_BYTES)
    (root / "large.txt").write_bytes(b"x" * (MAX_FILE_BYTES + 1))
    with (root / "sparse.bin").open("wb") as file:
        file.truncate(100_000_000)
    files = DiskFileSystem(root)
    assert len(files.read(parse_path("fits.txt")).text) == MAX_FILE_BYTES
    check_unreadable(files, "large.txt", "larger than 1 MB")
    check_unreadable(files, "sparse.bin", "larger than 1 MB")


def test_a_name_that_is_not_utf8_is_listed_as_unreadable(root: Path) -> None:
    with open(os.fsencode(root) + b"/caf\xe9.py", "wb"):
        pass
    stats = [stat for stat in DiskFileSystem(root).list_files() if stat.problem]
    assert [stat.path for stat in stats] == ["caf\\xe9.py"]
    assert "not UTF-8" in stats[0].problem


@pytest.mark.parametrize("name", ["a:b.py", "con.py", "back\\slash.py", "new\nline.py", "tail "])
def test_a_name_that_no_path_can_have_is_listed_as_unreadable(root: Path, name: str) -> None:
    (root / name).write_text("x")
    stats = [stat for stat in DiskFileSystem(root).list_files() if stat.problem]
    assert [stat.path for stat in stats] == [name]
    assert "not every platform" in stats[0].problem


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_unreadable(root: Path) -> None:
    (root / "pkg" / "a.py").chmod(0)
    check_unreadable(DiskFileSystem(root), "pkg/a.py", "may not be read")


def test_a_deep_tree_is_walked_without_recursion(root: Path) -> None:
    here = os.open(root, os.O_RDONLY)
    for _ in range(300):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(os.open("x.py", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)
    stats = list(DiskFileSystem(root).list_files())
    assert len(stats) == 2
    assert "not every platform" in next(stat.problem for stat in stats if stat.problem)


def test_memory_and_disk_give_the_same_answers(root: Path) -> None:
    contents = {"pkg/a.py": b"a = 1\r\n", "b.bin": b"\0", "c.txt": b"\xff", "d.py": b""}
    for path, data in contents.items():
        (root / path).write_bytes(data)
    disk, memory = DiskFileSystem(root), MemoryFileSystem(contents)
    assert {stat.path for stat in disk.list_files()} == {stat.path for stat in memory.list_files()}
    for path in (*contents, "missing.py"):
        assert _outcome(disk, path) == _outcome(memory, path)


def _outcome(files: FileSystem, path: str) -> str:
    try:
        return files.read(parse_path(path)).text
    except UnreadableFile as error:
        return str(error)


def test_a_reader_gives_the_same_answers_in_any_order(root: Path) -> None:
    paths = ["pkg/a.py", "pkg/in/b.py", "top.py", "other/in/c.py", "pkg/in/d.py", "pkg/e.py"]
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path)
    files = DiskFileSystem(root)
    with files.reader() as reader:
        for path in [*paths, *reversed(paths)]:
            assert reader.read(parse_path(path)).text == path
            assert reader.stat(parse_path(path)) == files.stat(parse_path(path))


def test_a_reader_follows_no_link_and_goes_on_after_a_refusal(root: Path) -> None:
    (root / "linked").symlink_to("../outside")
    with DiskFileSystem(root).reader() as reader:
        for _ in range(2):
            with pytest.raises(UnreadableFile, match="behind a symbolic link"):
                reader.read(parse_path("linked/secret.txt"))
            with pytest.raises(PathOutsideWorkspace):
                reader.read(WorkspacePath("../outside/secret.txt"))
            with pytest.raises(UnreadableFile, match="does not exist"):
                reader.read(parse_path("pkg/none/x.py"))
            assert reader.stat(parse_path("pkg/none/x.py")) is None
            assert reader.read(parse_path("pkg/a.py")).text == "a = 1\r\n"


def test_a_reader_opens_few_directories_and_closes_them_all(root: Path) -> None:
    path = "/".join(["d"] * 80)
    (root / path).mkdir(parents=True)
    (root / path / "x.py").write_text("x")
    open_before = len(os.listdir("/dev/fd"))
    with DiskFileSystem(root).reader() as reader:
        for _ in range(2):
            assert reader.read(parse_path(f"{path}/x.py")).text == "x"
        assert len(os.listdir("/dev/fd")) - open_before < 40
        assert reader.read(parse_path("pkg/a.py")).text == "a = 1\r\n"
    assert len(os.listdir("/dev/fd")) == open_before


def test_a_walk_that_is_left_half_way_closes_what_it_opened(root: Path) -> None:
    open_before = len(os.listdir("/dev/fd"))
    walk = DiskFileSystem(root).walk()
    next(walk)
    del walk
    assert len(os.listdir("/dev/fd")) == open_before


def test_a_directory_is_announced_before_it_is_listed(root: Path) -> None:
    def entering(path: str) -> None:
        (root / path / "made.py").write_text("x")

    paths = [each.path for d in DiskFileSystem(root).walk(entering) for each in d.files]
    assert paths == ["made.py", "pkg/a.py", "pkg/made.py"]


def test_a_shortage_of_our_own_is_not_taken_for_missing_files(root: Path) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    soft_before, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = DiskFileSystem(root)
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/dev/fd")), hard))
    try:
        with pytest.raises(OSError, match="open files"):
            list(files.list_files())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft_before, hard))


def test_a_directory_is_no_file(root: Path) -> None:
    assert DiskFileSystem(root).stat(parse_path("pkg")) is None
