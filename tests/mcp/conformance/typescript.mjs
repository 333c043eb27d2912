// What does a client of the TypeScript SDK see? All that it heard goes out as one line of JSON.
//
// node typescript.mjs PACKAGES GENERATION ERA '{"command": [...]}' | '{"url": ..., "token": ...}'

import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [packages, generation, era, place] = process.argv.slice(2);
const { command, url, token, plan } = JSON.parse(place);
const require = createRequire(join(packages, "any.js"));
const load = (name) => import(pathToFileURL(require.resolve(name)).href);

// The first generation of the SDK speaks 2025-11-25 alone; the second both, one a connection.
const isFirst = generation === "first";
const { Client } = await load(
  isFirst ? "@modelcontextprotocol/sdk/client/index.js" : "@modelcontextprotocol/client",
);
const { StdioClientTransport } = await load(
  isFirst ? "@modelcontextprotocol/sdk/client/stdio.js" : "@modelcontextprotocol/client/stdio",
);
const { StreamableHTTPClientTransport } = await load(
  isFirst ? "@modelcontextprotocol/sdk/client/streamableHttp.js" : "@modelcontextprotocol/client",
);

const client = new Client(
  { name: "typescript", version: "1" },
  era === "2026-07-28" ? { versionNegotiation: { mode: { pin: era } } } : {},
);
const transport = url
  ? new StreamableHTTPClientTransport(new URL(url), {
      requestInit: { headers: { Authorization: `Bearer ${token}` } },
    })
  : new StdioClientTransport({
      command: command[0],
      args: command.slice(1),
      env: process.env,
    });

async function call(name, args, options) {
  const request = { name, arguments: args };
  return isFirst
    ? client.callTool(request, undefined, options)
    : client.callTool(request, options);
}

async function refused(work) {
  const began = performance.now();
  try {
    await work();
  } catch (error) {
    return { message: String(error.message ?? error), ms: performance.now() - began };
  }
  return null;
}

await client.connect(transport);
const heard = { server: client.getServerVersion(), instructions: client.getInstructions() };
heard.tools = (await client.listTools()).tools.map((tool) => tool.name);
heard.found = await call("find_symbols", { query: "parse_amount" });
heard.mistake = await call("find_symbols", { query: "x", approve: true });
heard.resources = (await client.listResources()).resources.map((each) => each.uri);
heard.templates = (await client.listResourceTemplates()).resourceTemplates.map(
  (each) => each.uriTemplate,
);
heard.map = (await client.readResource({ uri: "pairwright://map" })).contents[0].text;
heard.nowhere = await refused(() => client.readResource({ uri: "pairwright://plan/none" }));
heard.prompts = (await client.listPrompts()).prompts.map((each) => each.name);
heard.prompt = await client.getPrompt({
  name: "plan-then-edit",
  arguments: { task: "Take the commas out." },
});

heard.progress = [];
heard.implemented = await call(
  "implement_plan",
  { plan },
  { onprogress: (told) => heard.progress.push(told) },
);
const changeId = heard.implemented.structuredContent?.change_id;
heard.diff = (
  await client.readResource({ uri: `pairwright://change/${changeId}.diff` })
).contents[0].text;

const giveUp = new AbortController();
setTimeout(() => giveUp.abort("enough"), 300);
heard.cancelled = await refused(() =>
  call("change_status", { change_id: changeId, wait_s: 50 }, { signal: giveUp.signal }),
);
heard.withdrawn = await call("change_status", { change_id: changeId, cancel: true });
await client.close();
process.stdout.write(`${JSON.stringify(heard)}\n`, () => process.exit(0));
