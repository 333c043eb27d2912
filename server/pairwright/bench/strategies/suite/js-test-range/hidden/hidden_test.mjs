import assert from "node:assert";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const original = readFileSync("range.mjs", "utf8");
const passes = () => spawnSync(process.execPath, ["test.mjs"], { timeout: 20000 }).status === 0;
assert.ok(passes(), "the tests pass on the code as it is");
const mutants = [
  ["number < end", "number <= end"],
  ['throw new RangeError("the step is 0")', "return []"],
  ["let number = start", "let number = start + 1"],
];
for (const [before, after] of mutants) {
  assert.ok(original.includes(before));
  writeFileSync("range.mjs", original.replace(before, after));
  assert.ok(!passes(), `no test sees ${after}`);
}
