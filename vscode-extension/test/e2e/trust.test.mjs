// What happens in a folder that is not trusted? It can be navigated; no model is asked.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { MONEY, MONEY_EDITS } from "./edits.mjs";
import { blocks } from "./model-server.mjs";
import { setStage } from "./stage.mjs";
import { whyNot } from "./tools.mjs";
import { SUITE_MS } from "./waiting.mjs";

const TRUSTED_ALONE = ["Plan and Edit", "Edit with the Strong Model", "Fix This Problem", "Store a Provider's Key"];

describe("a person in a folder that is not trusted", { skip: whyNot(), timeout: SUITE_MS }, () => {
  const stage = setStage({ asksTrust: true, settings: { "security.workspace.trust.enabled": true } });
  let models, workbench, page;

  before(() => {
    ({ models, workbench, page } = stage);
  });

  test("the folder is indexed and can be navigated", async () => {
    await page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
    await workbench.says(/\$0\.00 \/ \$5\.00/);
    await workbench.goToSymbol("parse_amount");
    await workbench.tab("money.py").waitFor();
  });

  test("no command that asks a model is offered, no key is taken, and the keys do nothing", async () => {
    assert.deepEqual(await workbench.offered("Show the Costs"), true);
    for (const title of TRUSTED_ALONE) {
      assert.equal(await workbench.offered(title), false, title);
    }
    await page.keyboard.press("Escape");
    await workbench.open(MONEY);
    await workbench.chord("e");
    await workbench.chord("p");
    assert.equal(await page.locator(".quick-input-widget").isVisible(), false);
    assert.deepEqual(models.requests, []);
  });

  test("once the folder is trusted, models are asked", async () => {
    await workbench.command("Workspaces: Manage Workspace Trust");
    await page.locator(".workspace-trust-editor").getByRole("button", { name: "Trust", exact: true }).click();
    await workbench.says(/\$/);
    models.say(blocks(MONEY_EDITS[0]));
    await workbench.open(MONEY);
    await stage.ask("accept commas in amounts");
    await workbench.says(/^1 hunk to review/);
    assert.equal(models.requests.length, 1);
  });
});
