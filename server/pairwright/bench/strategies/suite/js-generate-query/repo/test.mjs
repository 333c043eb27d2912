import assert from "node:assert";
import { parseQuery } from "./query.mjs";

assert.deepStrictEqual({ ...parseQuery("?a=1&b=x%20y&a=2") }, { a: ["1", "2"], b: ["x y"] });
