// Is a model that VS Code has lent to the daemon, asked in the place of others, and on the same bill?

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { MONEY, MONEY_EDITS } from "./edits.mjs";
import { Lender, LENT_MODEL } from "./lender.mjs";
import { blocks } from "./model-server.mjs";
import { setStage } from "./stage.mjs";
import { whyNot } from "./tools.mjs";
import { SUITE_MS } from "./waiting.mjs";

const PRICE = `
[models.prices."editor/acme/*"]
input_usd_per_million = 2
output_usd_per_million = 8
`;

describe("a person whose editor has models", { skip: whyNot(), timeout: SUITE_MS }, () => {
  const stage = setStage({
    settings: {
      "chat.disableAIFeatures": false,
      "pairwright.models.weak": LENT_MODEL,
      "pairwright.models.strong": LENT_MODEL,
      "pairwright.strategy": "weak",
    },
    arrange: (home) => {
      home.addSettings(PRICE);
      stage.lender = new Lender(home);
      return [stage.lender.vsix];
    },
  });
  let lender, models, workbench;

  before(async () => {
    ({ lender, models, workbench } = stage);
    await workbench.says(/\$/);
    await workbench.open(MONEY);
  });

  test("it is asked for an edit, and what it costs is known", async () => {
    lender.say(blocks(...MONEY_EDITS));
    await stage.ask("accept commas in amounts");
    assert.match(await workbench.says(/^2 hunks to review/), /\$0\.\d+ \/ \$0\.50/);
    assert.equal(lender.timesAsked, 1);
    assert.equal(models.requests.length, 0, "nobody else was asked");
    await workbench.chord("a");
    await workbench.says(/\$5/);
  });

  test("when it fails that is said, and no other model is asked in its place", async () => {
    lender.say("");
    await stage.ask("round to whole cents");
    await workbench.toast(/acme/i).waitFor();
    assert.equal(models.requests.length, 0);
  });
});
