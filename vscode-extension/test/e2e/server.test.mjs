// What does a person see where there is no server, while it is installed, and where there is one that fails?

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { setStage } from "./stage.mjs";
import { EXTENSION, PAIRWRIGHT, whyNot } from "./tools.mjs";
import { SUITE_MS } from "./waiting.mjs";

const PROJECT = path.dirname(EXTENSION);
/** For fetching what the server needs. */
const INSTALL_SECONDS = 300;

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

describe("a person who has it installed", { skip: whyNot(), timeout: SUITE_MS }, () => {
  // As from a package index: what the server needs comes from there, and the server from this folder.
  const wheels = mkdtempSync(path.join(tmpdir(), "pw-wheels-"));
  const stage = setStage({
    hasServer: false,
    arrange: () => {
      const python = path.join(path.dirname(PAIRWRIGHT), "python");
      execFileSync(python, ["-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", wheels, PROJECT]);
      process.env.PIP_FIND_LINKS = wheels;
    },
  });

  after(() => {
    delete process.env.PIP_FIND_LINKS;
    rmSync(wheels, { recursive: true });
  });

  test("it is installed privately with progress, and works", async () => {
    const { workbench } = stage;
    await workbench.says(/^Pairwright: not installed$/);
    await workbench.toast("was not found").getByRole("button", { name: "Install It Privately" }).click();
    await workbench.toast("Installing Pairwright").waitFor();
    await workbench.says(/^\$0\.00 \/ \$5\.00/, INSTALL_SECONDS);
    await workbench.goToSymbol("parse_amount");
    await workbench.tab("money.py").waitFor();
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
