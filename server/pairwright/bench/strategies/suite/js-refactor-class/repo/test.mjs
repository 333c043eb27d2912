import assert from "node:assert";
import { Counter } from "./counter.mjs";

const counter = new Counter();
counter.increment();
assert.strictEqual(counter.value, 1);
