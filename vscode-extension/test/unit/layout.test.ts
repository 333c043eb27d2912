import assert from "node:assert/strict";
import { test } from "node:test";
import { expandTabs, layOut, type TextShape } from "../../src/review/layout";
import { hunk } from "./hunks";

const TEN_LINES: TextShape = { lineCount: 10, columns: (line) => line, tabSize: 4 };

test("removed lines are marked where they stand and new ones beside them", () => {
  const { removed, added, anchors } = layOut([hunk(2, ["old", "older"], ["new"])], TEN_LINES);
  assert.deepEqual(removed, [{ start: 2, end: 4 }]);
  assert.deepEqual(added, [{ line: 2, text: "new", gap: 4, width: 3, isCount: false }]);
  assert.deepEqual(anchors, [{ hunkId: "h2", line: 2 }]);
});

test("new lines begin in one column, whatever stands before them", () => {
  const { added } = layOut([hunk(2, [], ["a", "b", "c"])], TEN_LINES);
  assert.deepEqual(added.map((row) => row.line + row.gap), [8, 8, 8]);
});

test("what has no room before the next hunk is counted", () => {
  const { added } = layOut([hunk(2, [], ["a", "b", "c", "d"]), hunk(4, ["x"], [])], TEN_LINES);
  assert.deepEqual(added.map((row) => [row.line, row.text, row.isCount]), [
    [2, "a", false],
    [3, "⋯ 3 more lines", true],
  ]);
});

test("hunks at the end of the text are drawn on its last line", () => {
  const { added, anchors, removed } = layOut([hunk(10, [], ["end"])], TEN_LINES);
  assert.deepEqual(anchors, [{ hunkId: "h10", line: 9 }]);
  assert.deepEqual(added.map((row) => row.line), [9]);
  assert.deepEqual(removed, []);
});

test("an empty text has a place for new lines", () => {
  const { added } = layOut([hunk(0, [], ["a", "b"])], { lineCount: 1, columns: () => 0, tabSize: 4 });
  assert.deepEqual(added.map((row) => row.text), ["⋯ 2 more lines"]);
});

test("hunks are laid out by their place, whatever their order", () => {
  const { anchors } = layOut([hunk(7, ["a"], ["b"]), hunk(1, ["c"], ["d"])], TEN_LINES);
  assert.deepEqual(anchors.map((anchor) => anchor.line), [1, 7]);
});

test("a line that is very long is cut, with a sign", () => {
  const [row] = layOut([hunk(0, [], ["x".repeat(500)])], TEN_LINES).added;
  assert.equal(row?.text.length, 120);
  assert.ok(row?.text.endsWith("…"));
});

test("a tab fills up to the next stop", () => {
  assert.equal(expandTabs("a\tb\tc", 4), "a   b   c");
});
