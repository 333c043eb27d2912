import assert from "node:assert";
import { debounce } from "./debounce.mjs";

const seen = [];
const add = debounce((...values) => seen.push(values), 5);
for (let number = 0; number < 5; number++) add(number, -number);
setTimeout(() => {
  assert.deepStrictEqual(seen, [[4, -4]]);
  add(9);
  setTimeout(() => assert.deepStrictEqual(seen, [[4, -4], [9]]), 50);
}, 50);
