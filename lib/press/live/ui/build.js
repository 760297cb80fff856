// Bundles the page's scripts: node build.js OUT. `live.js` is what every page loads, all else comes when it is needed.
import { build } from "esbuild";
import { copyFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const widgets = join(here, "../../../seqbook/widgets/js");
const out = process.argv[2];
const common = { bundle: true, minify: true, format: "esm", target: "es2022", charset: "utf8", logLevel: "warning",
  legalComments: "none" };

await build({
  ...common,
  entryPoints: [join(here, "live.js")],
  outdir: out,
  splitting: true,
  chunkNames: "live-[name]-[hash]",
  external: ["./live-words.js", "./widget-model.js"], // files of their own beside the bundle
});

copyFileSync(join(here, "../../../../node_modules/@codemirror/view/LICENSE"), join(out, "live-editor-LICENSE.txt"));

const computed = readdirSync(widgets, { recursive: true }).filter((name) => /^\w+[/\\]numbers\.js$/.test(name));
await build({
  ...common,
  entryPoints: computed.map((name) => ({ in: join(widgets, name), out: dirname(name) })),
  outdir: join(out, "numbers"),
});
