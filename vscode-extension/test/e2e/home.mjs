// Where does everything of one run live? In one temporary folder: the workspace, settings, state, a HOME.

import { appendFileSync, chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { NODE_PROGRAMS, PAIRWRIGHT, SAMPLE } from "./tools.mjs";
import { until } from "./waiting.mjs";

const PATH_WITHOUT_SERVER = "/usr/bin:/bin";
const SHOWN_FILES = ["orderdesk", "tests", "pyproject.toml"];

/** What keeps the workbench from showing what is not ours, and from typing or saving what nobody did. */
const QUIET = {
  "chat.disableAIFeatures": true,
  "editor.autoClosingBrackets": "never",
  "editor.autoClosingQuotes": "never",
  "editor.minimap.enabled": false,
  "files.autoSave": "off",
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "workbench.editor.useModal": "off",
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

  #path;
  #models;
  #variables = {};

  /** Takes the daemon's settings, as text, and where embedded models are kept; by default there are none. */
  constructor(daemonSettings, { hasServer = true, models = this.#folder("data") } = {}) {
    this.#models = models;
    this.#path = hasServer ? pathWithServer() : PATH_WITHOUT_SERVER;
    for (const name of SHOWN_FILES) {
      const isOurs = (file) => path.basename(file) !== "__pycache__";
      cpSync(path.join(SAMPLE, name), path.join(this.workspace, name), { recursive: true, filter: isOurs });
    }
    writeFileSync(this.#daemonSettings, daemonSettings);
    // The extension host asks a login shell for its PATH.
    writeFileSync(path.join(this.#folder("home"), ".bash_profile"), `export PATH='${this.#path}'\n`);
    this.set({});
  }

  /** The environment of the workbench, and of whoever else speaks to its daemon. */
  get env() {
    return {
      ...process.env,
      HOME: this.#folder("home"),
      SHELL: "/bin/bash",
      PATH: this.#path,
      OPENAI_API_KEY: "no-key-at-all",
      PAIRWRIGHT_CONFIG_DIR: this.#folder("config"),
      PAIRWRIGHT_STATE_DIR: this.#folder("state"),
      PAIRWRIGHT_DATA_DIR: this.#models,
      PAIRWRIGHT_RUNTIME_DIR: this.#folder("run"),
      ...this.#variables,
    };
  }

  /** Adds to the daemon's settings; to be called before a workbench opens. */
  addSettings(text) {
    appendFileSync(this.#daemonSettings, text);
  }

  /** Adds to the environment; to be called before a workbench opens. */
  addVariables(variables) {
    Object.assign(this.#variables, variables);
  }

  /** Writes the user's settings; to be called before a workbench opens. */
  set(settings) {
    writeFileSync(this.#settingsFile, JSON.stringify({ ...QUIET, ...settings }));
  }

  /** Writes what only the machine's own settings may say; to be called before a workbench opens. */
  setForMachine(settings) {
    writeFileSync(path.join(this.#folder("ud/Machine"), "settings.json"), JSON.stringify(settings));
  }

  get #daemonSettings() {
    return path.join(this.#folder("config"), "settings.toml");
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
  return [path.dirname(PAIRWRIGHT), process.env.PATH, NODE_PROGRAMS].join(path.delimiter);
}

/** Returns the daemon's settings for scripted models; a key that is wanted has to be given in the editor. */
export function scriptedModels(port, { wantsKey = false } = {}) {
  return `[models]
strong = "openai/gpt-4o"
weak = "openai/gpt-4o-mini"
attempts = 1

[models.endpoints.openai]
api_base = "http://127.0.0.1:${port}/v1"
${wantsKey ? 'key = "editor:openai"' : ""}
`;
}

/** Returns the daemon's settings for the models that run on the processor, slowly, with the sample's tests. */
export function embeddedModels() {
  return `[models]
strong = "embedded/qwen2.5-coder-1.5b"
weak = "embedded/qwen2.5-coder-0.5b"
timeout_s = 1500

[checks]
test_command = ["python3", "-m", "unittest", "-q"]
`;
}
