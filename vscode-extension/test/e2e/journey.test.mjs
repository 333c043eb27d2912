// Does the packaged extension keep its word in a real workbench, with a real daemon and scripted models?

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { Assistant } from "./assistant.mjs";
import { CATALOG, CATALOG_EDIT, MONEY, MONEY_EDITS, PLAN } from "./edits.mjs";
import { Home } from "./home.mjs";
import { blocks, ModelServer } from "./model-server.mjs";
import { LAST_SEEN, PAIRWRIGHT, whyNot } from "./tools.mjs";
import { until } from "./waiting.mjs";
import { openWorkbench } from "./workbench.mjs";

const models = new ModelServer();
const SIZE = 'export const size: number = "three";\n';
const FIXED_SIZE = "export const size: number = 3;\n";
let home, workbench, page;
/** The text of the file that is edited most, as each test leaves it. */
let moneyBefore;

describe("a person at work", { skip: whyNot(), timeout: 300_000 }, () => {
  before(async () => {
    home = new Home(await models.listen());
    home.write("size.ts", SIZE);
    moneyBefore = home.read(MONEY);
    workbench = await openWorkbench(home);
    page = workbench.page;
  });

  after(async () => {
    await workbench?.close();
    models.close();
    await home.remove();
  });

  afterEach(async ({ name }) => {
    mkdirSync(LAST_SEEN, { recursive: true });
    await page.screenshot({ path: path.join(LAST_SEEN, `${name.replaceAll(/\W+/g, "-")}.png`) });
  });

  test("the status bar shows what the day has cost", async () => {
    assert.equal(await workbench.says(/\$/), "$0.00 / $5.00");
  });

  test("hunks are seen while they are written, two are kept, one is discarded", async () => {
    const release = models.sayAndHold(blocks(...MONEY_EDITS, CATALOG_EDIT), `### FILE ${CATALOG}`);
    await workbench.open(MONEY);
    await workbench.select(6, 9);
    await ask("accept commas in amounts");
    await workbench.lenses("being written").waitFor();
    assert.match(await workbench.says(/edit/), /edit \$[\d.]+ \/ \$0\.50/);
    release();

    assert.equal(await workbench.says(/review/), "3 hunks to review $0.0003 / $0.50");
    assert.equal(home.read(MONEY), moneyBefore);
    await workbench.chord("y");
    await workbench.says(/^2 hunks/);
    await workbench.chord("j");
    await workbench.chord("y");
    await workbench.says(/^1 hunk /);
    await savedAs(MONEY, MONEY_EDITS.reduce(applied, moneyBefore));
    await workbench.chord("j");
    await workbench.tab("catalog.py").waitFor();
    await workbench.chord("n");
    assert.equal(await workbench.says(/\$5/), "$0.0003 / $5.00");
    assert.ok(!home.read(CATALOG).includes("casefold"));
  });

  test("what was kept is taken back, the last hunk first", async () => {
    await workbench.open(MONEY);
    await workbench.chord("z");
    await savedAs(MONEY, applied(moneyBefore, MONEY_EDITS[0]));
    await workbench.chord("z");
    await savedAs(MONEY, moneyBefore);
  });

  test("a plan is edited, and followed as it was left", async () => {
    const asked = models.requests.length;
    models.say(PLAN, blocks(MONEY_EDITS[0]));
    await workbench.chord("p");
    await workbench.answer("be ready for the new price list");
    await workbench.lenses(/^Skip$/).last().click();
    await workbench.lenses("Skipped").waitFor();
    await workbench.lenses("Follow this plan").click();
    await workbench.says(/^1 hunk to review/);
    assert.equal(models.requests.length, asked + 2);
    await workbench.chord("a");
    await workbench.says(/\$5/);
    await workbench.open(MONEY);
    await savedAs(MONEY, applied(moneyBefore, MONEY_EDITS[0]));
    await workbench.chord("z");
    await savedAs(MONEY, moneyBefore);
  });

  test("an assistant's proposal is reviewed, and the assistant is told why not", async () => {
    const { assistant, taskId } = await propose("helpful-assistant", MONEY_EDITS);
    await workbench.toast("helpful-assistant").getByRole("button", { name: "Review" }).click();
    await workbench.says(/^2 hunks to review/);
    await workbench.lenses("Remark").first().click();
    await workbench.answer("commas are decimal points here");
    await workbench.says(/^1 hunk to review/);
    const { hunks } = await assistant.ask("pairwright/change", { taskId });
    assert.deepEqual(hunks.map(({ remark }) => remark), ["commas are decimal points here", ""]);
    await workbench.chord("Shift+A");
    await workbench.says(/\$5/);
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
    await savedAs("size.ts", FIXED_SIZE);
  });

  test("a task is cancelled while it writes", async () => {
    await workbench.open(MONEY);
    await askAndHold();
    await workbench.chord("q");
    await workbench.says(/^\$[\d.]+ \/ \$5/, 10);
    const left = workbench.lenses(/being written|Keep/);
    await until("no hunk is left", async () => (await left.count()) === 0, 5);
  });

  test("a daemon that is killed while it writes is started again, and works", async () => {
    await askAndHold();
    const assistant = await join("a-witness");
    const { pid } = await assistant.ask("pairwright/status", {});
    assistant.leave();
    process.kill(pid, "SIGKILL");
    await workbench.toast("The connection ended while the task ran").waitFor();
    await workbench.says(/\$/);
    await workbench.clearToasts();
    await workbench.open(MONEY);
    models.say(blocks(...MONEY_EDITS));
    await ask("accept commas in amounts");
    await workbench.says(/^2 hunks to review/);
    await workbench.chord("Shift+A");
    await workbench.says(/\$5/);
    assert.equal(home.read(MONEY), moneyBefore);
  });

  async function ask(instruction) {
    await workbench.chord("e");
    await workbench.answer(instruction);
  }

  async function askAndHold() {
    models.sayAndHold(blocks(...MONEY_EDITS), MONEY_EDITS[1][1]);
    await ask("accept commas in amounts");
    await workbench.lenses("being written").waitFor();
  }

  async function join(name) {
    const assistant = new Assistant(PAIRWRIGHT, home.workspace, home.env);
    await assistant.introduce(name, home.workspace);
    return assistant;
  }

  async function propose(name, edits) {
    const assistant = await join(name);
    const proposal = { edits: blocks(...edits), why: "amounts come with commas" };
    const { change } = await assistant.ask("pairwright/propose", proposal);
    return { assistant, taskId: change.taskId };
  }

  /** The editor's text reaches the disk by a person's saving, however often that is needed. */
  async function savedAs(file, text) {
    await until(`${file} is as expected`, async () => {
      await workbench.save();
      return home.read(file) === text;
    });
  }
});

function applied(text, [, old, replacement]) {
  return text.replace(old, () => replacement);
}
