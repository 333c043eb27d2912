// What does the status bar say where there is no server, and where there is one that fails?

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { setStage } from "./stage.mjs";
import { whyNot } from "./tools.mjs";
import { SUITE_MS } from "./waiting.mjs";

describe("a person without a server", { skip: whyNot(), timeout: SUITE_MS }, () => {
  const stage = setStage({ hasServer: false });
  let workbench;

  before(() => {
    ({ workbench } = stage);
  });

  test("it is said, and offered to be installed", async () => {
    await workbench.says(/^Pairwright: not installed$/);
    assert.equal(await workbench.label(), "Pairwright, not installed");
    assert.equal(await workbench.severity(), "warning");
    await workbench.toast("was not found").getByRole("button", { name: "Install It Privately" }).waitFor();
  });
});

describe("a person whose server fails", { skip: whyNot(), timeout: SUITE_MS }, () => {
  const stage = setStage({ arrange: (home) => home.setForMachine({ "pairwright.server.command": ["/bin/false"] }) });

  test("it is said to fail, with the reason", async () => {
    const { workbench } = stage;
    await workbench.toast("/bin/false did not answer").getByRole("button", { name: "Show the Log" }).waitFor();
    await workbench.says(/^Pairwright$/);
    assert.match(await workbench.label(), /^Pairwright, error: \/bin\/false did not answer/);
    assert.equal(await workbench.severity(), "error");
  });
});
