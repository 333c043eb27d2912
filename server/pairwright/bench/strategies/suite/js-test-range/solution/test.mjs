import assert from "node:assert";
import { range } from "./range.mjs";

assert.deepStrictEqual(range(0, 3), [0, 1, 2]);
assert.deepStrictEqual(range(2, 2), []);
assert.deepStrictEqual(range(3, 0, -1), [3, 2, 1]);
assert.throws(() => range(0, 3, 0), RangeError);
