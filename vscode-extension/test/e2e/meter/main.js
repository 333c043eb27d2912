// What does the start of the tested extension take of the extension host's thread? Begins before it does.

const { appendFileSync } = require("node:fs");
const Module = require("node:module");

/** A file of the tested extension, as it is installed. */
const MEASURED = /pairwright\.pairwright-[^\\/]*[\\/]dist[\\/]([\w-]+)\.js$/;
const load = Module._load;

exports.activate = () => {
  Module._load = function (request, parent, isMain) {
    const act = () => load.call(this, request, parent, isMain);
    const name = nameOf(request, parent, isMain);
    if (name === undefined) {
      return act();
    }
    const exported = measured(`loading ${name}.js`, act);
    const { activate } = exported;
    const timed = (...args) => measured("activate", () => activate(...args));
    return activate ? { ...exported, activate: timed } : exported;
  };
};

/** Returns the name of a file that is to be measured; undefined of others, and once it is loaded. */
function nameOf(request, parent, isMain) {
  try {
    const file = Module._resolveFilename(request, parent, isMain);
    return Module._cache[file] ? undefined : MEASURED.exec(file)?.[1];
  } catch {
    return undefined;
  }
}

function measured(what, act) {
  const [begun, usedBefore] = [performance.now(), process.threadCpuUsage()];
  const result = act();
  const { user, system } = process.threadCpuUsage(usedBefore);
  const took = { what, clockMs: performance.now() - begun, processorMs: (user + system) / 1000 };
  appendFileSync(process.env.METER_WRITTEN, `${JSON.stringify(took)}\n`);
  return result;
}
