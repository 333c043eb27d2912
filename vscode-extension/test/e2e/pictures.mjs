// How does it look? Takes the documentation's pictures: each subject in three themes, with scripted models;
// or, when asked for `embedded`, one person's way with the models that run on this machine's processor.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { CATALOG_EDIT, MONEY, MONEY_EDITS, PLAN } from "./edits.mjs";
import { embeddedModels, Home, scriptedModels } from "./home.mjs";
import { blocks, ModelServer } from "./model-server.mjs";
import { PICTURES, SAMPLE, whyNot } from "./tools.mjs";
import { openWorkbench } from "./workbench.mjs";

/** What takes room from the editor. */
const BARE = {
  "breadcrumbs.enabled": false,
  "window.commandCenter": false,
  "workbench.activityBar.location": "hidden",
  "workbench.layoutControl.enabled": false,
};
const THEMES = {
  light: "Default Light Modern",
  dark: "Default Dark Modern",
  "high-contrast": "Default High Contrast",
};
const VIEWPORT = { width: 1120, height: 560 };
const HOVER_CLIP = { x: 0, y: VIEWPORT.height - 330, width: 520, height: 330 };
/** Models on a processor take their time. */
const MODEL_SECONDS = 1500;
const taken = [];

const reason = whyNot();
if (reason) {
  throw new Error(reason);
}
mkdirSync(PICTURES, { recursive: true });
if (process.argv[2] === "embedded") {
  await pictureEmbedded();
} else {
  await Promise.all(Object.keys(THEMES).map(pictureAll));
}
makeSmall();

/** Few colours are enough for what an editor shows; the package has to stay small. */
function makeSmall() {
  execFileSync("pngquant", ["--force", "--ext", ".png", "--strip", "64", ...taken]);
}

async function pictureAll(theme) {
  const models = new ModelServer();
  const home = new Home(scriptedModels(await models.listen()));
  await atWork(home, theme, async (workbench, picture) => {
    await pictureReview(workbench, models, picture);
    await picturePlan(workbench, models, picture);
    await pictureCosts(workbench, picture);
  });
  models.close();
}

/** Opens a workbench, hands it on with what takes pictures of it, and cleans up. */
async function atWork(home, theme, act) {
  home.set({ ...BARE, "workbench.colorTheme": THEMES[theme] });
  const workbench = await openWorkbench(home, { viewport: VIEWPORT });
  const picture = async (subject, clip) => {
    const file = path.join(PICTURES, `${subject}-${theme}.png`);
    await workbench.page.screenshot({ path: file, ...(clip && { clip }) });
    taken.push(file);
  };
  try {
    await workbench.says(/\$/);
    await workbench.page.keyboard.press("Control+b");
    await act(workbench, picture);
  } finally {
    await workbench.close();
    await home.remove();
  }
}

async function pictureReview(workbench, models, picture) {
  models.say(blocks(...MONEY_EDITS));
  await workbench.open(MONEY);
  await workbench.chord("e");
  await workbench.answer("accept commas in amounts");
  await workbench.says(/^2 hunks to review/);
  await workbench.lenses("2 of 2").waitFor();
  await picture("review");
  await workbench.chord("Shift+A");
  await workbench.says(/\$5/);
  await pictureHover(workbench, picture, "status-bar");
}

async function pictureHover(workbench, picture, subject) {
  await workbench.status.hover();
  await workbench.page.locator(".workbench-hover table").waitFor();
  await picture(subject, HOVER_CLIP);
  await workbench.page.mouse.move(VIEWPORT.width / 2, 200);
  await workbench.page.locator(".workbench-hover").waitFor({ state: "hidden" });
}

async function picturePlan(workbench, models, picture) {
  models.say(PLAN);
  await workbench.open(MONEY);
  await workbench.chord("p");
  await workbench.answer("be ready for the new price list");
  await workbench.lenses("Use the strong model here").last().click();
  await workbench.lenses("Strong model: use the weak one").waitFor();
  await workbench.page.locator(".tab.dirty").waitFor({ state: "detached" });
  await picture("plan");
  models.say(blocks(MONEY_EDITS[0]), blocks(CATALOG_EDIT));
  await workbench.chord("Enter");
  await workbench.says(/to review/);
  await workbench.chord("Shift+A");
  await workbench.says(/\$5/);
}

async function pictureCosts(workbench, picture) {
  await workbench.open(MONEY);
  await workbench.chord("b");
  const panel = await workbench.webview();
  await panel.getByRole("tab", { name: "Role" }).click();
  await panel.getByRole("row", { name: /^strong/ }).waitFor();
  await picture("costs");
}

async function pictureEmbedded() {
  const models = process.env.PAIRWRIGHT_DATA_DIR;
  if (!models || !existsSync(models)) {
    throw new Error("PAIRWRIGHT_DATA_DIR has to name the folder of the embedded models");
  }
  const instruction = readFileSync(path.join(SAMPLE, "../instruction.txt"), "utf8").trim();
  await atWork(new Home(embeddedModels(), { models }), "dark", async (workbench, picture) => {
    await workbench.open(MONEY);
    await workbench.chord("p");
    await workbench.answer(instruction);
    await workbench.lenses("Follow this plan").waitFor({ timeout: MODEL_SECONDS * 1000 });
    await picture("embedded-plan");
    await workbench.chord("Enter");
    await workbench.says(/to review/, MODEL_SECONDS);
    await workbench.open(MONEY);
    await workbench.lenses("Keep").first().waitFor();
    await picture("embedded-review");
    await workbench.chord("a");
    await workbench.says(/\$5/);
    await pictureHover(workbench, picture, "embedded-status-bar");
  });
}
