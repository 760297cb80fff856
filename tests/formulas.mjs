// [[TeX, displayed], …] as JSON on stdin; on stdout, for each, what MathJax (as in Jupyter and Colab) has against it, or null.

import { text } from "node:stream/consumers";
import mathjax from "mathjax";

const MathJax = await mathjax.init({
  loader: { load: ["input/tex"] }, startup: { typeset: false },
  tex: { packages: { "[-]": ["noundefined"] } },    // which would show an unknown command in red
});
const formulas = JSON.parse(await text(process.stdin));
const found = formulas.map(([tex, display]) =>
  /<merror[^>]*data-mjx-error="([^"]*)"/.exec(MathJax.tex2mml(tex, { display }))?.[1] ?? null);
process.stdout.write(JSON.stringify(found));
