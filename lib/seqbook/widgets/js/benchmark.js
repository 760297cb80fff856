// node lib/seqbook/widgets/js/benchmark.js: what one move of the reader computes, at each widget's largest setting: the
// CASES, name → work, of every folder that has a benchmark.js.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { here, widgets } from "./folders.js";

function milliseconds(work, repeats = 200) {
  for (let i = 0; i < 50; i += 1) work(); // the engine compiles what runs often
  const times = Array.from({ length: repeats }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  }).sort((a, b) => a - b);
  return { median: times[repeats >> 1], worst: times.at(-1) };
}

for (const folder of widgets.filter((name) => existsSync(join(here, name, "benchmark.js")))) {
  const { CASES } = await import(join(here, folder, "benchmark.js"));
  for (const [name, work] of Object.entries(CASES)) {
    const { median, worst } = milliseconds(work);
    console.log(`${`${folder}, ${name}`.padEnd(40)} median ${median.toFixed(2)} ms, worst ${worst.toFixed(2)} ms`);
  }
}
