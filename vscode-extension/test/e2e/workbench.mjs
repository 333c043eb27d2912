// How is the workbench used? By keys and buttons, as a person uses it; and what does it show then?

import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:net";
import { once } from "node:events";
import path from "node:path";
import { BROWSER, browserType, CODE_SERVER, NODE, PAIRWRIGHT, VSIX } from "./tools.mjs";
import { until } from "./waiting.mjs";

const SERVER_ARGUMENTS = [
  "--auth=none",
  "--disable-telemetry",
  "--disable-update-check",
  "--disable-workspace-trust",
  "--disable-getting-started-override",
];
const BROWSER_ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Returns a workbench with the packaged extension, open at the home's workspace. */
export async function openWorkbench(home, viewport = { width: 1400, height: 800 }) {
  const folders = ["--user-data-dir", home.userData, "--extensions-dir", home.extensions];
  execFileSync(NODE, [CODE_SERVER, ...folders, "--install-extension", VSIX], { env: home.env, stdio: "ignore" });
  const address = `127.0.0.1:${await freePort()}`;
  const server = spawn(
    NODE,
    [CODE_SERVER, ...SERVER_ARGUMENTS, "--bind-addr", address, ...folders, home.workspace],
    { env: home.env, stdio: "ignore" },
  );
  await until("code-server answers", () => fetch(`http://${address}/healthz`).then((a) => a.ok, () => false));
  const browser = await browserType().launch({ executablePath: BROWSER, args: BROWSER_ARGUMENTS });
  const page = await browser.newPage({ viewport });
  await page.goto(`http://${address}/?folder=${home.workspace}`);
  await page.locator(".monaco-workbench").waitFor({ timeout: 60_000 });
  return new Workbench(page, async () => {
    await browser.close();
    server.kill();
    await once(server, "exit");
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
  async says(pattern, seconds = 40) {
    let text = "";
    const isSaid = async () => {
      text = (await this.status.innerText().catch(() => "")).trim();
      return pattern.test(text);
    };
    await until(`the status bar says ${pattern}`, isSaid, seconds).catch((error) => {
      throw new Error(`${error.message}; it says ${JSON.stringify(text)}`);
    });
    return text;
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

  async command(title) {
    await this.page.keyboard.press("F1");
    await this.#choose(`>${title}`, title);
  }

  async open(file) {
    await this.page.keyboard.press("Control+p");
    await this.#choose(file, path.basename(file));
    await this.tab(path.basename(file)).waitFor();
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

  async save() {
    await this.page.keyboard.press("Control+s");
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
    await until(`${label} is offered first`, async () => (await first.innerText()).includes(label), 20);
    await this.page.keyboard.press("Enter");
  }
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}
