/** A module. */

import def, { named as alias } from "./util.js";
import * as ns from '../lib/ns';
export { again } from "./again";
const fs = require("node:fs");
const { join, resolve: absolute } = require("node:path");
import "./effects.js";

/**
 * Adds ünïcode.
 * @param {number} a
 */
export function add(a, b) {
  const local = 1;
  return helper(a) + ns.other(b);
}

export default class Stack extends ns.Base {
  size = 0;
  #hidden = 1;
  handle = (event) => this.push(event);

  constructor(store) {
    super();
    this.store = store;
    this.cache = new Cache();
  }

  /** Puts one on. */
  push(item) {
    function inner() {}
    return new Map([[item, inner]]);
  }

  static async *walk() {}
  get top() { return 1; }
}

function* numbers() {}
export const double = (x) => x * 2;
const old = function () {}, LIMIT = 3;
let mutable;
var Legacy = class extends Stack {};

const api = {
  get: (id) => fetchIt(id),
  put(id) {},
  nested: { deep: function () {} },
};

module.exports.made = function (x) {};
Stack.prototype.late = () => 1;

async function load({ first, second: renamed, third = 1 }, [fourth], ...rest) {
  // The page comes late.
  const page = await import("./page.mjs");
  const store = new Store(), file = await files.open(first);
  for (const each of store.items) each.value()?.touch();
  try { store.close(); } catch (error) { log.warn(`ö ${error.message}`); }
  return <Panel title="é"><div /><Row.Cell /></Panel>;
}

describe("Stack", () => {
  it("pushes ünïcode", async () => {
    expect(new Stack().push(1)).toBe(2);
  });

  test.each([1, 2])("holds %i", function (count) {});
});
