import assert from "node:assert/strict";
import { test } from "node:test";
import { ReviewBook } from "../../src/review/book";
import { hunk } from "./hunks";

const CHANGE = { taskId: "t", label: "do it", proposer: "", verdict: null, conflicts: [] };

test("hunks of a new attempt replace those of the one before", () => {
  const book = new ReviewBook();
  book.stream("t", "do it", 1, hunk(1, ["a"], ["b"]));
  book.stream("t", "do it", 1, hunk(5, ["a"], ["b"]));
  assert.equal(book.find("t")?.hunks.length, 2);
  book.stream("t", "do it", 2, hunk(3, ["a"], ["b"]));
  assert.deepEqual(book.find("t")?.hunks.map((each) => each.oldStart), [3]);
});

test("what is still being written does not wait for a decision", () => {
  const book = new ReviewBook();
  book.stream("t", "do it", 1, hunk(1, ["a"], ["b"]));
  assert.equal(book.waiting, 0);
  book.put({ ...CHANGE, pending: [hunk(1, ["a"], ["b"])] });
  assert.equal(book.waiting, 1);
});

test("a change is gone once nothing of it is left", () => {
  const book = new ReviewBook();
  book.put({ ...CHANGE, pending: [hunk(1, ["a"], ["b"])] });
  book.put({ ...CHANGE, pending: [] });
  assert.deepEqual(book.all, []);
});

test("a conflict that is to be decided keeps its change", () => {
  const book = new ReviewBook();
  const conflict = { path: "a.py", reason: "moved", ours: "", theirs: "", hunkId: "h" };
  book.put({ ...CHANGE, pending: [], conflicts: [conflict] });
  assert.equal(book.waiting, 1);
});

test("a task that ended without a proposal leaves nothing behind", () => {
  const book = new ReviewBook();
  book.stream("t", "do it", 1, hunk(1, ["a"], ["b"]));
  book.dropStreamed("t");
  assert.deepEqual(book.all, []);
});

test("typing moves the hunks of that file and of no other", () => {
  const book = new ReviewBook();
  book.put({ ...CHANGE, pending: [hunk(4, ["a"], ["b"]), hunk(4, ["a"], ["b"], { path: "b.py" })] });
  book.typed("a.py", { startLine: 0, startCharacter: 0, endLine: 0, endCharacter: 0, addedLineEnds: 2 });
  const starts = book.all[0]?.hunks.map((each) => [each.path, each.oldStart]);
  assert.deepEqual(starts, [["b.py", 4], ["a.py", 6]]);
});
