import assert from "node:assert";
import { groupBy, last } from "./arrays.mjs";

assert.deepStrictEqual({ ...groupBy([], () => "x") }, {});
assert.deepStrictEqual({ ...groupBy(["aa", "b", "cc"], (text) => text.length) }, { 1: ["b"], 2: ["aa", "cc"] });
assert.strictEqual(last([1, 2]), 2);
