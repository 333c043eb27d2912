// Can everything be done without a mouse? Each command is in the palette when it can be carried out.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { MONEY, MONEY_EDITS, PLAN } from "./edits.mjs";
import { blocks } from "./model-server.mjs";
import { setStage } from "./stage.mjs";
import { EXTENSION, whyNot } from "./tools.mjs";
import { SUITE_MS } from "./waiting.mjs";

const { contributes } = JSON.parse(readFileSync(path.join(EXTENSION, "package.json"), "utf8"));

describe("a person without a mouse", { skip: whyNot(), timeout: SUITE_MS }, () => {
  const stage = setStage();
  let models, workbench, page;

  before(async () => {
    ({ models, workbench, page } = stage);
    await workbench.says(/\$/);
  });

  test("the palette has every command while a task runs, a change waits and a plan is open", async () => {
    const { assistant } = await stage.propose("helpful-assistant", blocks(MONEY_EDITS[0]));
    await workbench.lenses("Remark").waitFor();
    models.say(PLAN);
    await workbench.open(MONEY);
    await workbench.chord("p");
    await workbench.answer("be ready for the new price list");
    await workbench.lenses("Follow this plan").waitFor();
    const release = models.sayAndHold(blocks(...MONEY_EDITS), MONEY_EDITS[1][1]);
    await workbench.chord("Enter");
    await workbench.says(/edit/);
    const missing = [];
    for (const { title } of contributes.commands) {
      if (!(await workbench.offered(title))) {
        missing.push(title);
      }
    }
    await page.keyboard.press("Escape");
    assert.deepEqual(missing, []);
    release();
    assistant.leave();
  });
});
