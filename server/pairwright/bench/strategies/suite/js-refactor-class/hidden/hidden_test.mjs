import assert from "node:assert";
import * as module from "./counter.mjs";

assert.deepStrictEqual(Object.keys(module), ["Counter"]);
const [first, second] = [new module.Counter(), new module.Counter()];
first.increment();
first.increment();
assert.strictEqual(first.value, 2);
assert.strictEqual(second.value, 0);
first.reset();
assert.strictEqual(first.value, 0);
