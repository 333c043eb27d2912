import assert from "node:assert";
import { groupBy } from "./arrays.mjs";

assert.deepStrictEqual({ ...groupBy([1, 2, 3], (n) => (n % 2 ? "odd" : "even")) }, { odd: [1, 3], even: [2] });
