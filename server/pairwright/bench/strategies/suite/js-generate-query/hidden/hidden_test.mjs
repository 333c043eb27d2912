import assert from "node:assert";
import { parseQuery, withoutQuery } from "./query.mjs";

assert.deepStrictEqual({ ...parseQuery("") }, {});
assert.deepStrictEqual({ ...parseQuery("q=%C3%A4") }, { q: ["ä"] });
assert.deepStrictEqual({ ...parseQuery("?k=") }, { k: [""] });
assert.strictEqual(withoutQuery("/x?y=1"), "/x");
