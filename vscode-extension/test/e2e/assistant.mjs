// How does an assistant behave? It speaks MCP through `pairwright mcp`, and waits for what the person says.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const PROTOCOL = "2025-11-25";

export class Assistant {
  #process;
  #waiting = new Map();
  #count = 0;

  constructor(command, folder, env) {
    this.#process = spawn(command, ["mcp", "--workspace", folder], { env, stdio: ["pipe", "pipe", "ignore"] });
    createInterface(this.#process.stdout).on("line", (line) => this.#take(JSON.parse(line)));
  }

  async introduce(name) {
    const clientInfo = { name, version: "1" };
    await this.#ask("initialize", { protocolVersion: PROTOCOL, capabilities: {}, clientInfo });
    this.#send({ method: "notifications/initialized" });
  }

  /** Returns what a tool answers, as data; throws what it says when it fails. */
  async call(name, given) {
    const { content, isError, structuredContent } = await this.#ask("tools/call", { name, arguments: given });
    if (isError) {
      throw new Error(content.map(({ text }) => text).join("\n"));
    }
    return structuredContent;
  }

  leave() {
    this.#process.kill();
  }

  #ask(method, params) {
    this.#count += 1;
    const id = this.#count;
    this.#send({ id, method, params });
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  #send(message) {
    this.#process.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  }

  #take({ id, method, result, error }) {
    const waiting = method === undefined ? this.#waiting.get(id) : undefined;
    this.#waiting.delete(waiting && id);
    if (error) {
      waiting?.reject(new Error(error.message));
    } else {
      waiting?.resolve(result);
    }
  }
}
