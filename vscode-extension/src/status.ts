// Where does a person see what Pairwright does? In one item of the status bar, and its hover.

import * as vscode from "vscode";
import type { Connection } from "./client";
import type { CostReport, StatusResult } from "./protocol";
import { advance, type Happening, INITIAL, type State } from "./state";
import { statusHover, statusText } from "./status-text";
import { Throttle } from "./throttle";

const REDRAWS_PER_SECOND = 15;
const FIGURES_PER_SECOND = 0.5;

/** Holds the state, and shows it. */
export class StatusBar implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;
  private readonly redraw = new Throttle(REDRAWS_PER_SECOND, () => this.draw());
  private readonly refresh = new Throttle(FIGURES_PER_SECOND, () => void this.readFigures());
  private readonly changes = new vscode.EventEmitter<State>();
  private readonly contexts = new Map<string, boolean>();
  private roles: CostReport | undefined;
  private status: StatusResult | undefined;
  readonly onChange = this.changes.event;
  state: State = INITIAL;

  constructor(private readonly connection: Connection) {
    this.item = vscode.window.createStatusBarItem("pairwright.status", vscode.StatusBarAlignment.Left, 10);
    this.item.name = "Pairwright";
    this.item.command = "pairwright.menu";
    this.draw();
    this.item.show();
  }

  /** Takes in what happened. */
  tell(happening: Happening): void {
    this.state = advance(this.state, happening);
    this.redraw.ask();
    this.setContexts();
    this.changes.fire(this.state);
    if (["connection", "ended", "waiting"].includes(happening.what)) {
      this.refresh.ask();
    }
  }

  dispose(): void {
    this.redraw.dispose();
    this.refresh.dispose();
    this.changes.dispose();
    this.item.dispose();
  }

  private draw(): void {
    const shown = statusText(this.state);
    this.item.text = shown.text;
    this.item.accessibilityInformation = { label: shown.label, role: "button" };
    this.item.backgroundColor =
      shown.severity === "none"
        ? undefined
        : new vscode.ThemeColor(`statusBarItem.${shown.severity}Background`);
    const hover = new vscode.MarkdownString(statusHover(this.state, this.roles, this.status, vscode.env.appName), true);
    this.item.tooltip = hover;
  }

  private async readFigures(): Promise<void> {
    if (!this.connection.isReady) {
      return;
    }
    try {
      this.roles = await this.connection.request("pairwright/cost", { by: "role" });
      this.status = await this.connection.request("pairwright/status", {});
      this.tell({
        what: "day",
        spentUsd: this.roles.dayUsd,
        capUsd: this.roles.dayCapUsd,
        unpriced: this.roles.dayUnpricedCalls,
      });
    } catch {
      // The hover then tells what was known before.
    }
  }

  private setContexts(): void {
    const wanted: readonly [string, boolean][] = [
      ["pairwright.isReady", this.state.connection === "ready"],
      ["pairwright.isWorking", this.state.working !== undefined],
      ["pairwright.isReviewing", this.state.waiting > 0],
    ];
    for (const [name, isSo] of wanted) {
      if (this.contexts.get(name) !== isSo) {
        this.contexts.set(name, isSo);
        void vscode.commands.executeCommand("setContext", name, isSo);
      }
    }
  }
}
