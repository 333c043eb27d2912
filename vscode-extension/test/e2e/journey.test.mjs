// Does the packaged extension keep its word in a real workbench, with a real daemon and scripted models?

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { CATALOG, CATALOG_EDIT, FIXED_SIZE, MONEY, MONEY_EDITS, PLAN, SIZE, SIZES } from "./edits.mjs";
import { blocks } from "./model-server.mjs";
import { applied, setStage } from "./stage.mjs";
import { whyNot } from "./tools.mjs";
import { SUITE_MS, until } from "./waiting.mjs";

describe("a person at work", { skip: whyNot(), timeout: SUITE_MS }, () => {
  const stage = setStage({ arrange: writeProblems });
  let home, models, workbench, page;
  /** The text of the file that is edited most, as each test leaves it. */
  let moneyBefore;

  before(() => {
    ({ home, models, workbench, page } = stage);
    moneyBefore = home.read(MONEY);
  });

  test("the status bar shows what the day has cost", async () => {
    assert.equal(await workbench.says(/^\$/), "$0.00 / $5.00");
    assert.equal(await workbench.label(), "Pairwright, ready, $0.00 of $5.00 spent today");
  });

  test("hunks are seen while they are written, two are kept, one is discarded", async () => {
    const release = models.sayAndHold(blocks(...MONEY_EDITS, CATALOG_EDIT), `### FILE ${CATALOG}`);
    await workbench.open(MONEY);
    await workbench.select(6, 9);
    await stage.ask("accept commas in amounts");
    await workbench.lenses("being written").waitFor();
    assert.match(await workbench.says(/edit/), /edit \$[\d.]+ \/ \$0\.50/);
    assert.match(await workbench.label(), /^Pairwright, working: .*of \$0\.50 spent this task$/);
    release();

    assert.equal(await workbench.says(/review/), "3 hunks to review $0.0003 / $0.50");
    assert.equal(home.read(MONEY), moneyBefore);
    await workbench.chord("y");
    await workbench.says(/^2 hunks/);
    await workbench.chord("j");
    await workbench.chord("y");
    await workbench.says(/^1 hunk /);
    await stage.savedAs(MONEY, MONEY_EDITS.reduce(applied, moneyBefore));
    await workbench.chord("j");
    await workbench.tab("catalog.py").waitFor();
    await workbench.chord("n");
    assert.equal(await workbench.says(/\$5/), "$0.0003 / $5.00");
    assert.ok(!home.read(CATALOG).includes("casefold"));
  });

  test("what was kept is taken back, the last hunk first", async () => {
    await workbench.open(MONEY);
    await workbench.chord("z");
    await stage.savedAs(MONEY, applied(moneyBefore, MONEY_EDITS[0]));
    await workbench.chord("z");
    await stage.savedAs(MONEY, moneyBefore);
  });

  test("a plan is edited by a button, and followed as it was left", async () => {
    const asked = models.requests.length;
    models.say(PLAN, blocks(MONEY_EDITS[0]));
    await makePlan();
    const follow = workbench.lenses("Follow this plan");
    const estimate = await follow.innerText();
    assert.match(estimate, /about \$/);
    await workbench.lenses("Use the strong model here").last().click();
    await workbench.lenses("Strong model: use the weak one").waitFor();
    await until("another estimate", async () => /about \$/.test(await follow.innerText()) && (await follow.innerText()) !== estimate);
    await workbench.lenses(/^Skip$/).last().click();
    await workbench.lenses("Skipped").waitFor();
    await follow.click();
    await workbench.says(/^1 hunk to review/);
    assert.equal(models.requests.length, asked + 2);
    await workbench.chord("a");
    await workbench.says(/\$5/);
    await workbench.open(MONEY);
    await stage.savedAs(MONEY, applied(moneyBefore, MONEY_EDITS[0]));
    await workbench.chord("z");
    await stage.savedAs(MONEY, moneyBefore);
  });

  test("a plan is edited by typing, and its words are what the weak model is told", async () => {
    models.say(PLAN, blocks(MONEY_EDITS[0]));
    await makePlan();
    await workbench.replaceInEditor("Take the commas out", "Let go of the commas");
    await workbench.save();
    await workbench.lenses(/^Skip$/).last().click();
    await workbench.lenses("Skipped").waitFor();
    await workbench.chord("Enter");
    await workbench.says(/^1 hunk to review/);
    assert.match(models.requests.at(-1), /Let go of the commas/);
    assert.doesNotMatch(models.requests.at(-1), /Take the commas out/);
    await workbench.chord("Shift+A");
    await workbench.says(/\$5/);
  });

  test("an assistant's proposal is reviewed, and the assistant is told why not", async () => {
    const { assistant, answer } = await stage.propose("helpful-assistant", blocks(...MONEY_EDITS));
    await workbench.says(/^2 hunks to review/);
    await workbench.lenses("helpful-assistant: amounts come with commas").waitFor();
    await workbench.lenses("Remark").first().click();
    await workbench.answer("commas are decimal points here");
    await workbench.says(/^1 hunk to review/);
    await workbench.chord("Shift+A");
    await workbench.says(/\$5/);
    const told = (await answer).hunks.map(({ state, remark }) => [state, remark]);
    assert.deepEqual(told, [["rejected", "commas are decimal points here"], ["rejected", ""]]);
    assistant.leave();
    assert.equal(home.read(MONEY), moneyBefore);
  });

  test("a problem that another language server found is fixed", async () => {
    models.say(blocks(["size.ts", SIZE, FIXED_SIZE]));
    await workbench.open("size.ts");
    await page.locator(".squiggly-error").first().waitFor();
    await workbench.chord("f");
    await workbench.says(/^1 hunk to review/);
    assert.match(models.requests.at(-1), /not assignable/);
    await workbench.chord("y");
    await stage.savedAs("size.ts", FIXED_SIZE);
  });

  test("the light bulb offers to fix all problems like one; where nobody could look again, that is said", async () => {
    const asked = models.requests.length;
    await workbench.open("sizes.ts");
    await until("both problems are marked", async () => (await page.locator(".squiggly-error").count()) === 2);
    await workbench.toWord(3);
    await workbench.chooseFromLightBulb("Pairwright: Fix all");
    await workbench.toast("nobody could say that it is mended").waitFor();
    assert.equal(models.requests.length, asked);
    await workbench.clearToasts();
  });

  test("a task is cancelled while it writes", async () => {
    await stage.askAndHold();
    await workbench.chord("q");
    await workbench.says(/^\$[\d.]+ \/ \$5/);
    const left = workbench.lenses(/being written|Keep/);
    await until("no hunk is left", async () => (await left.count()) === 0);
  });

  test("a daemon that is killed while it writes is started again, and works", async () => {
    await stage.askAndHold();
    process.kill(stage.daemon, "SIGKILL");
    await workbench.toast("The connection ended while the task ran").waitFor();
    await workbench.says(/\$/);
    await workbench.clearToasts();
    await workbench.open(MONEY);
    models.say(blocks(...MONEY_EDITS));
    await stage.ask("accept commas in amounts");
    await workbench.says(/^2 hunks to review/);
    await workbench.chord("Shift+A");
    await workbench.says(/\$5/);
    assert.equal(home.read(MONEY), moneyBefore);
  });

  async function makePlan() {
    await workbench.open(MONEY);
    await workbench.chord("p");
    await workbench.answer("be ready for the new price list");
    await workbench.lenses("Follow this plan").waitFor();
  }
});

function writeProblems(home) {
  home.write("size.ts", SIZE);
  home.write("sizes.ts", SIZES);
}
