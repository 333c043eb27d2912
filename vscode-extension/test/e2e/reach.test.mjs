// Does what no other test needs on its way work, too? The menu, the history, each way of editing, the views.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { CATALOG, CATALOG_EDIT, MONEY, MONEY_EDITS, PLAN } from "./edits.mjs";
import { blocks } from "./model-server.mjs";
import { applied, setStage } from "./stage.mjs";
import { whyNot } from "./tools.mjs";
import { SUITE_MS, until } from "./waiting.mjs";

const INSTRUCTION = "accept commas in amounts";
const OTHER_PLAN = "Goal: be ready for the old price list.\n1. Leave the commas in parse_amount of orderdesk/money.py.\n";

describe("a person who tries everything", { skip: whyNot(), timeout: SUITE_MS }, () => {
  const stage = setStage();
  let home, models, workbench, page;

  before(async () => {
    ({ home, models, workbench, page } = stage);
    await workbench.says(/\$/);
  });

  test("each way of editing asks the model, and for the task, that it says", async () => {
    const asked = {
      w: ["gpt-4o-mini", INSTRUCTION],
      s: ["gpt-4o", INSTRUCTION],
      r: [undefined, INSTRUCTION],
      d: [undefined, "ocument"],
    };
    for (const [key, [model, told]] of Object.entries(asked)) {
      models.say(blocks(MONEY_EDITS[0]));
      await workbench.open(MONEY);
      await workbench.select(6, 9);
      await workbench.chord(key);
      if ("wsr".includes(key)) {
        await workbench.answer(INSTRUCTION);
      }
      await workbench.says(/^1 hunk to review/);
      const request = models.requests.at(-1);
      assert.equal(JSON.parse(request).model, model ?? JSON.parse(request).model, key);
      assert.ok(request.includes(told), key);
      await workbench.chord("Shift+A");
      await workbench.says(/\$5/);
    }
  });

  test("what was asked before is offered again", async () => {
    await workbench.open(MONEY);
    await workbench.chord("e");
    await workbench.listed(INSTRUCTION);
  });

  test("code is explained beside it", async () => {
    models.say("It reads an amount of money.");
    await workbench.open(MONEY);
    await workbench.chord("x");
    await workbench.tab("Preview explanation.md").waitFor();
    await page.keyboard.press("Control+w");
  });

  test("all files are shown side by side, one is kept and one discarded, and it is taken back and brought back", async () => {
    const [moneyBefore, catalogBefore] = [home.read(MONEY), home.read(CATALOG)];
    models.say(blocks(...MONEY_EDITS, CATALOG_EDIT));
    await workbench.open(MONEY);
    await stage.ask(INSTRUCTION);
    await workbench.says(/^3 hunks to review/);
    await workbench.chord("o");
    await workbench.tab("Pairwright: Proposed Changes").waitFor();
    const overview = page.locator(".multiDiffEditor, .monaco-component.multiDiffEditor");
    await overview.getByText("casefold").first().waitFor();
    await page.keyboard.press("Control+w");
    await workbench.open(MONEY);
    await workbench.chord("k");
    await workbench.tab("catalog.py").waitFor();
    await workbench.open(MONEY);
    await workbench.chord("l");
    await workbench.says(/^1 hunk to review/);
    await workbench.open(CATALOG);
    await workbench.chord("Shift+L");
    await workbench.says(/\$5/);
    assert.equal(home.read(CATALOG), catalogBefore);
    await workbench.open(MONEY);
    await stage.savedAs(MONEY, MONEY_EDITS.reduce(applied, moneyBefore));
    await workbench.chord("z");
    await stage.savedAs(MONEY, moneyBefore);
    await workbench.chord("Shift+Z");
    await stage.savedAs(MONEY, MONEY_EDITS.reduce(applied, moneyBefore));
    await workbench.chord("z");
    await stage.savedAs(MONEY, moneyBefore);
  });

  test("a plan is made anew from what was asked for", async () => {
    models.say(PLAN, OTHER_PLAN);
    await workbench.open(MONEY);
    await workbench.chord("p");
    await workbench.answer("be ready for the new price list");
    await workbench.lenses("Plan anew").click();
    await workbench.accept();
    await page.locator(".monaco-editor .view-line", { hasText: "Leave the commas" }).first().waitFor();
    assert.match(models.requests.at(-1), /be ready for the new price list/);
    assert.equal(await page.locator(".editor-group-container").count(), 2, "both plans are beside the code");
  });

  test("the views have each task with its steps, what it cost and how long it took, and each plan", async () => {
    await workbench.command("Pairwright: Focus on Tasks View");
    const rows = page.locator(".pane-body .monaco-list-row");
    await rows.filter({ hasText: /accept commas.*review · \$0\.\d+ · \d/ }).first().waitFor();
    for (const steps of ["1 step ·", "2 steps ·"]) {
      await rows.filter({ hasText: "be ready for the new price list" }).filter({ hasText: steps }).waitFor();
    }
  });

  test("a click on the status bar opens the menu, which does what it says", async () => {
    await workbench.status.locator("a").first().click();
    await workbench.pick("Show the costs");
    await workbench.tab("Pairwright Costs").waitFor();
  });

  test("the walkthrough opens, and its sample is written after a yes, with its function selected", async () => {
    const sample = path.join(home.workspace, "pairwright_sample.py");
    await workbench.command("Pairwright: Try It on a Sample");
    assert.ok(!existsSync(sample));
    await page.locator(".monaco-dialog-box").getByRole("button", { name: "Write It" }).click();
    await workbench.tab("pairwright_sample.py").waitFor();
    await until("the function is selected", () => page.getByText("selected)").first().isVisible());
    assert.ok(existsSync(sample));
    await workbench.command("Welcome: Open Walkthrough...");
    await workbench.pick("Get Started with Pairwright");
    await page.locator(".getting-started-step", { hasText: "Keep What You Like" }).first().waitFor();
  });
});
