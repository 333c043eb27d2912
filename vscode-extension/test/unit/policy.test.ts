import assert from "node:assert/strict";
import { test } from "node:test";
import { Crashes } from "../../src/crashes";
import { sayingsOf, wordsOf } from "../../src/review/words";
import { mismatchOf } from "../../src/versions";
import { hunk } from "./hunks";

test("four crashes within three minutes are forgiven, the fifth is not", () => {
  const crashes = new Crashes();
  const times = [0, 40_000, 80_000, 120_000, 160_000];
  assert.deepEqual(times.map((at) => crashes.mayRestartAfter(at)), [true, true, true, true, false]);
  assert.equal(crashes.count, 5);
});

test("crashes of long ago do not count, and a restart by hand forgets all", () => {
  const crashes = new Crashes();
  const times = [0, 60_000, 120_000, 180_000, 240_000, 300_000];
  assert.deepEqual(times.map((at) => crashes.mayRestartAfter(at)), times.map(() => true));
  crashes.forget();
  assert.equal(crashes.count, 0);
});

test("versions fit when their first two numbers are the same", () => {
  assert.equal(mismatchOf("0.1.0", "0.1.7"), undefined);
  assert.equal(mismatchOf("0.1.0", undefined), undefined);
  for (const server of ["0.2.0", "1.1.0", "0.10.0"]) {
    assert.ok(mismatchOf("0.1.0", server)?.includes(server));
  }
});

test("a hunk is told by its size, and by what becomes of a whole file", () => {
  assert.equal(wordsOf(hunk(3, ["a"], ["b", "c"])), "+2 −1");
  assert.equal(wordsOf(hunk(0, [], ["b"], { fileChange: "create" })), "new file, +1");
  assert.equal(wordsOf(hunk(0, ["a"], [], { fileChange: "delete" })), "deletes the file, −1");
  assert.equal(wordsOf(hunk(0, [], [], { fileChange: "rename", newPath: "b.py" })), "renames the file to b.py");
});

test("the gate's sayings are what a person should know, each check, and what may break", () => {
  const verdict = {
    isSound: false,
    badge: "applies ✓ parses ✓ 1 new problem",
    needsApproval: [],
    notes: ["1 of 2 places is left as it was"],
    checks: [
      { name: "applies", outcome: "passed", detail: "" },
      { name: "problems", outcome: "failed", detail: "\na.py:3: undefined name\nb.py:4: the same" },
      { name: "tests", outcome: "not_run", detail: "there is no test command" },
    ],
    mayBreak: [{ path: "b.py", line: 4, symbol: "main", reason: "calls `load`" }],
  } as const;
  assert.deepEqual(sayingsOf(verdict), [
    { text: "$(info) 1 of 2 places is left as it was", detail: "" },
    { text: "$(pass) applies", detail: "" },
    { text: "$(error) problems", detail: "a.py:3: undefined name" },
    { text: "$(circle-slash) tests: not known", detail: "there is no test command" },
    { text: "$(warning) may break: b.py:5", detail: "main calls `load`", place: { path: "b.py", line: 4 } },
  ]);
});
