// Who lends models to the workbench? A small extension of ours, beside the one that is tested.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pack } from "./packing.mjs";

/** The extension's only model, as the daemon calls it. */
export const LENT_MODEL = "editor/acme/big";

export class Lender {
  #answer;
  #asked;

  /** Packs the extension into a home, for its workbench to install. */
  constructor(home) {
    this.#answer = path.join(home.root, "lender-answer");
    this.#asked = path.join(home.root, "lender-asked");
    this.say("");
    home.addVariables({ LENDER_ANSWER: this.#answer, LENDER_ASKED: this.#asked });
    this.vsix = pack("lender", home);
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
