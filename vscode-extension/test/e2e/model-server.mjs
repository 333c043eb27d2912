// What do the models answer? What the test says, as an OpenAI-compatible server on loopback streams it.

import { createServer } from "node:http";

/** Of every answer; with the prices of the models in use it makes the sums that the tests expect. */
const USAGE = { prompt_tokens: 1000, completion_tokens: 200, total_tokens: 1200 };
const PIECE_LENGTH = 8;

export class ModelServer {
  #answers = [];
  #server = createServer((request, response) => void this.#serve(request, response));
  /** The bodies of all requests, as text. */
  requests = [];
  /** With what key each of them came. */
  authorizations = [];

  async listen() {
    await new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this.#server.address().port;
  }

  close() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** Each answer is for one request, in order. */
  say(...texts) {
    this.#answers.push(...texts.map((text) => ({ text, rest: "", released: Promise.resolve() })));
  }

  /** Answers with what stands before the mark, and then nothing; what is returned lets the rest follow. */
  sayAndHold(text, mark) {
    const at = text.indexOf(mark);
    const { promise: released, resolve: release } = deferred();
    this.#answers.push({ text: text.slice(0, at), rest: text.slice(at), released });
    return release;
  }

  async #serve(request, response) {
    const body = await bodyOf(request);
    if (request.url.endsWith("/models")) {
      response.setHeader("content-type", "application/json").end('{"object": "list", "data": []}');
      return;
    }
    this.requests.push(body);
    this.authorizations.push(request.headers.authorization);
    const answer = this.#answers.shift();
    if (!answer) {
      response.writeHead(400).end('{"error": {"message": "the test has no answer for this"}}');
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    stream(response, answer.text);
    await answer.released;
    if (!response.destroyed) {
      stream(response, answer.rest);
      send(response, { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
      send(response, { choices: [], usage: USAGE });
      response.end("data: [DONE]\n\n");
    }
  }
}

/** Returns search/replace blocks, as a weak model writes them, of `[path, old, new]`. */
export function blocks(...edits) {
  const written = edits.map(
    ([path, old, replacement]) =>
      `### FILE ${path}\n<<<<<<< SEARCH\n${old}=======\n${replacement}>>>>>>> REPLACE\n`,
  );
  return `${written.join("")}### END ${edits.length}\n`;
}

function stream(response, text) {
  for (let at = 0; at < text.length; at += PIECE_LENGTH) {
    const delta = { role: "assistant", content: text.slice(at, at + PIECE_LENGTH) };
    send(response, { choices: [{ index: 0, delta, finish_reason: null }] });
  }
}

function send(response, chunk) {
  const event = { id: "c1", object: "chat.completion.chunk", created: 1, model: "scripted", ...chunk };
  response.write(`data: ${JSON.stringify(event)}\n\n`);
}

async function bodyOf(request) {
  request.setEncoding("utf8");
  let body = "";
  for await (const piece of request) {
    body += piece;
  }
  return body;
}

/** `Promise.withResolvers`, which Node 20 lacks. */
function deferred() {
  let resolve;
  const promise = new Promise((settle) => (resolve = settle));
  return { promise, resolve };
}
