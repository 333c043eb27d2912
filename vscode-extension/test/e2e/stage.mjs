// What has every test of the workbench? Scripted models, a home, a workbench, and what a person does there.

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { after, afterEach, before } from "node:test";
import { Assistant } from "./assistant.mjs";
import { MONEY, MONEY_EDITS } from "./edits.mjs";
import { Home, scriptedModels } from "./home.mjs";
import { blocks, ModelServer } from "./model-server.mjs";
import { LAST_SEEN, PAIRWRIGHT } from "./tools.mjs";
import { until } from "./waiting.mjs";
import { openWorkbench } from "./workbench.mjs";

/**
 * Sets up a stage for the tests of a suite; each test leaves a picture of how it ended. What `arrange` returns
 * are packaged extensions to install beside ours.
 */
export function setStage({ settings = {}, arrange = () => undefined, ...options } = {}) {
  const stage = new Stage();
  before(async () => {
    stage.home = new Home(scriptedModels(await stage.models.listen(), options), options);
    stage.home.set(settings);
    const extensions = arrange(stage.home) ?? [];
    stage.workbench = await openWorkbench(stage.home, { ...options, extensions });
  });
  after(async () => {
    await stage.workbench?.close();
    stage.models.close();
    await stage.home?.remove();
  });
  afterEach(async ({ name }) => {
    mkdirSync(LAST_SEEN, { recursive: true });
    const picture = path.join(LAST_SEEN, `${name.replaceAll(/\W+/g, "-")}.png`);
    await stage.page?.screenshot({ path: picture });
  });
  return stage;
}

class Stage {
  models = new ModelServer();
  home;
  workbench;

  get page() {
    return this.workbench?.page;
  }

  /** Asks for an edit of what is selected, or of where the cursor is. */
  async ask(instruction) {
    await this.workbench.chord("e");
    await this.workbench.answer(instruction);
  }

  /** Asks for an edit whose model stops before its second hunk; what is returned lets it go on. */
  async askAndHold() {
    const release = this.models.sayAndHold(blocks(...MONEY_EDITS), MONEY_EDITS[1][1]);
    await this.workbench.open(MONEY);
    await this.ask("accept commas in amounts");
    await this.workbench.lenses("being written").waitFor();
    return release;
  }

  /** Has an assistant propose edits, as text, and the person look at them; `answer` comes when all is decided. */
  async propose(name, edits) {
    const assistant = new Assistant(PAIRWRIGHT, this.home.workspace, this.home.env);
    await assistant.introduce(name);
    const answer = assistant.call("propose_change", { edits, why: "amounts come with commas" });
    await Promise.race([answer, this.workbench.toast(name).getByRole("button", { name: "Review" }).click()]);
    return { assistant, answer };
  }

  /** Returns the daemon's process. */
  get daemon() {
    const asked = { cwd: this.home.workspace, env: this.home.env, encoding: "utf8" };
    return JSON.parse(execFileSync(PAIRWRIGHT, ["status", "--json"], asked)).pid;
  }

  /** The editor's text reaches the disk by a person's saving, however often that is needed. */
  async savedAs(file, text) {
    await until(`${file} is as expected`, async () => {
      await this.workbench.save();
      return this.home.read(file) === text;
    });
  }
}

/** Returns a text with an edit of `[path, old, new]` in it. */
export function applied(text, [, old, replacement]) {
  return text.replace(old, () => replacement);
}
