// How does it look? Takes the README's pictures: status bar, plan and review, in three themes each.

import { mkdirSync } from "node:fs";
import path from "node:path";
import { MONEY, MONEY_EDITS, PLAN } from "./edits.mjs";
import { Home } from "./home.mjs";
import { blocks, ModelServer } from "./model-server.mjs";
import { PICTURES, whyNot } from "./tools.mjs";
import { openWorkbench } from "./workbench.mjs";

/** What takes room from the editor. */
const BARE = { "workbench.activityBar.location": "hidden", "window.commandCenter": false };
const THEMES = {
  light: "Default Light Modern",
  dark: "Default Dark Modern",
  "high-contrast": "Default High Contrast",
};
const VIEWPORT = { width: 1120, height: 560 };
const HOVER_CLIP = { x: 0, y: VIEWPORT.height - 330, width: 520, height: 330 };

const reason = whyNot();
if (reason) {
  throw new Error(reason);
}
mkdirSync(PICTURES, { recursive: true });
await Promise.all(Object.keys(THEMES).map(pictureAll));

async function pictureAll(theme) {
  const models = new ModelServer();
  const home = new Home(await models.listen());
  home.set({ ...BARE, "workbench.colorTheme": THEMES[theme] });
  const workbench = await openWorkbench(home, VIEWPORT);
  const picture = (subject, clip) =>
    workbench.page.screenshot({ path: path.join(PICTURES, `${subject}-${theme}.png`), ...(clip && { clip }) });
  try {
    await workbench.says(/\$/);
    await workbench.page.keyboard.press("Control+b");
    await pictureReview(workbench, models, picture);
    await picturePlan(workbench, models, picture);
  } finally {
    await workbench.close();
    models.close();
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
  await workbench.status.hover();
  await workbench.page.locator(".workbench-hover table").waitFor();
  await picture("status-bar", HOVER_CLIP);
  await workbench.page.mouse.move(VIEWPORT.width / 2, 200);
}

async function picturePlan(workbench, models, picture) {
  models.say(PLAN);
  await workbench.open(MONEY);
  await workbench.chord("p");
  await workbench.answer("be ready for the new price list");
  await workbench.lenses("Use the strong model here").last().click();
  await workbench.lenses("Strong model: use the weak one").waitFor();
  await picture("plan");
}
