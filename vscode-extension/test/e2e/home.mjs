// Where does everything of one run live? In one temporary folder: the workspace, settings, state, a HOME.

import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PAIRWRIGHT, SAMPLE } from "./tools.mjs";
import { until } from "./waiting.mjs";

const SHOWN_FILES = ["orderdesk", "tests", "pyproject.toml"];

/** What keeps the workbench from showing anything that is not ours, or typing what nobody typed. */
const QUIET = {
  "chat.disableAIFeatures": true,
  "editor.autoClosingBrackets": "never",
  "editor.autoClosingQuotes": "never",
  "editor.minimap.enabled": false,
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

export class Home {
  /** Short, for the daemon's socket is in it, whose path may have about a hundred characters. */
  root = mkdtempSync(path.join(tmpdir(), "pwe-"));
  workspace = this.#folder("ws");
  userData = this.#folder("ud");
  extensions = this.#folder("exts");

  constructor(modelPort) {
    for (const name of SHOWN_FILES) {
      const isOurs = (file) => path.basename(file) !== "__pycache__";
      cpSync(path.join(SAMPLE, name), path.join(this.workspace, name), { recursive: true, filter: isOurs });
    }
    writeFileSync(path.join(this.#folder("config"), "settings.toml"), modelSettings(modelPort));
    // The extension host asks a login shell for its PATH.
    writeFileSync(path.join(this.#folder("home"), ".bash_profile"), `export PATH='${pathWithServer()}'\n`);
    this.set({});
  }

  /** The environment of the workbench, and of whoever else speaks to its daemon. */
  get env() {
    return {
      ...process.env,
      HOME: this.#folder("home"),
      SHELL: "/bin/bash",
      PATH: pathWithServer(),
      OPENAI_API_KEY: "no-key-at-all",
      PAIRWRIGHT_CONFIG_DIR: this.#folder("config"),
      PAIRWRIGHT_STATE_DIR: this.#folder("state"),
      PAIRWRIGHT_DATA_DIR: this.#folder("data"),
      PAIRWRIGHT_RUNTIME_DIR: this.#folder("run"),
    };
  }

  /** Writes the user's settings; to be called before a workbench opens. */
  set(settings) {
    writeFileSync(this.#settingsFile, JSON.stringify({ ...QUIET, ...settings }));
  }

  get #settingsFile() {
    return path.join(this.#folder("ud/User"), "settings.json");
  }

  read(file) {
    return readFileSync(path.join(this.workspace, file), "utf8");
  }

  write(file, text) {
    writeFileSync(path.join(this.workspace, file), text);
  }

  /** The daemon may write until the last moment, so that one attempt can find a folder that filled. */
  async remove() {
    const isRemoved = () => {
      try {
        rmSync(this.root, { recursive: true, force: true });
        return true;
      } catch {
        return false;
      }
    };
    await until(`${this.root} is removed`, isRemoved, 10);
  }

  #folder(name) {
    const folder = path.join(this.root, name);
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o700);
    return folder;
  }
}

function pathWithServer() {
  return [path.dirname(PAIRWRIGHT), process.env.PATH].join(path.delimiter);
}

function modelSettings(port) {
  return `[models]
strong = "openai/gpt-4o"
weak = "openai/gpt-4o-mini"
attempts = 1

[models.endpoints.openai]
api_base = "http://127.0.0.1:${port}/v1"
`;
}
