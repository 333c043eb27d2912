// How does the source become what VS Code loads? One bundle for the extension, one for the library that it
// loads later, one for its panel.
import { rm, readdir, copyFile, mkdir } from "node:fs/promises";
import { build, context } from "esbuild";

const isMinified = process.argv.includes("--minify");
const common = {
  bundle: true,
  minify: isMinified,
  sourcemap: isMinified ? false : "linked",
  target: "es2022",
  logLevel: "warning",
};
const extension = {
  ...common,
  entryPoints: ["src/extension.ts", "src/language-client.ts"],
  outdir: "dist",
  platform: "node",
  format: "cjs",
  external: ["vscode", "./language-client.js"],
  // Modules that are asked for later are `require`d, as VS Code's own ways of loading expect.
  supported: { "dynamic-import": false },
};
const panel = {
  ...common,
  entryPoints: ["src/cost/webview.ts"],
  outfile: "dist/cost.js",
  platform: "browser",
  format: "iife",
};

async function buildTests() {
  const names = (await readdir("test/unit")).filter((name) => name.endsWith(".test.ts"));
  await rm("dist/tests", { recursive: true, force: true });
  await build({
    ...common,
    entryPoints: names.map((name) => `test/unit/${name}`),
    outdir: "dist/tests",
    platform: "node",
    format: "cjs",
    external: ["node:*"],
  });
}

if (process.argv.includes("--tests")) {
  await buildTests();
} else {
  await rm("dist", { recursive: true, force: true });
  await mkdir("dist", { recursive: true });
  await copyFile("src/cost/panel.css", "dist/cost.css");
  if (process.argv.includes("--watch")) {
    await Promise.all([extension, panel].map(async (one) => (await context(one)).watch()));
  } else {
    await Promise.all([build(extension), build(panel)]);
  }
}
