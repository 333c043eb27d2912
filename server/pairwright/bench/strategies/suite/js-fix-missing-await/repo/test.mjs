import assert from "node:assert";
import { loadNames } from "./users.mjs";

const names = await loadNames([1, 2], async (id) => ({ name: `user ${id}` }));
assert.deepStrictEqual(names, ["user 1", "user 2"]);
