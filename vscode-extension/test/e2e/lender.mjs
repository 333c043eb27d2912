// Who lends models to the workbench? A small extension of ours, beside the one that is tested.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { NODE_PROGRAMS } from "./tools.mjs";

const SOURCE = path.join(import.meta.dirname, "lender");

/** The extension's only model, as the daemon calls it. */
export const LENT_MODEL = "editor/acme/big";

export class Lender {
  #answer;
  #asked;

  /** Packs the extension into a home, for its workbench to install. */
  constructor(home) {
    this.vsix = path.join(home.root, "lender.vsix");
    this.#answer = path.join(home.root, "lender-answer");
    this.#asked = path.join(home.root, "lender-asked");
    this.say("");
    home.addVariables({ LENDER_ANSWER: this.#answer, LENDER_ASKED: this.#asked });
    const options = ["--no-dependencies", "--skip-license", "--allow-missing-repository", "--out", this.vsix];
    execFileSync(path.join(NODE_PROGRAMS, "vsce"), ["package", ...options], { cwd: SOURCE, stdio: "ignore" });
  }

  /** What its model answers from now on; it fails when that is nothing. */
  say(text) {
    writeFileSync(this.#answer, text);
  }

  /** How often its model was asked. */
  get timesAsked() {
    return existsSync(this.#asked) ? readFileSync(this.#asked, "utf8").split("\n").length - 1 : 0;
  }
}
