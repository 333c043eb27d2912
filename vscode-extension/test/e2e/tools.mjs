// What does the harness need of the machine, and where is it? Paths, and what is missing, in words.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const HERE = path.dirname(fileURLToPath(import.meta.url));
export const EXTENSION = path.resolve(HERE, "../..");
const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Where `setup` installed; a copy of this folder elsewhere can be named instead. */
const INSTALLED = process.env.PAIRWRIGHT_E2E_TOOLS ?? HERE;

export const NODE = path.join(INSTALLED, ".node/bin/node");
export const CODE_SERVER = path.join(INSTALLED, "node_modules/code-server/out/node/entry.js");
/** The checker of TypeScript, which a project may use. */
export const NODE_PROGRAMS = path.join(EXTENSION, "node_modules/.bin");
export const VSIX = path.join(EXTENSION, "pairwright.vsix");
export const SAMPLE = path.resolve(EXTENSION, "../clients/pairwright_client/sample");
export const PICTURES = path.join(EXTENSION, "pictures");
/** How the workbench looked at the end of each test. */
export const LAST_SEEN = path.join(HERE, "last-seen");
export const BROWSER = process.env.CHROMIUM ?? BROWSERS.map(onPath).find(Boolean);
export const PAIRWRIGHT = onPath("pairwright");

/** Returns why the harness cannot run here; undefined where it can. */
export function whyNot() {
  const wanted = [
    [existsSync(NODE) && existsSync(CODE_SERVER), "code-server is not installed: run test/e2e/setup"],
    [BROWSER, "no Chromium is on the PATH"],
    [PAIRWRIGHT, "no pairwright is on the PATH"],
    [existsSync(VSIX), "the extension is not packaged: npm run package"],
  ];
  return wanted.find(([isThere]) => !isThere)?.[1];
}

/** Returns Playwright's Chromium; it is `setup` that installs it, so it cannot be imported by name. */
export function browserType() {
  return createRequire(path.join(INSTALLED, "package.json"))("playwright-core").chromium;
}

/** Returns where the checker of accessibility is. */
export function axeSource() {
  return createRequire(path.join(INSTALLED, "package.json")).resolve("axe-core/axe.min.js");
}

function onPath(program) {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  return folders.map((folder) => path.join(folder, program)).find((file) => existsSync(file));
}
