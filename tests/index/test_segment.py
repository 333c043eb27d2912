import numpy as np
import pytest

from pairwright.index.builder import indexed_file
from pairwright.index.layers import (
    MAX_MERGED_AT_ONCE,
    Layers,
    compacted,
    is_scattered,
    with_changes,
)
from pairwright.index.names import Names
from pairwright.index.segment import MAX_SEGMENT_FILES, IndexedFile, layer_of, merged, rows_of
from pairwright.workspace.paths import WorkspacePath


def file_of(path: str, text: str = "x = 1\n") -> IndexedFile:
    return indexed_file(WorkspacePath(path), text)


def grown(count: int, names: Names, text: str = "x = 1\n") -> Layers:
    """Return the layers after so many files came one by one."""
    packed = file_of("a.py", text).packed
    layers: Layers = ()
    for number in range(count):
        path = WorkspacePath(f"f{number}.py")
        layers = with_changes(layers, {path: IndexedFile(path, "", packed)}, names)
    return layers


def test_a_name_has_the_same_number_always() -> None:
    names = Names()
    first = names.numbers(["a", "b", "a"]).tolist()
    assert names.numbers(["c", "b"]).tolist() == [3, first[1]]
    assert (names.number("a"), names.number("z"), names.number("")) == (first[0], None, 0)
    assert [names[number] for number in range(len(names))] == ["", "a", "b", "c"]


def test_a_layer_knows_how_often_each_file_uses_a_name() -> None:
    names = Names()
    layer = layer_of([file_of("b.py", "f()\nf()\n"), file_of("a.py", "def f(): f\n")], names)
    uses, number = layer.segment.uses, names.number("f")
    assert number is not None
    rows = rows_of(uses.name, number)
    assert uses.file[rows].tolist() == [0, 1]
    assert uses.references[rows].tolist() == [1, 2]
    assert list(layer.files_with(number)) == ["a.py", "b.py"]


def test_a_definition_knows_what_is_around_it() -> None:
    names = Names()
    definitions = layer_of(
        [file_of("a.py", "class Stack:\n    def push(self): ...\n")], names
    ).segment.definitions
    pairs = zip(definitions.name.tolist(), definitions.container.tolist(), strict=True)
    found = {names[name]: names[container] for name, container in pairs}
    assert found == {"Stack": "", "push": "Stack"}


def test_a_masked_file_is_no_longer_found() -> None:
    names = Names()
    a, b = WorkspacePath("a.py"), WorkspacePath("b.py")
    whole = layer_of([file_of(a), file_of(b)], names)
    layer = whole.without({a, WorkspacePath("c.py")})
    assert (layer.find(a), layer.size, layer.symbol_count) == (None, 1, 1)
    assert layer.find(b) is whole.find(b)
    assert layer.without({a}) is layer
    assert whole.size == 2


def test_merged_layers_are_as_one_made_of_their_files() -> None:
    names = Names()
    files = [file_of(f"{number}.py", f"def f{number % 3}(): g\n") for number in range(9)]
    gone = WorkspacePath("4.py")
    one = layer_of([file for file in files if file.path != gone], names).segment
    three = [layer_of(files[start::3], names).without({gone}) for start in range(3)]
    several = merged(three).segment
    assert several.files == one.files
    for table, other in ((several.uses, one.uses), (several.definitions, one.definitions)):
        for column, expected in zip(table, other, strict=True):
            np.testing.assert_array_equal(column, expected)
            assert column.dtype == expected.dtype


def test_a_name_that_no_file_has_stands_nowhere() -> None:
    column = np.array([1, 1, 4], np.uint32)
    assert [column[rows_of(column, name)].tolist() for name in (0, 1, 3, 4, 9)] == [
        [],
        [1, 1],
        [],
        [4],
        [],
    ]


def test_files_that_come_one_by_one_make_few_layers() -> None:
    layers = grown(500, Names())
    assert sum(layer.size for layer in layers) == 500
    assert len(layers) < 20
    assert max(layer.size for layer in layers) <= MAX_MERGED_AT_ONCE
    assert len(compacted(layers)) == 1


@pytest.mark.parametrize("count", [1, MAX_SEGMENT_FILES, MAX_SEGMENT_FILES + 1])
def test_no_segment_has_more_files_than_it_may(count: int) -> None:
    names, packed = Names(), file_of("a.py").packed
    paths = [WorkspacePath(f"f{number}.py") for number in range(count)]
    layers = with_changes((), {path: IndexedFile(path, "", packed) for path in paths}, names)
    sizes = [layer.size for layer in layers]
    assert sum(sizes) == count
    assert max(sizes) <= MAX_SEGMENT_FILES
    assert sum(layer.size for layer in compacted(layers)) == count


def test_layers_are_scattered_until_they_are_compacted() -> None:
    names = Names()
    assert not is_scattered(())
    assert not is_scattered(grown(3, names))
    scattered = grown(12 * MAX_MERGED_AT_ONCE, names)
    assert is_scattered(scattered)
    assert not is_scattered(compacted(scattered))


def test_compacting_lets_masked_files_go() -> None:
    names = Names()
    layers: Layers = (layer_of([file_of("a.py"), file_of("b.py")], names),)
    layers = with_changes(layers, {WorkspacePath("a.py"): None}, names)
    [layer] = compacted(layers)
    assert [file.path for file in layer.segment.files] == ["b.py"]
    assert compacted((layer,)) == (layer,)


def test_a_layer_without_live_files_is_dropped() -> None:
    names = Names()
    layers = with_changes((), {WorkspacePath("a.py"): file_of("a.py")}, names)
    assert with_changes(layers, {WorkspacePath("a.py"): None}, names) == ()


def test_a_layer_lets_go_of_its_files_when_a_third_of_them_is_masked() -> None:
    names = Names()
    files = [file_of(f"{letter}.py") for letter in "abcdef"]
    layers = with_changes((), {file.path: file for file in files}, names)
    for gone, held in (("a", "abcdef"), ("b", "abcdef"), ("c", "def")):
        layers = with_changes(layers, {WorkspacePath(f"{gone}.py"): None}, names)
        [layer] = layers
        assert [file.path for file in layer.segment.files] == [f"{each}.py" for each in held]
    assert [file.path for file in layer.files()] == ["d.py", "e.py", "f.py"]


def test_a_layer_counts_the_definitions_and_uses_of_its_live_files() -> None:
    names = Names()
    files = [
        file_of("a.py", "def f(): ...\nf()\nf()\n"),
        IndexedFile(WorkspacePath("b.txt"), "", None),
        file_of("c.py", "class C:\n    def m(self): ...\n"),
    ]
    layer = layer_of(files, names)
    assert (layer.symbol_count, layer.reference_count) == (
        sum(file.packed.symbol_count for file in files if file.packed),
        sum(file.packed.reference_count for file in files if file.packed),
    )
    [first, *_] = files
    rest = layer.without({first.path})
    assert first.packed is not None
    assert rest.symbol_count == layer.symbol_count - first.packed.symbol_count
    assert rest.reference_count == layer.reference_count - first.packed.reference_count
    assert rest.known({first.path, files[2].path, WorkspacePath("z.py")}) == [files[2].path]
