// Where does a provider's key go? Into the secret store and over the socket, and nowhere else.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { before, describe, test } from "node:test";
import { MONEY, MONEY_EDITS } from "./edits.mjs";
import { blocks } from "./model-server.mjs";
import { setStage } from "./stage.mjs";
import { whyNot } from "./tools.mjs";
import { SUITE_MS } from "./waiting.mjs";

const KEY = "sk-the-key-of-this-person-0123456789";

describe("a person with a key", { skip: whyNot(), timeout: SUITE_MS }, () => {
  const stage = setStage({ wantsKey: true, settings: { "pairwright.trace.server": "verbose" } });
  let home, models, workbench;

  before(() => {
    ({ home, models, workbench } = stage);
  });

  test("without a key the models cannot be asked, which is said", async () => {
    await workbench.says(/\$/);
    await workbench.open(MONEY);
    await stage.ask("accept commas in amounts");
    await workbench.toast(/key/i).waitFor();
    assert.deepEqual(models.requests, []);
    await workbench.clearToasts();
  });

  test("a key that is stored goes to its provider", async () => {
    await workbench.command("Pairwright: Store a Provider's Key");
    await workbench.pick("openai");
    await workbench.answer(KEY);
    await edited();
    assert.deepEqual(models.authorizations, [`Bearer ${KEY}`]);
  });

  test("a new connection is told the key again", async () => {
    await workbench.command("Pairwright: Restart the Connection");
    await workbench.says(/starting/);
    await workbench.says(/\$/);
    await edited();
    assert.deepEqual(models.authorizations, [`Bearer ${KEY}`, `Bearer ${KEY}`]);
  });

  test("the key is in no file: not in the settings, a log, or what the daemon keeps", async () => {
    await workbench.command("Pairwright: Report an Issue");
    await workbench.tab("Untitled-1").waitFor();
    assert.deepEqual(filesWith(KEY), []);
    assert.notDeepEqual(filesWith("pairwright/keys"), [], "logs are searched too");
  });

  test("a key that is deleted is forgotten", async () => {
    await workbench.command("Pairwright: Delete a Provider's Key");
    await workbench.pick("openai");
    await workbench.open(MONEY);
    await stage.ask("accept commas in amounts");
    await workbench.toast(/key/i).waitFor();
    assert.equal(models.requests.length, 2);
  });

  /** Returns the files of the home that hold a text: settings, logs, state, whatever the editor keeps. */
  function filesWith(text) {
    const { stdout } = spawnSync("grep", ["-rlaF", text, home.root], { encoding: "utf8" });
    return stdout.split("\n").filter(Boolean);
  }

  async function edited() {
    models.say(blocks(MONEY_EDITS[0]));
    await workbench.open(MONEY);
    await stage.ask("accept commas in amounts");
    await workbench.says(/^1 hunk to review/);
    await workbench.chord("Shift+A");
    await workbench.says(/\$5/);
  }
});
