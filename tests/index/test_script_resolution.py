"""What do names of TypeScript mean: by the types, the patterns and the exports that are written?"""

import pytest

from pairwright.index.builder import index_of
from pairwright.index.resolution import Confidence, definition_at, references_to
from pairwright.index.resolving.script_types import (
    TakenProperty,
    is_pattern,
    is_simple,
    taken_properties,
    type_chains,
)
from pairwright.workspace.paths import WorkspacePath
from tests.index.definitions import names, symbol_of
from tests.support.workspaces import parse_workspace

CART = (
    "#- cart.ts\nexport class Cart { total = 0; add(n: number): this { return this } }\n"
    "export interface Options { cart: Cart; depth?: number }\n"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "function make(): Cart { return x }\nmake().<cursor>add(1)\n",
            ["cart.ts:Cart.add"],
            id="what a function returns",
        ),
        pytest.param(
            "const make = async (): Promise<Cart> => x\n"
            "async function f() { const c = await make(); c.<cursor>add(1) }\n",
            ["cart.ts:Cart.add"],
            id="what an arrow promises",
        ),
        pytest.param(
            "function make(" + "a: number, " * 30 + "): Cart { return x }\n"
            "function f() { const c = make(1); c.<cursor>add(1) }\n",
            ["cart.ts:Cart.add"],
            id="what a function with many parameters returns",
        ),
        pytest.param(
            "class K { get cart(): Cart { return x } }\n"
            "function f(k: K) { k.cart.<cursor>add(1) }\n",
            ["cart.ts:Cart.add"],
            id="what a getter gives",
        ),
        pytest.param(
            "function f(c: Cart) { c.add(1).<cursor>total }\n", [], id="not what has arguments"
        ),
        pytest.param(
            "function f(c: Readonly<Partial<Cart>> | null) { c?.<cursor>add(1) }\n",
            ["cart.ts:Cart.add"],
            id="a type around another",
        ),
        pytest.param(
            "type Basket = (Cart & { note: string }) | undefined\n"
            "function f(c: Basket) { c.<cursor>add(1) }\n",
            ["cart.ts:Cart.add"],
            id="another name of a type",
        ),
        pytest.param(
            "type Note = { text: string }\nfunction f(c: Note) { c.<cursor>text }\n",
            ["main.ts:Note.text"],
            id="a member of a type that is written out",
        ),
        pytest.param(
            "function f(c: Cart[]) { c.<cursor>add(1) }\n", [], id="not an array's element"
        ),
        pytest.param(
            "function f(c: Options['cart']) { c.<cursor>depth }\n", [], id="not a member's type"
        ),
        pytest.param(
            "function f(x: any) { const c = x as Cart; c.<cursor>add(1) }\n",
            ["cart.ts:Cart.add"],
            id="what something is said to be",
        ),
        pytest.param(
            "class K { constructor(private cart: Cart) {} f() { this.cart.<cursor>add(1) } }\n",
            ["cart.ts:Cart.add"],
            id="a parameter that is a member",
        ),
        pytest.param(
            "class K { constructor(private cart: Cart) { use(<cursor>cart) } }\n",
            ["main.ts:K.cart"],
            id="such a parameter's use",
        ),
        pytest.param(
            "function f(options: Options) { const { <cursor>cart } = options }\n",
            ["cart.ts:Options.cart"],
            id="a property that is taken out",
        ),
        pytest.param(
            "function f(o: Options) { const { <cursor>cart: mine = x, ...rest } = o }\n",
            ["cart.ts:Options.cart"],
            id="a property that is taken out under another name",
        ),
        pytest.param(
            "function f({ depth, <cursor>cart }: Options) {}\n",
            ["cart.ts:Options.cart"],
            id="a property that is taken out of a parameter",
        ),
        pytest.param(
            "function f(o: Options) { const { cart: mine } = o; mine.<cursor>add(1) }\n",
            ["cart.ts:Cart.add"],
            id="what was taken out has its type",
        ),
        pytest.param(
            "class K extends Cart { f() { const { <cursor>total } = this } }\n",
            ["cart.ts:Cart.total"],
            id="a property that is taken out of the own object",
        ),
        pytest.param(
            "function f() { const { <cursor>cart } = unknown() }\n",
            [],
            id="not what is taken out of something unknown",
        ),
        pytest.param(
            "interface Shape { count: number; each: (<cursor>count: number) => void }\n",
            [],
            id="no bare name in a class means a member",
        ),
        pytest.param(
            "enum Level { Low, High = <cursor>Low }\n",
            ["main.ts:Level.Low"],
            id="a bare name in an enumeration does",
        ),
    ],
)
def test_what_is_written_tells_what_a_name_means(text: str, expected: list[str]) -> None:
    head = "#- main.ts\nimport { Cart, Options } from './cart'\n"
    parsed = parse_workspace(head + text + CART)
    assert parsed.cursor is not None
    path, offset = parsed.cursor
    found = definition_at(index_of(parsed.files), WorkspacePath(path), offset)
    sure = tuple(each for each in found if each.confidence > Confidence.BY_NAME)
    assert names(sure) == expected


@pytest.mark.parametrize(
    ("importer", "exporter"),
    [
        ("import made from './b'\n<cursor>made()\n", "export default function make() {}\n"),
        ("import { made } from './c'\n<cursor>made()\n", "export function make() {}\n"),
        ("import { make as made } from './b'\n<cursor>made()\n", "export function make() {}\n"),
        ("import * as b from './b'\nb.<cursor>make()\n", "export function make() {}\n"),
        ("const { make } = require('./b')\n<cursor>make()\n", "export function make() {}\n"),
        ("const { <cursor>make } = require('./b')\n", "export function make() {}\n"),
    ],
)
def test_what_is_exported_is_meant_by_the_name_that_others_give_it(
    importer: str, exporter: str
) -> None:
    passing_on = "#- c.ts\nexport { make as made } from './b'\n"
    parsed = parse_workspace(f"#- a.ts\n{importer}#- b.ts\n{exporter}" + passing_on)
    assert parsed.cursor is not None
    found = definition_at(index_of(parsed.files), WorkspacePath("a.ts"), parsed.cursor[1])
    assert names(found)[0] == "b.ts:make"
    assert found[0].confidence is Confidence.EXACT


def test_an_alias_of_the_project_and_a_package_beside_are_followed() -> None:
    parsed = parse_workspace(
        '#- tsconfig.json\n{"compilerOptions": {"paths": {"@lib/*": ["lib/*"]}}}\n'
        '#- package.json\n{"workspaces": ["packages/*"]}\n'
        '#- packages/b/package.json\n{"name": "@acme/b"}\n'
        "#- packages/b/src/index.ts\nexport { f } from './deep'\n"
        "#- packages/b/src/deep.ts\nexport function f() {}\n"
        "#- lib/g.ts\nexport function g() {}\n"
        "#- app/main.ts\nimport { g } from '@lib/g'\nimport { f } from '@acme/b'\ng(); f()\n"
    )
    index = index_of(parsed.files)
    for where in ("lib/g.ts:g", "packages/b/src/deep.ts:f"):
        found = references_to(index, symbol_of(index, where))
        in_main = [each for each in found if each.reference.path == "app/main.ts"]
        assert [each.confidence for each in in_main] == [Confidence.EXACT] * 2


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Foo", ["Foo"]),
        ("ns.Foo<Bar>", ["ns.Foo"]),
        ("| Foo | Bar", ["Foo", "Bar"]),
        ("Foo & { a: Bar }", ["Foo"]),
        ("(Foo | Bar)", ["Foo", "Bar"]),
        ("Promise<Foo | null>", ["Foo", "null"]),
        ("Pick<Foo, 'a'>", ["Foo"]),
        ("Foo[]", []),
        ("Foo<Bar>[]", []),
        ("Foo['a']", []),
        ("'Foo'", []),
        ("keyof Foo", []),
        ("(a: Foo) => Bar", []),
        ("make(a, b)", ["make"]),
        ("a.make(b)!", ["a.make"]),
        ("make(a).other(b)", []),
        ("this.a?.b", ["this.a.b"]),
        ("Promise<" * 200 + "Foo", []),
        ("((((" * 50, []),
        ("<", []),
        ("", []),
    ],
)
def test_a_written_type_names_what_has_its_members(written: str, expected: list[str]) -> None:
    assert list(type_chains(written)) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{ a, b: c, d = 1 }", [("a", "a", 2), ("b", "c", 5), ("d", "d", 11)]),
        ("{ a: { b }, c: [d], ...rest }", [("a", "", 2), ("c", "", 12)]),
        ("{\n  a = f({ b: 1 }, x => 2),\n}", [("a", "a", 4)]),
        ("{ [key]: a, 'b': c }", []),
        ("{ a, b", [("a", "a", 2)]),
        ("{", []),
        ("{}", []),
    ],
)
def test_a_pattern_says_which_properties_it_takes(
    pattern: str, expected: list[tuple[str, str, int]]
) -> None:
    assert list(taken_properties(pattern)) == [TakenProperty(*each) for each in expected]


def test_patterns_and_chains_are_told_apart() -> None:
    assert is_pattern("{ a }")
    assert not is_pattern("a")
    assert is_simple("this.a.b")
    assert not is_simple("a(b)")
