// Are problems fixed, and who says that they are? The project's own checker, where there is one.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { SIZES, SIZES_EDITS, SIZES_PLAN } from "./edits.mjs";
import { blocks } from "./model-server.mjs";
import { applied, setStage } from "./stage.mjs";
import { whyNot } from "./tools.mjs";
import { SUITE_MS, until } from "./waiting.mjs";

describe("a person whose project has a checker", { skip: whyNot(), timeout: SUITE_MS }, () => {
  const stage = setStage({
    arrange: (home) => {
      home.write("tsconfig.json", '{ "compilerOptions": { "strict": true }, "files": ["sizes.ts"] }\n');
      home.write("sizes.ts", SIZES);
    },
  });
  let models, workbench, page;

  before(async () => {
    ({ models, workbench, page } = stage);
    await workbench.says(/\$/);
  });

  test("all problems like one are fixed: one plan, an edit for each place, each judged by itself", async () => {
    models.say(SIZES_PLAN, ...SIZES_EDITS.map((edit) => blocks(edit)));
    await workbench.open("sizes.ts");
    await until("both problems are marked", async () => (await page.locator(".squiggly-error").count()) === 2);
    await workbench.toWord(3);
    await workbench.chooseFromLightBulb("Pairwright: Fix all");
    await workbench.says(/hunks? to review/);
    assert.equal(models.requests.length, 1 + SIZES_EDITS.length);
    await workbench.lenses("mended ✓").first().waitFor();
    await workbench.chord("h");
    await workbench.listed("gone at 2 of 2 places");
    await workbench.chord("a");
    await workbench.says(/\$5/);
    await stage.savedAs("sizes.ts", SIZES_EDITS.reduce(applied, SIZES));
    await until("no problem is left", async () => (await page.locator(".squiggly-error").count()) === 0);
  });

  test("a place that is still wrong after its edit is left as it was, which is said", async () => {
    await workbench.chord("z");
    await stage.savedAs("sizes.ts", SIZES);
    const [height, [file, old, replacement]] = SIZES_EDITS;
    const wrong = blocks([file, old, replacement.replace("2", '"2"')]);
    models.say(SIZES_PLAN, blocks(height), wrong, wrong);
    await until("both problems are marked", async () => (await page.locator(".squiggly-error").count()) === 2);
    await workbench.open("sizes.ts");
    await workbench.toWord(3);
    await workbench.chooseFromLightBulb("Pairwright: Fix all");
    await workbench.says(/^1 hunk to review/);
    await workbench.lenses("1 of 2 places are left as they were").first().click();
    await workbench.listed("gone at 1 of 2 places");
    await workbench.chord("a");
    await workbench.says(/\$5/);
    await stage.savedAs("sizes.ts", applied(SIZES, height));
  });
});
