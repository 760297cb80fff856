// Formulas in, HTML with MathML out: [[TeX, displayed], …] as JSON on stdin, ["<span …>", …] on stdout.
// One that KaTeX cannot set, or warns of, comes back as { error }.

import { text } from "node:stream/consumers";
import katex from "katex";

const options = (displayMode) => ({
  displayMode, output: "htmlAndMathml", throwOnError: true, trust: false,
  strict: "error",    // Hangul outside \text, and whatever LaTeX would not take
});

const set = ([tex, displayed]) => {
  try {
    return katex.renderToString(tex.replaceAll(",)", "{,})"), options(displayed)); // (E,): no space after the comma
  } catch (error) {
    return { error: error.message };
  }
};
process.stdout.write(JSON.stringify(JSON.parse(await text(process.stdin)).map(set)));
