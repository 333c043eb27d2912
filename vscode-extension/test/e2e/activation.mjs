// What does our own start cost the workbench? Opens it a few times, and sums up what a meter in it wrote.

import { readFileSync } from "node:fs";
import path from "node:path";
import { Home, scriptedModels } from "./home.mjs";
import { pack } from "./packing.mjs";
import { whyNot } from "./tools.mjs";
import { openWorkbench } from "./workbench.mjs";

const ROUNDS = Number(process.argv[2] ?? 5);
/** Nobody is asked anything. */
const NO_PORT = 1;

const reason = whyNot();
if (reason) {
  throw new Error(reason);
}
const figures = {};
for (let round = 0; round < ROUNDS; round += 1) {
  for (const { what, ...took } of await startOnce()) {
    (figures[what] ??= []).push(took);
  }
}
console.log(`milliseconds of ${ROUNDS} starts of the workbench: median (most)`);
for (const [what, all] of Object.entries(figures)) {
  console.log(`${what}: processor ${sumUp(all, "processorMs")}, clock ${sumUp(all, "clockMs")}`);
}

async function startOnce() {
  const home = new Home(scriptedModels(NO_PORT));
  const written = path.join(home.root, "meter");
  home.addVariables({ METER_WRITTEN: written });
  const workbench = await openWorkbench(home, { extensions: [pack("meter", home)] });
  try {
    await workbench.says(/\$/);
    return readFileSync(written, "utf8").trim().split("\n").map((line) => JSON.parse(line));
  } finally {
    await workbench.close();
    await home.remove();
  }
}

function sumUp(all, name) {
  const sorted = all.map((took) => took[name]).sort((one, other) => one - other);
  return `${sorted[Math.floor(sorted.length / 2)].toFixed(1)} (${sorted.at(-1).toFixed(1)})`;
}
