// Bundles every widget into ../static (or the folder given): one ES module and one style sheet a widget.
// anywidget imports a module from a Blob, so a bundle may import nothing.
import { build } from "esbuild";
import { join } from "node:path";
import { here, widgets } from "./folders.js";

await build({
  absWorkingDir: here,
  entryPoints: widgets.flatMap((name) => [
    { in: `${name}/widget.js`, out: name },
    { in: `${name}/widget.css`, out: name },
  ]),
  outdir: process.argv[2] ?? join(here, "..", "static"),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
});
