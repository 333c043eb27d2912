// Which Pairwright is started? The setting's, else the selected Python environment's, else the one
// on the PATH, else a private one that this extension installs.

import { access, constants } from "node:fs/promises";
import * as path from "node:path";
import * as vscode from "vscode";

/** How the server is started, without its subcommand. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Where it was found, for a person. */
  readonly source: string;
  /** Whether it is in the environment that this extension made. */
  readonly isPrivate?: boolean;
}

const IS_WINDOWS = process.platform === "win32";
const PROGRAM = IS_WINDOWS ? "pairwright.exe" : "pairwright";

/** Returns the server to start; undefined where there is none. */
export async function findServer(
  folder: vscode.WorkspaceFolder,
  storage: vscode.Uri,
): Promise<ServerCommand | undefined> {
  const configured = vscode.workspace
    .getConfiguration("pairwright")
    .get<readonly string[]>("server.command", []);
  const [command, ...args] = configured;
  if (command) {
    return { command, args, source: "the setting pairwright.server.command" };
  }
  const found = (await fromPython(folder)) ?? (await fromPath(folder)) ?? (await fromPrivate(storage));
  return found && { ...found, args: [] };
}

/** Returns where the private environment lies. */
export function privateEnvironment(storage: vscode.Uri): string {
  return path.join(storage.fsPath, "environment");
}

/** Returns a program of a virtual environment. */
export function programOf(environment: string, program: string): string {
  return path.join(environment, IS_WINDOWS ? "Scripts" : "bin", program);
}

type Found = Omit<ServerCommand, "args">;

/** What we use of the Python extension's interface. */
interface PythonApi {
  readonly environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    resolveEnvironment(
      environment: { readonly path: string },
    ): Promise<{ readonly executable?: { readonly uri?: vscode.Uri } } | undefined>;
  };
}

async function fromPython(folder: vscode.WorkspaceFolder): Promise<Found | undefined> {
  if (!vscode.workspace.isTrusted) {
    return undefined; // The environment may lie in the folder, and nothing of that may run.
  }
  const python = vscode.extensions.getExtension<PythonApi>("ms-python.python");
  try {
    const environments = (await python?.activate())?.environments;
    const selected = environments?.getActiveEnvironmentPath(folder.uri);
    const resolved = selected && (await environments?.resolveEnvironment(selected));
    const interpreter = resolved?.executable?.uri?.fsPath;
    const command = interpreter && path.join(path.dirname(interpreter), PROGRAM);
    return command && (await isProgram(command))
      ? { command, source: "the selected Python environment" }
      : undefined;
  } catch {
    return undefined; // Another extension's failure must not be ours.
  }
}

async function fromPath(folder: vscode.WorkspaceFolder): Promise<Found | undefined> {
  const directories = (process.env["PATH"] ?? "").split(path.delimiter).filter(path.isAbsolute);
  for (const directory of directories) {
    const command = path.join(directory, PROGRAM);
    const isInFolder = !path.relative(folder.uri.fsPath, command).startsWith("..");
    if ((vscode.workspace.isTrusted || !isInFolder) && (await isProgram(command))) {
      return { command, source: "the PATH" };
    }
  }
  return undefined;
}

async function fromPrivate(storage: vscode.Uri): Promise<Found | undefined> {
  const command = programOf(privateEnvironment(storage), PROGRAM);
  return (await isProgram(command)) ? { command, source: "the extension's own environment", isPrivate: true } : undefined;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
