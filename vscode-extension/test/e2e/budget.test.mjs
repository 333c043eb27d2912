// Does the budget of the settings hold, before a model is asked? And can a stopped task go on?

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { MONEY, MONEY_EDITS } from "./edits.mjs";
import { blocks } from "./model-server.mjs";
import { setStage } from "./stage.mjs";
import { whyNot } from "./tools.mjs";
import { SUITE_MS } from "./waiting.mjs";

const MISSED = blocks([MONEY, "    no such line = 1\n", "    nothing = 2\n"]);

describe("a person with a small budget", { skip: whyNot(), timeout: SUITE_MS }, () => {
  const stage = setStage({ settings: { "pairwright.budget.taskUsd": "0.0001" } });
  let models, workbench;

  before(() => {
    ({ models, workbench } = stage);
  });

  test("no model is asked for more than a task may cost", async () => {
    await workbench.says(/\$/);
    await workbench.open(MONEY);
    await stage.ask("accept commas in amounts");
    await workbench.says(/^over budget/);
    assert.match(await workbench.label(), /^Pairwright, over budget/);
    assert.equal(await workbench.severity(), "error");
    assert.equal(models.requests.length, 0);
  });

  test("the stopped task goes on as far as it may, and no further", async () => {
    models.say(MISSED);
    await goOn("0.0014");
    await workbench.says(/^over budget \$0\.0003/);
    assert.equal(models.requests.length, 1);
  });

  test("once it may cost more it is finished, and nothing is paid twice", async () => {
    models.say(blocks(...MONEY_EDITS));
    await goOn("0.50");
    assert.match(await workbench.says(/review/), /^2 hunks to review \$0\.0005 \/ \$0\.50/);
    assert.equal(models.requests.length, 2);
    await workbench.chord("Shift+A");
    await workbench.says(/\$5/);
  });

  async function goOn(budget) {
    await workbench.toasts.getByRole("button", { name: "Continue…" }).click();
    await workbench.answer(budget);
    await workbench.says(/\$[\d.]+ \/ \$0/);
  }
});
