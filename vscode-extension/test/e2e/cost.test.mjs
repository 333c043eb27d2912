// Can everybody read the cost panel? By keyboard, by screen reader, in light, dark and high contrast.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { MONEY, MONEY_EDITS } from "./edits.mjs";
import { blocks } from "./model-server.mjs";
import { setStage } from "./stage.mjs";
import { axeSource, whyNot } from "./tools.mjs";
import { SUITE_MS, until } from "./waiting.mjs";

/** Each with the class that the workbench gives the panel's body. */
const THEMES = [
  ["Dark Modern", "vscode-dark"],
  ["Light Modern", "vscode-light"],
  ["Dark High Contrast", "vscode-high-contrast"],
  ["Light High Contrast", "vscode-high-contrast-light"],
];

describe("a person who looks at the costs", { skip: whyNot(), timeout: SUITE_MS }, () => {
  const stage = setStage();
  let models, workbench, page, panel, exported;

  before(async () => {
    ({ models, workbench, page } = stage);
    exported = path.join(stage.home.workspace, "pairwright-costs.csv");
    await workbench.says(/\$/);
    models.say(blocks(...MONEY_EDITS));
    await workbench.open(MONEY);
    await stage.ask("accept commas in amounts");
    await workbench.says(/^2 hunks to review/);
    await workbench.chord("Shift+A");
    await workbench.says(/\$5/);
    await workbench.chord("b");
    panel = await workbench.webview();
  });

  test("it tells what was spent, by whom", async () => {
    await panel.locator("table caption").waitFor();
    assert.match(await panel.getByRole("meter", { name: "Today" }).getAttribute("aria-valuetext"), /^\$0\.0003 of/);
    await panel.getByRole("tab", { name: "Model" }).click();
    await panel.getByRole("row", { name: /openai\/gpt-4o-mini.*\$0\.0003/ }).waitFor();
  });

  test("its tabs are walked with arrow keys, and the export is reached with the tabulator", async () => {
    await panel.getByRole("tab", { name: "Day" }).click();
    await page.keyboard.press("ArrowRight");
    assert.equal(await focused(), "tab-task");
    await page.keyboard.press("End");
    assert.equal(await panel.getByRole("tab", { selected: true }).getAttribute("id"), await focused());
    for (let presses = 0; (await focused()) !== "export"; presses += 1) {
      assert.ok(presses < 20, "the export cannot be reached");
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
    await workbench.accept();
    await until("the table is exported", () => existsSync(exported));
    assert.match(readFileSync(exported, "utf8"), /gpt-4o-mini/);
  });

  test("nothing but its own files can be loaded into it", async () => {
    const policy = await panel.locator("meta[http-equiv]").getAttribute("content");
    assert.match(policy, /^default-src 'none'; style-src [^;]+; script-src 'nonce-[^']+'$/);
  });

  for (const [theme, name] of THEMES) {
    test(`axe finds nothing to mend in ${theme}`, async () => {
      await page.keyboard.press("Control+k");
      await page.keyboard.press("Control+t");
      await workbench.pick(theme);
      await panel.locator(`body.${name}`).waitFor();
      for (const tab of await panel.getByRole("tab").all()) {
        await tab.click();
        assert.deepEqual(await violations(), [], await tab.innerText());
      }
    });
  }

  function focused() {
    return panel.evaluate(() => document.activeElement?.id);
  }

  async function violations() {
    await panel.evaluate(readFileSync(axeSource(), "utf8"));
    const { violations: found } = await panel.evaluate(() => window.axe.run(document));
    return found.map(({ id, nodes }) => [id, ...nodes.map(({ html, failureSummary }) => [html, failureSummary])]);
  }
});
