// Which models plan and write? What is found is used, unless a person chooses here.

import * as vscode from "vscode";
import { type Connection, reasonOf } from "./client";
import type { EditorModels } from "./lending/editor-models";
import type { ModelsResult } from "./protocol";
import { run } from "./programs";

/** The embedded pair; the daemon's own choice where there is nothing else. */
const EMBEDDED = { strong: "embedded/qwen2.5-coder-1.5b", weak: "embedded/qwen2.5-coder-0.5b" } as const;
const UNPRICED =
  "Its price is unknown, so no cap can hold: it is used only after a yes to that, or when your " +
  "settings.toml says what it costs ([models.prices]).";

type Roles = readonly ("strong" | "weak")[];

interface Choice extends vscode.QuickPickItem {
  readonly choose?: () => Promise<void>;
}

/** Asks a person for the pair, and does what the choice needs: settings, a key, a download. */
export class ModelChooser {
  constructor(
    private readonly connection: Connection,
    private readonly editorModels: EditorModels,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  async choose(): Promise<void> {
    const title = "Which Models Plan and Write?";
    const chosen = await vscode.window.showQuickPick(this.choices(), { title, matchOnDescription: true });
    await chosen?.choose?.();
  }

  private async choices(): Promise<Choice[]> {
    const [found, lent] = await Promise.all([this.found(), this.editorModels.names()]);
    return [
      ...(found ? [found] : []),
      ...lent.map((name) => this.lentChoice(name)),
      await this.embeddedChoice(),
      {
        label: "$(key) Store a provider's key…",
        detail: "In VS Code's secret store; the provider's usual pair is then found.",
        choose: async () => void (await vscode.commands.executeCommand("pairwright.setKey")),
      },
      {
        label: "$(settings-gear) Name them in the settings…",
        detail: "Any PROVIDER/MODEL, or NAME/MODEL of an endpoint of your settings.toml.",
        choose: async () =>
          void (await vscode.commands.executeCommand("workbench.action.openSettings", "pairwright.models")),
      },
    ];
  }

  /** What the daemon uses when nobody chooses: by the settings, a key, a server on this machine. */
  private async found(): Promise<Choice | undefined> {
    const models = await this.ask({}).catch(() => undefined);
    return models && {
      label: `$(check) ${models.strong.name} and ${models.weak.name}`,
      description: "what is found",
      detail: `${models.reason}${downloadOf(models)}`,
      choose: () => this.use(["strong", "weak"], undefined),
    };
  }

  private lentChoice(name: string): Choice {
    return {
      label: `$(comment-discussion) ${name}`,
      description: "asked by VS Code",
      choose: async () => {
        const roles = await askRoles(name);
        if (roles) {
          await this.use(roles, name);
          void vscode.window.showInformationMessage(`${name} is asked by VS Code. ${UNPRICED}`);
        }
      },
    };
  }

  private async embeddedChoice(): Promise<Choice> {
    const models = await this.ask(EMBEDDED).catch(() => undefined);
    return {
      label: "$(device-desktop) Embedded models",
      description: "on this machine, at no cost",
      detail: `${EMBEDDED.strong} and ${EMBEDDED.weak}${models ? downloadOf(models) : ""}`,
      choose: async () => {
        if (await this.download(models)) {
          await this.use(["strong"], EMBEDDED.strong);
          await this.use(["weak"], EMBEDDED.weak);
        }
      },
    };
  }

  private ask(pair: { readonly strong?: string; readonly weak?: string }): Promise<ModelsResult> {
    return this.connection.request("pairwright/models", pair);
  }

  private async use(roles: Roles, name: string | undefined): Promise<void> {
    const settings = vscode.workspace.getConfiguration("pairwright.models");
    for (const role of roles) {
      await settings.update(role, name, vscode.ConfigurationTarget.Global);
    }
  }

  /** Fetches what is missing of the embedded pair, with progress; false: it was not to be had. */
  private async download(models: ModelsResult | undefined): Promise<boolean> {
    const missing = [models?.strong, models?.weak].flatMap((each) => (each?.downloadBytes ? [each.name] : []));
    const server = this.connection.server;
    if (missing.length === 0 || !server) {
      return true;
    }
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: "Downloading models",
      cancellable: true,
    };
    return vscode.window.withProgress(options, async (progress, token) => {
      try {
        for (const name of missing) {
          const args = [...server.args, "models", "pull", name];
          const tell = (message: string): void => progress.report({ message });
          await run(server.command, args, this.log, token, tell);
        }
        return true;
      } catch (error) {
        if (!token.isCancellationRequested) {
          void vscode.window.showErrorMessage(`The models were not downloaded: ${reasonOf(error)}`);
        }
        return false;
      }
    });
  }
}

async function askRoles(name: string): Promise<Roles | undefined> {
  const items: readonly (vscode.QuickPickItem & { readonly roles: Roles })[] = [
    { label: "It plans and writes", description: "strong and weak", roles: ["strong", "weak"] },
    { label: "It plans", description: "strong", roles: ["strong"] },
    { label: "It writes", description: "weak", roles: ["weak"] },
  ];
  return (await vscode.window.showQuickPick(items, { title: name }))?.roles;
}

function downloadOf(models: ModelsResult): string {
  const names = new Map([models.strong, models.weak].map((each) => [each.name, each.downloadBytes]));
  const bytes = [...names.values()].reduce((total, each) => total + each, 0);
  return bytes > 0 ? `, ${Math.ceil(bytes / 1e6).toLocaleString("en")} MB to download` : "";
}
