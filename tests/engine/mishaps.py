"""What can happen between a change and its writing? Each mishap, as it is played in T9."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from pairwright.workspace.paths import parse_path
from tests.engine.desks import Desk
from tests.support.answers import answer, block
from tests.support.fake_editor import FakeEditor

A = "a = 1\n" + "".join(f"filler {number}\n" for number in range(6)) + "end of a\n"
B = "b = 1\n" + "".join(f"filler {number}\n" for number in range(6)) + "end of b\n"
FILES = {"a.py": A, "b.py": B}
CHANGE = answer(block("a.py", "a = 1\n", "a = 2\n"), block("b.py", "b = 1\n", "b = 2\n"))
NEW = {"a.py": A.replace("a = 1", "a = 2"), "b.py": B.replace("b = 1", "b = 2")}
MINE = "mine, and nobody else's\n"


@dataclass
class Scene:
    """A desk where a change of a.py and b.py is shown, or was kept."""

    desk: Desk
    editor: FakeEditor
    other: FakeEditor
    safe: dict[str, bytes] = field(default_factory=dict)
    """What must be in the workspace's files at the end, exactly."""
    safe_buffers: dict[str, str] = field(default_factory=dict)
    """What must be in the editor's buffers at the end, exactly."""

    def write(self, path: str, text: str, *, at_end: str | None = None) -> None:
        """Write a file behind everybody's back; `at_end` is what it must hold in the end."""
        (self.desk.root / path).write_text(text)
        self.safe[path] = (text if at_end is None else at_end).encode()

    def remove(self, path: str) -> None:
        (self.desk.root / path).unlink()

    def open(self, path: str, text: str | None = None) -> None:
        self.editor.open(path, FILES[path] if text is None else text)

    def type(self, path: str, text: str, *, at_end: str | None = None) -> None:
        self.editor.type(path, text)
        self.safe_buffers[path] = text if at_end is None else at_end

    def check_safe(self) -> None:
        for path, content in self.safe.items():
            assert (self.desk.root / path).read_bytes() == content
        for path, text in self.safe_buffers.items():
            assert self.editor.buffers[path] == text

    def text(self, path: str) -> str | None:
        """Return what counts: the buffer, else the file; None when it is no regular file."""
        for editor in (self.editor, self.other):
            if path in editor.buffers:
                return editor.buffers[path]
        file = self.desk.root / path
        is_file = file.is_file() and not file.is_symlink()
        return file.read_bytes().decode("utf-8", "replace") if is_file else None


Happens = Callable[[Scene], None]


def typed_elsewhere(scene: Scene) -> None:
    scene.type("a.py", MINE + A, at_end=MINE + NEW["a.py"])


def typed_at_the_same_place(scene: Scene) -> None:
    scene.type("a.py", A.replace("a = 1\n", MINE))


def disk_changed_elsewhere(scene: Scene) -> None:
    scene.write("b.py", B + MINE, at_end=NEW["b.py"] + MINE)


def disk_changed_at_the_same_place(scene: Scene) -> None:
    scene.write("b.py", B.replace("b = 1\n", MINE))


def file_deleted(scene: Scene) -> None:
    scene.remove("b.py")


def replaced_by_a_directory(scene: Scene) -> None:
    scene.remove("b.py")
    (scene.desk.root / "b.py").mkdir()
    scene.write("b.py/inside.txt", MINE)


def replaced_by_a_link(scene: Scene) -> None:
    scene.remove("b.py")
    scene.write("elsewhere.txt", B)
    (scene.desk.root / "b.py").symlink_to("elsewhere.txt")


def replaced_by_a_link_that_leads_outside(scene: Scene) -> None:
    outside = scene.desk.root.parent / "outside.txt"
    outside.write_text(B)
    scene.remove("b.py")
    (scene.desk.root / "b.py").symlink_to(outside)
    scene.safe["../outside.txt"] = B.encode()


def replaced_by_a_pipe(scene: Scene) -> None:
    scene.remove("b.py")
    os.mkfifo(scene.desk.root / "b.py")


def replaced_by_a_picture(scene: Scene) -> None:
    content = b"\x89PNG\r\n\x1a\n\x00\x00\x00"
    (scene.desk.root / "b.py").write_bytes(content)
    scene.safe["b.py"] = content


def branch_switched(scene: Scene) -> None:
    scene.write("a.py", "another branch's a\n" + MINE)
    scene.remove("b.py")
    scene.write("c.py", MINE)


def branch_switched_to_one_that_fits(scene: Scene) -> None:
    scene.write("a.py", MINE + A, at_end=MINE + NEW["a.py"])
    scene.write("b.py", B + MINE, at_end=NEW["b.py"] + MINE)


def dirty_buffer_and_another_text_on_disk(scene: Scene) -> None:
    scene.type("a.py", A + MINE, at_end=NEW["a.py"] + MINE)
    scene.write("a.py", "somebody saved this\n" + A)


def editor_refuses(scene: Scene) -> None:
    scene.editor.refusal = "read-only buffer"


def editor_stops_half_way(scene: Scene) -> None:
    scene.editor.refusal, scene.editor.really_applies = "the second edit failed", 1
    scene.editor.meanwhile = lambda: obey(scene.editor)


def editor_stops_half_way_while_somebody_types(scene: Scene) -> None:
    def meanwhile() -> None:
        obey(scene.editor)
        scene.type("a.py", NEW["a.py"] + MINE, at_end=A + MINE)

    editor_stops_half_way(scene)
    scene.editor.meanwhile = meanwhile


def obey(editor: FakeEditor) -> None:
    """Let an editor do as it is told, from its next answer on."""
    editor.refusal = editor.really_applies = None
    editor.meanwhile = lambda: None


def editor_says_it_did_and_did_nothing(scene: Scene) -> None:
    scene.editor.really_applies = 0


def editor_says_it_did_and_did_another_thing(scene: Scene) -> None:
    scene.editor.garbles = True


def editor_says_it_did_and_did_the_half(scene: Scene) -> None:
    scene.editor.really_applies = 1
    scene.editor.meanwhile = lambda: obey(scene.editor)


def editor_dies_while_it_is_asked(scene: Scene) -> None:
    def die() -> None:
        for path in tuple(scene.editor.buffers):
            scene.editor.close(path)

    scene.editor.refusal, scene.editor.really_applies = "the client has gone", 1
    scene.editor.meanwhile = die


def somebody_types_before_the_editor_applies(scene: Scene) -> None:
    async def apply(_: object) -> str:
        scene.type("a.py", MINE + A)
        return "the version is another"

    scene.editor.session.attach_editor(apply)


def disk_changes_while_the_editor_applies(scene: Scene) -> None:
    scene.editor.meanwhile = lambda: scene.write("b.py", MINE)


def disk_changes_and_somebody_types_while_the_editor_applies(scene: Scene) -> None:
    def meanwhile() -> None:
        scene.editor.meanwhile = lambda: None
        scene.write("b.py", MINE)
        scene.type("a.py", NEW["a.py"] + MINE, at_end=A + MINE)

    scene.editor.meanwhile = meanwhile


def opened_while_the_editor_applies(scene: Scene) -> None:
    def meanwhile() -> None:
        if "b.py" not in scene.editor.buffers:
            scene.open("b.py")

    scene.editor.meanwhile = meanwhile


def second_editor_refuses(scene: Scene) -> None:
    scene.other.open("b.py", B)
    scene.other.refusal = "the person said no"


def second_editor_has_it_open_too(scene: Scene) -> None:
    scene.other.open("a.py", A)
    scene.editor.type("a.py", MINE + A)
    scene.safe_buffers["a.py"] = MINE + NEW["a.py"]


def viewer_has_it_open(scene: Scene) -> None:
    viewer = scene.desk.engine.open_session("viewer")
    viewer.document_opened(parse_path("b.py"), B, 1)


def read_only_file(scene: Scene) -> None:
    (scene.desk.root / "b.py").chmod(0o444)
    scene.safe["b.py"] = B.encode()


def hard_linked_file(scene: Scene) -> None:
    os.link(scene.desk.root / "b.py", scene.desk.root / "twin.py")
    scene.safe["twin.py"] = B.encode()


def nothing_else(_: Scene) -> None:
    """Nothing happens."""


def edited_elsewhere_since(scene: Scene) -> None:
    scene.write("b.py", NEW["b.py"] + MINE, at_end=B + MINE)


def edited_there_since(scene: Scene) -> None:
    scene.write("b.py", NEW["b.py"].replace("b = 2\n", MINE))


def typed_elsewhere_since(scene: Scene) -> None:
    scene.type("a.py", MINE + NEW["a.py"], at_end=MINE + A)


def typed_there_since(scene: Scene) -> None:
    scene.type("a.py", NEW["a.py"].replace("a = 2\n", MINE))


def closed_without_saving_since(scene: Scene) -> None:
    scene.editor.close("a.py")


def edited_before_the_redo(scene: Scene) -> None:
    scene.write("b.py", B + MINE, at_end=NEW["b.py"] + MINE)


def edited_there_before_the_redo(scene: Scene) -> None:
    scene.write("b.py", B.replace("b = 1\n", MINE))
