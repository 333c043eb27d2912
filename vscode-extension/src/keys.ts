// Where are providers' keys? In VS Code's secret store; the daemon is told them after each start.

import * as vscode from "vscode";
import { type Connection, reasonOf } from "./client";

const SECRET = "pairwright.key.";
const NAMES = "pairwright.keyNames";
const COMMON = ["openai", "anthropic", "gemini", "mistral", "deepseek", "openrouter", "groq", "xai"];

export class Keys {
  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly connection: Connection,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Tells the daemon all keys; it keeps them in memory as long as we are connected. */
  async giveAll(): Promise<void> {
    for (const provider of this.names) {
      const key = await this.context.secrets.get(SECRET + provider);
      if (key !== undefined) {
        await this.give(provider, key);
      }
    }
  }

  /** Asks for a provider and its key, and keeps it. */
  async set(): Promise<void> {
    const provider = await this.chooseProvider();
    const key = provider && (await vscode.window.showInputBox({
      title: `The Key for ${provider}`,
      prompt: "It is kept in VS Code's secret store and sent to that provider alone.",
      password: true,
      ignoreFocusOut: true,
    }));
    if (provider && key) {
      await this.context.secrets.store(SECRET + provider, key.trim());
      await this.remember([...this.names, provider]);
      await this.give(provider, key.trim());
    }
  }

  /** Asks which key to forget. */
  async delete(): Promise<void> {
    const provider = await vscode.window.showQuickPick(this.names, { title: "Delete a Provider's Key" });
    if (provider) {
      await this.context.secrets.delete(SECRET + provider);
      await this.remember(this.names.filter((name) => name !== provider));
      await this.give(provider, undefined);
    }
  }

  private get names(): string[] {
    return this.context.globalState.get<string[]>(NAMES, []);
  }

  private async remember(names: readonly string[]): Promise<void> {
    await this.context.globalState.update(NAMES, [...new Set(names)].sort());
  }

  private async chooseProvider(): Promise<string | undefined> {
    const other = "Another provider or endpoint…";
    const chosen = await vscode.window.showQuickPick([...COMMON, other], { title: "Store a Provider's Key" });
    if (chosen !== other) {
      return chosen;
    }
    return vscode.window.showInputBox({
      title: "Store a Provider's Key",
      prompt: "The provider's name, or NAME of an endpoint whose key is at editor:NAME",
      validateInput: (text) => (/^[A-Za-z0-9_.-]+$/.test(text) ? undefined : "Letters, digits, '_', '.' and '-'"),
    });
  }

  private async give(provider: string, key: string | undefined): Promise<void> {
    if (!vscode.workspace.isTrusted || !this.connection.isReady) {
      return; // It is given when there is a connection, and trust.
    }
    try {
      await this.connection.request("pairwright/keys", key === undefined ? { provider } : { provider, key });
    } catch (error) {
      this.log.warn(`the key for ${provider} is not taken: ${reasonOf(error)}`);
      void vscode.window.showErrorMessage(`The key for ${provider} is not taken: ${reasonOf(error)}`);
    }
  }
}
