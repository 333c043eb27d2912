// Does the budget of the settings hold, before a model is asked?

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { MONEY } from "./edits.mjs";
import { Home } from "./home.mjs";
import { ModelServer } from "./model-server.mjs";
import { whyNot } from "./tools.mjs";
import { openWorkbench } from "./workbench.mjs";

const models = new ModelServer();
let home, workbench;

describe("a person with a small budget", { skip: whyNot(), timeout: 120_000 }, () => {
  before(async () => {
    home = new Home(await models.listen());
    home.set({ "pairwright.budget.taskUsd": "0.0001" });
    workbench = await openWorkbench(home);
  });

  after(async () => {
    await workbench?.close();
    models.close();
    await home.remove();
  });

  test("no model is asked for more than a task may cost", async () => {
    await workbench.says(/\$/);
    await workbench.open(MONEY);
    await workbench.chord("e");
    await workbench.answer("accept commas in amounts");
    await workbench.says(/^over budget/);
    assert.equal(models.requests.length, 0);
  });
});
