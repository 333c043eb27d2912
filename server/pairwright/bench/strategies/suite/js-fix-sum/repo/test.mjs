import assert from "node:assert";
import { total } from "./cart.mjs";

assert.strictEqual(total([1, 2]), 3);
assert.strictEqual(total(["2.5", "1"]), 3.5);
