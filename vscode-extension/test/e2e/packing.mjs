// How does a small extension of the tests become one that the workbench installs?

import { execFileSync } from "node:child_process";
import path from "node:path";
import { NODE_PROGRAMS } from "./tools.mjs";

const OPTIONS = ["--no-dependencies", "--skip-license", "--allow-missing-repository"];

/** Packs an extension, a folder beside this file, into a home; returns the package. */
export function pack(name, home) {
  const vsix = path.join(home.root, `${name}.vsix`);
  const cwd = path.join(import.meta.dirname, name);
  execFileSync(path.join(NODE_PROGRAMS, "vsce"), ["package", ...OPTIONS, "--out", vsix], { cwd, stdio: "ignore" });
  return vsix;
}
