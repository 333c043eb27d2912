import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pairwright.syntax.extraction import packed_outline_of
from pairwright.syntax.languages.python import PYTHON
from pairwright.syntax.outline import FileOutline
from pairwright.syntax.packing import (
    KINDS,
    ROLES,
    TEST_FLAG,
    OutlineRows,
    PackedOutline,
    pack,
    unpack,
    unpack_symbols,
)

TEXT = (
    "import a.b as c\n\nclass A(c.B):\n    '''Doc.'''\n    x: int = 1\n    def f(self, y=2): ...\n"
)
PACKED = packed_outline_of(PYTHON, TEXT)

words = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=5
)
places = st.tuples(st.integers(0, 2**31), st.integers(0, 2**31)).map(sorted)


@st.composite
def filled_rows(draw: st.DrawFn) -> tuple[OutlineRows, FileOutline]:
    """Return rows, and what they hold as values that are made in another way."""
    rows = OutlineRows("python", not_parsed=draw(st.just("") | words))
    count = draw(st.integers(0, 4))
    for number in range(count):
        name, (start, end), kind = (
            draw(words),
            draw(places),
            draw(st.sampled_from(range(len(KINDS)))),
        )
        flag = draw(st.sampled_from([0, TEST_FLAG]))
        strings = rows.strings
        body = draw(st.just([1, 0]) | places)
        rows.symbols.append(
            (
                rows.names[name.encode()],
                strings[name],
                number,
                kind | flag,
                start,
                end,
                start,
                end,
                *body,
                strings[draw(st.just("") | words)],
                strings[draw(st.just("") | words)],
            )
        )
    rows.references = names, starts, receivers = [], [], []
    for _ in range(draw(st.integers(0, 4))):
        names.append(rows.names[draw(words).encode()])
        starts.append(draw(st.integers(0, 2**31)))
        receivers.append(rows.names[draw(st.just("") | words).encode()])
        rows.roles += bytes([draw(st.sampled_from(range(len(ROLES))))])
    for _ in range(draw(st.integers(0, 3))):
        one, other = (rows.names[draw(words).encode()] for _ in range(2))
        rows.imports.append((one, other, 0, *draw(places)))
        rows.bindings.append((other, 0, draw(st.integers(0, 2**31)), count))
        rows.problems.append((*draw(places), rows.strings[draw(words)]))
    return rows, read(rows)


def read(rows: OutlineRows) -> FileOutline:
    return unpack(pack(rows), "a.py", "digest")


@settings(max_examples=60, deadline=None)
@given(filled_rows())
def test_what_is_packed_comes_out_as_it_went_in(filled: tuple[OutlineRows, FileOutline]) -> None:
    rows, outline = filled
    names, strings = [name.decode() for name in rows.names], list(rows.strings)
    assert outline.language == "python"
    assert outline.not_parsed == rows.not_parsed
    assert [
        (
            names.index(each.name),
            each.range.start,
            names.index(each.receiver),
            ROLES.index(each.role),
        )
        for each in outline.references
    ] == list(zip(*rows.references, rows.roles, strict=True))
    assert [
        (
            strings.index(each.qualified_name),
            KINDS.index(each.kind) | each.is_test * TEST_FLAG,
            each.range.start,
            each.range.end,
            strings.index(each.signature),
            strings.index(each.doc),
        )
        for each in outline.symbols
    ] == [(row[1], row[3], row[4], row[5], row[10], row[11]) for row in rows.symbols]
    assert [
        (names.index(each.module), names.index(each.name), 0, each.range.start, each.range.end)
        for each in outline.imports
    ] == rows.imports
    assert [
        (names.index(each.name), 0, each.start, each.scope + 1) for each in outline.bindings
    ] == rows.bindings
    assert [
        (each.range.start, each.range.end, strings.index(each.message)) for each in outline.problems
    ] == rows.problems


def test_columns_say_what_the_values_say() -> None:
    outline = unpack(PACKED, "a.py", "digest")
    names = PACKED.names
    assert [names[each] for each in PACKED.symbol_column("name")] == [
        each.name for each in outline.symbols
    ]
    assert list(PACKED.symbol_column("parent")) == [0, 1, 1]
    assert [ROLES[each] for each in PACKED.reference_roles] == [
        each.role for each in outline.references
    ]
    assert PACKED.symbol_count == len(outline.symbols) == 3
    assert PACKED.reference_count == len(outline.references)


def test_a_nul_in_a_text_does_not_shift_the_names_after_it() -> None:
    rows = OutlineRows("python")
    rows.imports += [(rows.names[b"a\0b"], 0, 0, 0, 1), (rows.names[b"c"], 0, 0, 2, 3)]
    assert [each.module for each in read(rows).imports] == ["a\ufffdb", "c"]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
@example(PACKED.content[:4])
def test_foreign_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="packed outline"):
        PackedOutline(content)


@pytest.mark.parametrize("cut", [1, 40, len(PACKED.content) - 1])
def test_what_is_cut_off_or_too_long_is_refused(cut: int) -> None:
    for content in (PACKED.content[:cut], PACKED.content + b"x" * cut):
        with pytest.raises(ValueError, match="packed outline"):
            PackedOutline(content)


@settings(max_examples=60, deadline=None)
@given(st.lists(words, unique=True, max_size=60))
def test_a_string_picked_out_is_that_of_the_whole_table(strings: list[str]) -> None:
    rows = OutlineRows("python")
    for string in strings:
        rows.names[string.encode()], rows.strings[string]
    packed = pack(rows)
    assert [packed.name(number) for number in range(len(packed.names))] == packed.names
    assert [packed.string(number) for number in range(len(packed.strings))] == packed.strings


def test_few_definitions_are_unpacked_as_many_are() -> None:
    packed = packed_outline_of(PYTHON, "".join(f"def name_{n}(): 'Doc {n}.'\n" for n in range(30)))
    everything = unpack(packed, "a.py", "digest").symbols
    for row in range(30):
        assert unpack_symbols(packed, "a.py", [row]) == [everything[row]]


@pytest.mark.parametrize("count", [1, 7, 300])
def test_some_strings_are_those_of_all(count: int) -> None:
    lines = [f"def f_{number}(x={number}):\n    'Doc {number}.'\n" for number in range(count)]
    packed = packed_outline_of(PYTHON, "".join(lines))
    strings = packed.strings
    for numbers in ([0], [len(strings) - 1, 0, 1], [len(strings) // 2] * 2, range(len(strings))):
        assert packed.some_strings(numbers) == [strings[number] for number in numbers]
