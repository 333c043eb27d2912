// Which of VS Code's models does the daemon know of? All of them, while there is trust and a connection.

import * as vscode from "vscode";
import { type Connection, reasonOf } from "../client";
import type { AskParams, AskResult } from "../protocol";
import { Throttle } from "../throttle";
import { answer, lentModels, type LanguageModels } from "./answering";

const LENDINGS_PER_SECOND = 0.5;

type Models = LanguageModels<vscode.LanguageModelChatMessage, vscode.CancellationToken>;

/** Lends the models of VS Code's language-model API; they are asked only where the settings name them. */
export class EditorModels implements vscode.Disposable {
  private readonly throttle = new Throttle(LENDINGS_PER_SECOND, () => void this.lend());
  private readonly subscriptions: vscode.Disposable[] = [];
  /** What this connection was told last. */
  private lent = "";

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly connection: Connection,
    private readonly isTaskRunning: () => boolean,
    private readonly log: vscode.LogOutputChannel,
  ) {
    connection.asker = (params, send, token) => this.answer(params, send, token);
    if (canLend()) {
      this.subscriptions.push(vscode.lm.onDidChangeChatModels(() => this.throttle.ask()));
    }
  }

  /** Returns the names of what can be lent. */
  async names(): Promise<string[]> {
    return lentModels(await this.all()).map(({ name }) => name);
  }

  /** Tells the daemon what there is; to be done after each start. */
  async lend(isNewConnection = false): Promise<void> {
    if (isNewConnection) {
      this.lent = "";
    }
    const models = lentModels(await this.all());
    const told = models.map(({ name, contextTokens }) => `${name} (${contextTokens})`).join(", ");
    if (!this.connection.isReady || told === this.lent) {
      return;
    }
    try {
      this.lent = told;
      await this.connection.request("pairwright/lend", { models });
      this.log.info(`models of the editor: ${told || "none"}`);
    } catch (error) {
      this.lent = "";
      this.log.warn(`the editor's models are not lent: ${reasonOf(error)}`);
    }
  }

  dispose(): void {
    this.throttle.dispose();
    this.connection.asker = undefined;
    for (const each of this.subscriptions) {
      each.dispose();
    }
  }

  private async all(): Promise<readonly vscode.LanguageModelChat[]> {
    if (!canLend() || !vscode.workspace.isTrusted) {
      return [];
    }
    try {
      return await vscode.lm.selectChatModels();
    } catch (error) {
      this.log.warn(`the editor does not say which models it has: ${reasonOf(error)}`);
      return [];
    }
  }

  private answer(
    params: AskParams,
    send: (text: string) => Promise<void>,
    token: vscode.CancellationToken,
  ): Promise<AskResult> {
    const models: Models = {
      all: () => this.all(),
      message: (role, content) =>
        role === "user"
          ? vscode.LanguageModelChatMessage.User(content)
          : vscode.LanguageModelChatMessage.Assistant(content),
      mayAsk: (model) =>
        this.context.languageModelAccessInformation.canSendRequest(model as vscode.LanguageModelChat),
    };
    const log = (reason: string): void => this.log.warn(reason);
    return answer(models, params, { isOurs: this.isTaskRunning(), send, log }, token);
  }
}

/** Tells whether this VS Code has an API of models at all. */
function canLend(): boolean {
  return typeof vscode.lm?.selectChatModels === "function";
}
