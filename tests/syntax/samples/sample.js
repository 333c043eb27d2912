/** A module. */

import def, { named as alias } from "./util.js";
import * as ns from '../lib/ns';
export { again } from "./again";
const fs = require("node:fs");

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

async function load() {
  const page = await import("./page.mjs");
  return <Panel title="é"><div /><Row.Cell /></Panel>;
}
