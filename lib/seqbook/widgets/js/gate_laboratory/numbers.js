// All numbers along the text, as `GateLaboratory.numbers` gives them: i, f, g, o, c, h and outputs, a row for a step.
import { createNetwork } from "./network.js";
import { createRun } from "./run.js";

export function numbers(get) {
  const network = createNetwork(get("specimen"), get("limits").text.most);
  const { steps } = network.read(get("text"));
  const run = createRun(network);
  run.read(steps, get("clamps"));
  run.advance(steps.length);
  const rows = (name) => run.steps.map((step) => [...step[name]]);
  const found = Object.fromEntries(["i", "f", "g", "o", "c", "h"].map((name) => [name, rows(name)]));
  return { ...found, outputs: run.steps.map((step) => [...network.outputs(step)]) };
}
