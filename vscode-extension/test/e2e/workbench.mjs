// How is the workbench used? By keys and buttons, as a person uses it; and what does it show then?

import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:net";
import { once } from "node:events";
import path from "node:path";
import { BROWSER, browserType, CODE_SERVER, NODE, PAIRWRIGHT, VSIX } from "./tools.mjs";
import { MOST_S, until } from "./waiting.mjs";

const SERVER_ARGUMENTS = [
  "--auth=none",
  "--disable-telemetry",
  "--disable-update-check",
  "--disable-getting-started-override",
];
/** The palette shows what it has within this time. */
const PALETTE_SECONDS = 3;
const GLANCE_MS = 1000;
/** A menu that takes longer is opened anew. */
const MENU_MS = 5000;
const VIEWPORT = { width: 1400, height: 800 };
const BROWSER_ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Returns a workbench with the packaged extension, open at the home's workspace; it is trusted unasked. */
export async function openWorkbench(home, { viewport = VIEWPORT, asksTrust = false, extensions = [] } = {}) {
  const folders = ["--user-data-dir", home.userData, "--extensions-dir", home.extensions];
  const installed = [VSIX, ...extensions].flatMap((vsix) => ["--install-extension", vsix]);
  execFileSync(NODE, [CODE_SERVER, ...folders, ...installed], { env: home.env, stdio: "ignore" });
  const trust = asksTrust ? [] : ["--disable-workspace-trust"];
  const address = `127.0.0.1:${await freePort()}`;
  const server = spawn(
    NODE,
    [CODE_SERVER, ...SERVER_ARGUMENTS, ...trust, "--bind-addr", address, ...folders, home.workspace],
    { env: home.env, stdio: "ignore", detached: true },
  );
  await until("code-server answers", () => fetch(`http://${address}/healthz`).then((a) => a.ok, () => false));
  const browser = await browserType().launch({ executablePath: BROWSER, args: BROWSER_ARGUMENTS });
  const page = await browser.newPage({ viewport });
  page.setDefaultTimeout(1000 * MOST_S);
  await page.goto(`http://${address}/?folder=${home.workspace}`);
  await page.locator(".monaco-workbench").waitFor();
  return new Workbench(page, async () => {
    await browser.close();
    await endGroup(server.pid);
    execFileSync(PAIRWRIGHT, ["stop"], { cwd: home.workspace, env: home.env, stdio: "ignore" });
  });
}

export class Workbench {
  constructor(page, close) {
    this.page = page;
    this.close = close;
    this.status = page.locator('.statusbar-item[id*="pairwright.status"]');
    this.toasts = page.locator(".notifications-toasts .notification-list-item");
  }

  /** Waits for a text in the status bar; returns all that it says. */
  async says(pattern, seconds = MOST_S) {
    let text = "";
    const isSaid = async () => {
      text = (await textOf(this.status)).trim();
      return pattern.test(text);
    };
    await until(`the status bar says ${pattern}`, isSaid, seconds).catch((error) => {
      throw new Error(`${error.message}; it says ${JSON.stringify(text)}`);
    });
    return text;
  }

  /** Returns what a screen reader says of the status bar. */
  label() {
    return this.status.locator("a").first().getAttribute("aria-label");
  }

  /** Returns how bad it is, by the status bar's colour. */
  async severity() {
    const classes = await this.status.getAttribute("class");
    return /(warning|error)-kind/.exec(classes)?.[1] ?? "none";
  }

  /** Presses the keys that follow Ctrl+Alt+P. */
  async chord(key) {
    await this.page.keyboard.press("Control+Alt+p");
    await this.page.keyboard.press(key);
  }

  /** Types into the input box that is open, or about to open. */
  async answer(text) {
    await this.#type(text);
    await this.page.keyboard.press("Enter");
    await this.#input.waitFor({ state: "hidden" });
  }

  /** Presses Enter in the input box that is open, or about to open. */
  async accept() {
    await this.#input.waitFor();
    await this.page.keyboard.press("Enter");
  }

  /** Chooses from the list that is open, or about to open. */
  async pick(label) {
    await this.#choose(label, label);
  }

  /** Waits for a text in the list that is open, or about to open, and closes the list. */
  async listed(text) {
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first().waitFor();
    await this.page.keyboard.press("Escape");
    await this.#input.waitFor({ state: "hidden" });
  }

  async command(title) {
    await this.page.keyboard.press("F1");
    await this.#choose(`>${title}`, title);
  }

  /** Tells whether the palette has a command of ours; leaves the palette open. */
  async offered(title) {
    await this.page.keyboard.press("F1");
    await this.#type(`>Pairwright: ${title}`);
    const row = this.page.locator(".quick-input-list .monaco-list-row").first();
    const isThere = async () => (await textOf(row)).includes(`Pairwright: ${title}`);
    return until(title, isThere, PALETTE_SECONDS).catch(() => false);
  }

  async goToSymbol(name) {
    await this.page.keyboard.press("Control+p");
    await this.#choose(`#${name}`, name);
  }

  async open(file) {
    await this.page.keyboard.press("Control+p");
    await this.#choose(file, path.basename(file));
    // Of a file that is shown already the tab tells nothing.
    await this.#input.waitFor({ state: "hidden" });
    await this.#activeTab(path.basename(file)).waitFor();
    // Keys that are pressed before it has the focus go elsewhere.
    await this.page.locator(".editor-instance .monaco-editor.focused").first().waitFor();
    await this.page.keyboard.press("Control+1");
    await this.page.keyboard.press("Control+Home");
  }

  /** Selects lines of the file that is open, counted from 1. */
  async select(first, last) {
    await this.page.keyboard.press("Control+Home");
    for (let line = 1; line <= last; line += 1) {
      await this.page.keyboard.press(line < first ? "ArrowDown" : "Shift+ArrowDown");
    }
  }

  /** Goes to the end of a word of the line, counted from 1, from the line's begin. */
  async toWord(number) {
    for (let word = 1; word <= number; word += 1) {
      await this.page.keyboard.press("Control+ArrowRight");
    }
  }

  /** Selects the next place of a text in the editor that has the focus, and types another there. */
  async replaceInEditor(text, replacement) {
    await this.page.keyboard.press("Control+f");
    const box = this.page.locator(".find-widget.visible textarea").first();
    await box.fill(text);
    await this.page.locator(".find-widget .matchesCount", { hasText: /^\d+ of/ }).waitFor();
    await this.page.keyboard.press("Escape");
    await this.page.keyboard.type(replacement);
  }

  /** Chooses from the menu of the light bulb at the cursor; it opens once the servers have answered. */
  async chooseFromLightBulb(title) {
    const menu = this.page.locator(".action-widget").first();
    const row = menu.locator(".monaco-list-row", { hasText: title }).first();
    await until(`the light bulb offers ${title}`, async () => {
      if (await menu.isVisible()) {
        await this.page.keyboard.press("Escape");
      }
      await this.page.keyboard.press("Control+.");
      return row.waitFor({ timeout: MENU_MS }).then(() => true, () => false);
    });
    await row.click();
  }

  async save() {
    await this.page.keyboard.press("Control+s");
  }

  /** Returns the document of the panel that is open, or about to open. */
  async webview() {
    const outer = await this.page.waitForSelector("iframe.webview.ready");
    const inner = await (await outer.contentFrame()).waitForSelector("iframe#active-frame");
    return inner.contentFrame();
  }

  tab(name) {
    return this.page.locator(".tab", { hasText: name }).first();
  }

  /** The links above the lines whose text is as wanted. */
  lenses(text) {
    return this.page.locator(".codelens-decoration a", { hasText: text });
  }

  toast(text) {
    return this.toasts.filter({ hasText: text }).first();
  }

  /** Closes what pops up, so that it hides nothing. */
  async clearToasts() {
    await this.command("Notifications: Clear All Notifications");
    await until("no notification is left", async () => (await this.toasts.count()) === 0);
  }

  /** A comparison has the name of its file, too. */
  #activeTab(name) {
    return this.page.locator(`.tab.active[data-resource-name="${name}"]`, { hasNotText: "↔" }).first();
  }

  get #input() {
    return this.page.locator(".quick-input-widget .quick-input-box input");
  }

  async #type(text) {
    await this.#input.waitFor();
    await this.#input.fill(text);
  }

  async #choose(text, label) {
    await this.#type(text);
    const first = this.page.locator(".quick-input-list .monaco-list-row").first();
    await until(`${label} is offered first`, async () => (await textOf(first)).includes(label));
    await this.page.keyboard.press("Enter");
  }
}

/** Ends a process with all that it started: a connection that outlives it would start the daemon again. */
async function endGroup(leader) {
  const isGone = () => {
    try {
      process.kill(-leader, "SIGTERM");
      return false;
    } catch {
      return true;
    }
  };
  await until("code-server is gone", isGone);
}

/** Returns what is shown there at present; nothing where nothing is. */
function textOf(locator) {
  return locator.innerText({ timeout: GLANCE_MS }).catch(() => "");
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}
