// How does another client of the daemon behave? It speaks through `pairwright lsp`, as an assistant does.

import { spawn } from "node:child_process";

export class Assistant {
  #process;
  #received = Buffer.alloc(0);
  #waiting = new Map();
  #count = 0;

  constructor(command, folder, env) {
    this.#process = spawn(command, ["lsp", "--workspace", folder], { env, stdio: ["pipe", "pipe", "ignore"] });
    this.#process.stdout.on("data", (bytes) => this.#receive(bytes));
  }

  async introduce(name, folder) {
    const rootUri = `file://${folder}`;
    await this.ask("initialize", { processId: null, rootUri, capabilities: {}, clientInfo: { name } });
    this.#send({ method: "initialized", params: {} });
  }

  /** Returns the result of a request; throws the error's message. */
  ask(method, params) {
    this.#count += 1;
    const id = this.#count;
    this.#send({ id, method, params });
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  leave() {
    this.#process.kill();
  }

  #send(message) {
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
    this.#process.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.#process.stdin.write(body);
  }

  #receive(bytes) {
    this.#received = Buffer.concat([this.#received, bytes]);
    for (;;) {
      const head = this.#received.indexOf("\r\n\r\n");
      const length = Number(/content-length: (\d+)/i.exec(this.#received.subarray(0, head))?.[1]);
      const end = head + 4 + length;
      if (head < 0 || this.#received.length < end) {
        return;
      }
      this.#take(JSON.parse(this.#received.subarray(head + 4, end)));
      this.#received = this.#received.subarray(end);
    }
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
