import assert from "node:assert";
import { debounce } from "./debounce.mjs";

const seen = [];
const add = debounce((value) => seen.push(value), 5);
add(1);
add(2);
setTimeout(() => assert.deepStrictEqual(seen, [2]), 50);
