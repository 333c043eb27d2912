// Is a review right where it is hard: unsaved text, typing, conflicts, files that come and go?

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { afterEach, before, describe, test } from "node:test";
import { BUILD, BUILD_EDIT, BUILD_TEXT, MONEY, MONEY_EDITS, PLAN, UNSOUND_EDIT } from "./edits.mjs";
import { blocks } from "./model-server.mjs";
import { applied, setStage } from "./stage.mjs";
import { whyNot } from "./tools.mjs";
import { SUITE_MS, until } from "./waiting.mjs";

const NOTE = "# from the shop's handbook\n";
const OLD = "orderdesk/old.py";
const NEW = "orderdesk/vouchers.py";
const NEW_TEXT = '"""Vouchers."""\n\nLIMIT = 3\n';
const CREATION = `### FILE ${NEW}\n<<<<<<< WHOLE\n${NEW_TEXT}>>>>>>> WHOLE\n### END 1\n`;
const DELETION = `### DELETE ${OLD}\n### END 1\n`;

describe("a person who reviews", { skip: whyNot(), timeout: SUITE_MS }, () => {
  const stage = setStage({ arrange: writeFiles });
  let home, models, workbench, page, assistant, moneyBefore;

  before(async () => {
    ({ home, models, workbench, page } = stage);
    moneyBefore = home.read(MONEY);
    await workbench.says(/\$/);
  });

  afterEach(() => assistant?.leave());

  test("the text that is not yet saved is what is changed, and typing above moves the hunks along", async () => {
    await workbench.open(MONEY);
    await page.keyboard.type(NOTE);
    models.say(blocks(...MONEY_EDITS));
    await workbench.select(7, 10);
    await stage.ask("accept commas in amounts");
    await workbench.says(/^2 hunks to review/);
    assert.match(models.requests.at(-1), /handbook/);
    await page.keyboard.press("Control+Home");
    await page.keyboard.type(NOTE);
    await workbench.chord("j");
    await workbench.chord("y");
    await workbench.says(/^1 hunk /);
    assert.equal(home.read(MONEY), moneyBefore);
    await workbench.chord("y");
    await workbench.says(/\$5/);
    await stage.savedAs(MONEY, NOTE + NOTE + MONEY_EDITS.reduce(applied, moneyBefore));
  });

  test("each kept hunk is one step of the editor's own undo", async () => {
    await page.keyboard.press("Control+z");
    await stage.savedAs(MONEY, NOTE + NOTE + applied(moneyBefore, MONEY_EDITS[0]));
    await page.keyboard.press("Control+z");
    await stage.savedAs(MONEY, NOTE + NOTE + moneyBefore);
  });

  test("typing into a hunk makes it a conflict, shown side by side, and the others can still be kept", async () => {
    const textBefore = home.read(MONEY);
    ({ assistant } = await stage.propose("helpful-assistant", blocks(...MONEY_EDITS)));
    await workbench.says(/^2 hunks to review/);
    await workbench.replaceInEditor('cleaned = text.strip().removeprefix("$")', "cleaned = text.strip()");
    await until("one hunk is left to keep", async () => (await workbench.lenses(/^ ?Keep$/).count()) === 1);
    await workbench.says(/^2 hunks to review/);
    await workbench.chord("y");
    await workbench.says(/^1 hunk to review/);
    await workbench.chord("v");
    await workbench.tab("as the change wants it").waitFor();
    const sides = page.locator(".monaco-diff-editor");
    await sides.locator(".original", { hasText: "text.strip()" }).first().waitFor();
    await sides.locator(".modified", { hasText: "ValueError" }).first().waitFor();
    await workbench.chord("Shift+A");
    await workbench.says(/\$5/);
    await workbench.tab("money.py").click();
    const typed = textBefore.replace('.removeprefix("$")', "");
    await stage.savedAs(MONEY, applied(typed, MONEY_EDITS[1]));
  });

  test("a change of which the gate is not content is kept at once, beside an open plan, by key or command", async () => {
    const textBefore = home.read(MONEY);
    await workbench.open(MONEY);
    await workbench.chord("p");
    models.say(PLAN);
    await workbench.answer("be ready for the new price list");
    await workbench.lenses("Follow this plan").waitFor();
    for (const keepAll of [() => workbench.chord("a"), () => workbench.command("Pairwright: Keep the Whole Change")]) {
      ({ assistant } = await stage.propose("helpful-assistant", blocks(UNSOUND_EDIT)));
      await workbench.says(/^1 hunk to review/);
      await workbench.lenses("parses ✗").first().waitFor();
      await workbench.tab("Plan.md").click();
      await keepAll();
      await workbench.says(/\$5/);
      await workbench.open(MONEY);
      await stage.savedAs(MONEY, applied(textBefore, UNSOUND_EDIT));
      await workbench.chord("z");
      await stage.savedAs(MONEY, textBefore);
      assistant.leave();
    }
  });

  test("a file that builds obey is kept with one yes, and not without it", async () => {
    await workbench.open(BUILD);
    ({ assistant } = await stage.propose("helpful-assistant", blocks(BUILD_EDIT)));
    await workbench.says(/^1 hunk to review/);
    const question = page.locator(".monaco-dialog-box", { hasText: `obey ${BUILD}` });
    await workbench.chord("a");
    await question.getByRole("button", { name: "Cancel" }).click();
    await question.waitFor({ state: "detached" });
    await workbench.says(/^1 hunk to review/);
    await workbench.chord("a");
    await question.getByRole("button", { name: "Keep" }).click();
    await workbench.says(/\$5/);
    await workbench.open(BUILD);
    await stage.savedAs(BUILD, applied(BUILD_TEXT, BUILD_EDIT));
  });

  test("a new file is shown as it would be, and is there once it is kept", async () => {
    const isThere = () => existsSync(path.join(home.workspace, NEW));
    ({ assistant } = await stage.propose("helpful-assistant", CREATION));
    await workbench.says(/^1 hunk to review/);
    await workbench.tab("vouchers.py").waitFor();
    await workbench.lenses("new file, +3").waitFor();
    assert.ok(!isThere());
    await workbench.lenses(/^ ?Keep$/).click();
    await workbench.says(/\$5/);
    await until(`${NEW} is there`, isThere);
    assert.equal(home.read(NEW), NEW_TEXT);
  });

  test("a file that goes is shown, is there until that is kept, and comes back", async () => {
    const isThere = () => existsSync(path.join(home.workspace, OLD));
    ({ assistant } = await stage.propose("helpful-assistant", DELETION));
    await workbench.says(/^1 hunk to review/);
    await workbench.tab("old.py").waitFor();
    assert.ok(isThere());
    await workbench.chord("a");
    await workbench.says(/\$5/);
    await until(`${OLD} is gone`, () => !isThere());
    await until("its tab is closed", async () => (await page.locator(".tab", { hasText: "old.py" }).count()) === 0);
    await workbench.chord("z");
    await until(`${OLD} is back`, isThere);
    assert.equal(home.read(OLD), "LIMIT = 2\n");
  });

  test("a text that is in no file yet has to be saved first, which is offered", async () => {
    await workbench.command("New Untitled Text File");
    await workbench.tab("Untitled-1").waitFor();
    await workbench.chord("e");
    await workbench.toast("Open a file of this folder first").getByRole("button", { name: "Save As…" }).waitFor();
  });
});

function writeFiles(home) {
  home.write(OLD, "LIMIT = 2\n");
  home.write(BUILD, BUILD_TEXT);
}
