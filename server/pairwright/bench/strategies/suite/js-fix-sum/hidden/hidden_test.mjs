import assert from "node:assert";
import { total } from "./cart.mjs";

assert.strictEqual(total([]), 0);
assert.strictEqual(total([1, "2", 3.5]), 6.5);
assert.strictEqual(total(["10", "0.5"]), 10.5);
