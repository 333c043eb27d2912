import assert from "node:assert/strict";
import { test } from "node:test";
import { applyHunks, shift, splitLines, type TypedChange } from "../../src/review/shifting";
import { hunk } from "./hunks";

function typed(startLine: number, endLine: number, addedLineEnds: number, endCharacter = 0): TypedChange {
  return { startLine, startCharacter: 0, endLine, endCharacter, addedLineEnds };
}

function startsAfter(change: TypedChange): number[] {
  return shift([hunk(5, ["a", "b"], ["c"])], change).map((each) => each.oldStart);
}

test("lines typed above move a hunk down", () => assert.deepEqual(startsAfter(typed(1, 1, 3)), [8]));
test("lines deleted above move it up", () => assert.deepEqual(startsAfter(typed(1, 3, 0)), [3]));
test("what is typed below leaves it", () => assert.deepEqual(startsAfter(typed(7, 7, 2)), [5]));
test("a line end typed right before it moves it", () => assert.deepEqual(startsAfter(typed(5, 5, 1)), [6]));
test("letters typed above within a line leave it", () => assert.deepEqual(startsAfter(typed(4, 4, 0, 3)), [5]));
test("what is typed into it takes it out until the server says where it is", () => {
  assert.deepEqual(startsAfter(typed(5, 5, 0, 1)), []);
  assert.deepEqual(startsAfter(typed(6, 6, 0, 1)), []);
  assert.deepEqual(startsAfter(typed(4, 6, 0)), []);
});

test("hunks are applied to the text of which they speak, with its line ends", () => {
  const text = "one\r\ntwo\r\nthree";
  const hunks = [
    hunk(1, [], [], { oldLines: ["two\r\n"], newLines: ["2\r\n", "zwei\r\n"] }),
    hunk(0, [], [], { newLines: ["zero\r\n"] }),
  ];
  assert.equal(applyHunks(text, hunks), "zero\r\none\r\n2\r\nzwei\r\nthree");
});

test("a hunk that does not fit the text is left out", () => {
  assert.equal(applyHunks("a\nb\n", [hunk(0, ["x"], ["y"]), hunk(1, ["b"], ["c"])]), "a\nc\n");
});

test("a line ends at each of the three line ends and nowhere else", () => {
  assert.deepEqual(splitLines("a\rb\nc\r\nd\u2028e"), ["a\r", "b\n", "c\r\n", "d\u2028e"]);
  assert.deepEqual(splitLines(""), []);
});
