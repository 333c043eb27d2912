import assert from "node:assert";
import { loadNames } from "./users.mjs";

let running = 0;
let most = 0;
const load = async (id) => {
  running++;
  most = Math.max(most, running);
  await new Promise((done) => setTimeout(done, 10));
  running--;
  return { name: `n${id}` };
};
assert.deepStrictEqual(await loadNames([3, 1, 2], load), ["n3", "n1", "n2"]);
assert.strictEqual(most, 3);
assert.deepStrictEqual(await loadNames([], load), []);
